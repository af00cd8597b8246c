import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BREAKS } from './breaks.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

test.each(Object.entries(BREAKS))('the breaks of %s fit its code', (file, breaks) => {
  const code = readFileSync(path.join(ROOT, file), 'utf8');
  expect(breaks.filter(([find]) => code.split(find).length !== 2).map(([find]) => find)).toEqual([]);
});
