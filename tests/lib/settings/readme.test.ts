import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsMarkdown } from '../../../lib/settings/readme.ts';
import { settingsTable } from '../../../lib/settings/table.ts';

it('docs/settings.md has the table that the settings are read by; `node scripts/readme.mjs` writes it', () => {
  const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n');
  const [, written] = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(page) ?? [];
  expect(written).toBe(settingsMarkdown());
});

it('the table has a row for each setting, with its default where there is one', () => {
  const rows = settingsMarkdown().split('\n').slice(2);
  expect(rows.map((row) => /^\| `(WS_\w+)` \|/.exec(row)?.[1])).toEqual(settingsTable().map(({ name }) => name));
  expect(rows).toContain(
    '| `WS_CONNECTIONS` | profile: `10000` | connections at the peak; in `capacity` the most that is tried |',
  );
  expect(rows.find((row) => row.includes('WS_BATCH_DELAY'))).toContain('| profile: `50ms` |');
  expect(rows.find((row) => row.includes('WS_MAX_MEMORY'))).toContain('| by tier |');
  expect(rows.find((row) => row.includes('WS_HEADERS'))).toContain('| none |');
});
