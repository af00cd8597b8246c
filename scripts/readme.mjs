// Writes the generated parts of the pages: the settings tables from lib/settings/ (docs/settings.md, README.zh-CN.md) and
// the figures of bench/ (docs/limits.md). `node scripts/readme.mjs` after a change there; tests fail when a page has drifted.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTypeScript } from './lib/import-typescript.mjs';
import { ROOT } from './lib/project.mjs';

const { chineseSettingsMarkdown, settingsMarkdown } = await importTypeScript('lib/settings/readme.ts');
const bench = path.join(ROOT, 'bench/results.md');
const parts = {
  settings: settingsMarkdown(),
  'settings-zh': chineseSettingsMarkdown(),
  ...(existsSync(bench) ? { bench: await readFile(bench, 'utf8') } : {}),
};

for (const page of ['README.zh-CN.md', 'docs/settings.md', 'docs/limits.md']) {
  const file = path.join(ROOT, page);
  let text = await readFile(file, 'utf8');
  for (const [name, content] of Object.entries(parts)) {
    const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    text = text.replace(pattern, (_, open, close) => `${open}${content.trim()}\n${close}`);
  }
  await writeFile(file, text);
}
