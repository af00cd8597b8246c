/**
 * All that is wrong with the settings, in one text: k6 prints it and ends before any connection. Not an Error, since
 * k6 adds the lines of the script to one, and those tell nothing of the settings.
 */
export class SettingsError {
  readonly message: string;

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    this.message = `${count} with the settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`;
  }

  toString(): string {
    return this.message;
  }
}
