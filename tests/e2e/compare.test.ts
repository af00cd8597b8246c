import { expect, test } from 'vitest';
import { compareRuns } from '../../lib/report/compare/compare.ts';
import type { Run } from '../../lib/report/compare/same-plan.ts';
import { runK6 } from './helpers.ts';
import { target } from './target.ts';

/** A run against a server that works so long on each reply: long beside what a busy machine adds to it. */
async function runOf(source: string, delayMs: number): Promise<Run> {
  const server = await target({ delayMs });
  const env = {
    WS_URL: server.url,
    WS_CONNECTIONS: '100',
    WS_BATCH_SIZE: '20',
    WS_HOLD: '4s',
    WS_MESSAGE_INTERVAL: '500ms',
  };
  const { exitCode, summary, stdout, stderr } = await runK6({ scenario: 'multiplexed', env });
  expect(exitCode, stdout + stderr).toBe(0);
  if (summary === null) throw new Error(`no summary.json:\n${stdout}${stderr}`);
  return { source, summary };
}

test('the same server twice is no difference; one that takes a fifth longer is worse, by its typical round trip', async () => {
  const before = await runOf('before', 300);
  const again = compareRuns([before], [await runOf('again', 300)], 0.1);
  expect(again.figures.filter(({ verdict }) => verdict === 'worse' || verdict === 'better')).toEqual([]);
  // Whether this machine kept up is not the question here.
  const notes = again.notes.filter((note) => !note.startsWith('The generator was a limit in '));
  expect(notes).toEqual([expect.stringMatching(/^Target: ws:\S+ before, ws:\S+ after\.$/)]);

  const slowed = compareRuns([before], [await runOf('slowed', 360)], 0.1);
  expect(slowed.verdict).toBe('worse');
  expect(slowed.figures.find(({ name }) => name === 'round trip p50')?.verdict).toBe('worse');
});
