/** All that is wrong with the settings, in one error: k6 prints its message and ends before any connection. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    super(`${count} with the settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}
