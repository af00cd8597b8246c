import { expect, it } from 'vitest';
import { durations, Expected } from '../../../lib/settings/parsers.ts';

const read = durations(10, 60_000);

it.each([
  ['1s..30s', { fromMs: 1_000, toMs: 30_000 }],
  ['500ms .. 1m', { fromMs: 500, toMs: 60_000 }],
  ['2s', { fromMs: 2_000, toMs: 2_000 }],
])('%s', (text, both) => {
  expect(read(text)).toEqual(both);
});

it.each(['30s..1s', '1s..', '..30s', '1s..2s..3s', '1s-30s', '1ms..30s', '1s..2m', ''])(
  'refuses %j in one sentence',
  (text) => {
    expect(() => read(text)).toThrow(
      new Expected('two durations from 10ms to 1m, the shorter one first, with .. between them'),
    );
  },
);
