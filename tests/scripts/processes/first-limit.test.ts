import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { hasFoundLimit } from '../../../scripts/lib/processes/first-limit.mjs';
import { temporaryFolder } from '../fakes.ts';

it.each([
  ['the limit was found', '{"capacity":{"failedAt":2000}}', true],
  ['all was held, and another target was missed', '{"verdict":"fail","capacity":{"failedAt":null}}', false],
  ['it looked for none', '{"verdict":"fail"}', false],
  ['its report was cut off', '{"capacity":{"failedAt":2', false],
])('%s', async (_, text, found) => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'summary.json'), text);
  expect(await hasFoundLimit(folder)).toBe(found);
});

it('it left no report', async () => {
  expect(await hasFoundLimit(temporaryFolder())).toBe(false);
});
