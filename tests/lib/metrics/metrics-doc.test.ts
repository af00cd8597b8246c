import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRIC } from '../../../lib/metrics/names.ts';

const doc = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

test('docs/metrics.md tells each metric, and none that there is not', () => {
  const told = [...doc.matchAll(/^\| (.*?) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  expect(told.sort()).toEqual(Object.values(METRIC).sort());
});
