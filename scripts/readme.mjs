// Writes the generated parts of README.md and docs/limits.md: the settings table from lib/settings/table.ts and the
// figures of bench/. `node scripts/readme.mjs` after a change there; a test fails when the README has drifted.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTypeScript } from './lib/import-typescript.mjs';
import { ROOT } from './lib/project.mjs';

const { settingsMarkdown } = await importTypeScript('lib/settings/readme.ts');
const bench = path.join(ROOT, 'bench/results.md');
const parts = { settings: settingsMarkdown(), ...(existsSync(bench) ? { bench: await readFile(bench, 'utf8') } : {}) };

for (const page of ['README.md', 'docs/limits.md']) {
  const file = path.join(ROOT, page);
  let text = await readFile(file, 'utf8');
  for (const [name, content] of Object.entries(parts)) {
    const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    text = text.replace(pattern, (_, open, close) => `${open}${content.trim()}\n${close}`);
  }
  await writeFile(file, text);
}
