import { CHINESE_MEANINGS } from './meanings.zh-CN.ts';
import { formatDuration } from './parsers.ts';
import { PROFILE_SIZES } from './settings.ts';
import { type Setting, settingsTable } from './table.ts';

interface Words {
  head: [string, string, string];
  none: string;
  byTier: string;
  byProfile: string;
  meaning: (setting: Setting) => string;
}

const ENGLISH: Words = {
  head: ['name', 'default', 'meaning'],
  none: 'none',
  byTier: 'by tier',
  byProfile: 'profile: ',
  meaning: ({ meaning }) => meaning,
};

const CHINESE: Words = {
  head: ['名称', '默认值', '含义'],
  none: '无',
  byTier: '按档位',
  byProfile: '预设：',
  meaning: ({ key }) => CHINESE_MEANINGS[key],
};

/** The table of settings in Markdown, for the folder docs/; a test keeps docs/settings.md equal to it. */
export function settingsMarkdown(): string {
  return table(ENGLISH).replaceAll('](docs/', '](');
}

/** The same with Chinese words, for README.zh-CN.md. */
export function chineseSettingsMarkdown(): string {
  return table(CHINESE);
}

function table(words: Words): string {
  const rows = settingsTable().map(
    (setting) => `| \`${setting.name}\` | ${defaultText(setting, words)} | ${words.meaning(setting)} |`,
  );
  return [`| ${words.head.join(' | ')} |`, '| --- | --- | --- |', ...rows].join('\n');
}

function defaultText(setting: Setting, words: Words): string {
  if (setting.decidedBy === 'tier') return words.byTier;
  if (setting.decidedBy === 'profile') {
    const value = PROFILE_SIZES.standard[setting.key as keyof typeof PROFILE_SIZES.standard];
    return `${words.byProfile}\`${setting.key.endsWith('Ms') ? formatDuration(value) : value}\``;
  }
  return setting.default === null || setting.default === '{}' ? words.none : `\`${setting.default}\``;
}
