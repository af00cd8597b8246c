import { formatDuration } from './parsers.ts';
import { PROFILE_SIZES } from './settings.ts';
import { type Setting, settingsTable } from './table.ts';

/** The README's table of settings, in Markdown; a test keeps the README equal to it. */
export function settingsMarkdown(): string {
  const rows = settingsTable().map(
    (setting) => `| \`${setting.name}\` | ${defaultText(setting)} | ${setting.meaning} |`,
  );
  return ['| name | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultText(setting: Setting): string {
  if (setting.decidedBy === 'tier') return 'by tier';
  if (setting.decidedBy === 'profile') {
    const value = PROFILE_SIZES.standard[setting.key as keyof typeof PROFILE_SIZES.standard];
    return `profile: \`${setting.key.endsWith('Ms') ? formatDuration(value) : value}\``;
  }
  return setting.default === null || setting.default === '{}' ? 'none' : `\`${setting.default}\``;
}
