import { describe, expect, it } from 'vitest';
import { progressText } from '../../../scripts/lib/processes/progress.mjs';
import { statusLine } from '../../../scripts/lib/processes/status-line.mjs';

function written(isTTY: boolean) {
  let text = '';
  const clock = { ms: 0 };
  const stream = {
    isTTY,
    columns: 20,
    write: (part: string) => {
      text += part;
    },
  };
  return { line: statusLine(stream, () => clock.ms), clock, text: () => text };
}

describe('statusLine()', () => {
  it('changes in a terminal, and stays below what is said', () => {
    const { line, text } = written(true);
    line.show('one');
    line.say('said');
    line.show('a line that is longer than the terminal');
    line.end();
    expect(text()).toBe('one\r\u001b[Ksaid\none\r\u001b[Ka line that is long\n');
  });

  it('is written every 10 s in a log', () => {
    const { line, clock, text } = written(false);
    for (clock.ms = 0; clock.ms <= 20_000; clock.ms += 1_000) line.show(`at ${clock.ms / 1_000}`);
    line.say('said');
    line.end();
    expect(text()).toBe('at 0\nat 10\nat 20\nsaid\n');
  });
});

it('progressText()', () => {
  expect(progressText({ processes: 4, open: 38_400, planned: 40_000, failed: 12, elapsedMs: 41_200 })).toBe(
    '4 processes: 38,400 of 40,000 open, 12 failed, 41 s',
  );
});
