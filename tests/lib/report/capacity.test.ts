import { describe, expect, it } from 'vitest';
import { capacityAnswer } from '../../../lib/report/capacity.ts';
import { endOfCapacity } from '../../../lib/report/end-of-capacity.ts';
import { ALL_HELD, ENDED_AT_3000, FOUR, fourSteps, type Step, summaryOfFour } from './capacity-data.ts';
import type { Happened } from './k6-data-of.ts';

const held: Step[] = [{ planned: 1_000 }, { planned: 2_000 }];

/** The third of the steps is the last one. */
const upTo = (third: Omit<Step, 'planned'>) => [...held, { planned: 3_000, ...third }];

describe('the capacity', () => {
  it('is all that was tried, when all was held', () => {
    const { capacity, verdict } = summaryOfFour([...held, { planned: 3_000 }, { planned: 4_000 }], ALL_HELD);
    expect(capacity).toMatchObject({ holds: 4_000, failedAt: null, isAtLeast: true, reasons: [], causes: [] });
    expect(capacityAnswer(capacity)).toBe('holds at least 4,000, the most that was tried');
    expect(verdict).toBe('pass');
  });

  it('is that of the last step before the first one that missed a target', () => {
    const { capacity, verdict } = summaryOfFour(upTo({ rttMs: 2_300 }), ENDED_AT_3000);
    expect(capacity).toMatchObject({ holds: 2_000, failedAt: 3_000, isAtLeast: false });
    expect(capacity.reasons).toEqual(["the round trip's p95 was 2.3s, limit 500ms"]);
    expect(capacity.causes).toEqual([expect.stringMatching(/^Server, or the network on the way: replies took longer/)]);
    expect(capacityAnswer(capacity)).toBe("holds 2,000; at 3,000 the round trip's p95 was 2.3s, limit 500ms");
    expect(verdict).toBe('fail');
  });

  it('has the step decide that was missed first, although the next one was held', () => {
    const { capacity } = summaryOfFour([{ planned: 1_000, rttMs: 600 }, { planned: 2_000 }], ENDED_AT_3000);
    expect(capacity).toMatchObject({ holds: 0, failedAt: 1_000 });
    expect(capacityAnswer(capacity)).toBe(
      "holds fewer than 1,000; at 1,000 the round trip's p95 was 600ms, limit 500ms",
    );
  });

  it('names all that was missed, and who is to blame for it', () => {
    const { capacity } = summaryOfFour(upTo({ established: 2_500, open: 2_000 }), {
      ...ENDED_AT_3000,
      established: 2_500,
      failed: { refused: 500 },
      dropped: { server_close: 500 },
    });
    expect(capacity.reasons).toEqual([
      'connect success was 83.33 %, limit 95 %',
      'connections held were 80.00 %, limit 95 %',
    ]);
    expect(capacity.causes).toEqual([
      expect.stringMatching(/^Server: it refused the connection/),
      expect.stringMatching(/^Server: it closed these connections itself/),
    ]);
    expect(capacityAnswer(capacity)).toBe('holds 2,000; at 3,000 connect success was 83.33 %, limit 95 % (and 1 more)');
  });

  it('is "at least" where the generator was at its limit in the step that decides, and in no other', () => {
    const { capacity } = summaryOfFour(upTo({ rttMs: 2_300, lagMs: 3_000 }), ENDED_AT_3000);
    expect(capacity).toMatchObject({ holds: 2_000, failedAt: 3_000, isAtLeast: true });
    expect(capacity.causes[0]).toMatch(/^Generator, not the server: it acted 3s late/);
    expect(capacityAnswer(capacity)).toBe(
      "holds at least 2,000; at 3,000 the round trip's p95 was 2.3s, limit 500ms; but the generator was at its limit there",
    );
    const before = [{ planned: 1_000, lagMs: 3_000 }, ...upTo({ rttMs: 2_300 }).slice(1)];
    expect(summaryOfFour(before, ENDED_AT_3000).capacity.isAtLeast).toBe(false);
    const atFirst = summaryOfFour([{ planned: 1_000, rttMs: 900, lagMs: 3_000 }], ENDED_AT_3000).capacity;
    expect(capacityAnswer(atFirst)).toMatch(/^how many it holds is not known; at 1,000 the round trip/);
  });

  it('is no "at least" where the server closed or refused in so many words, unless the generator stood still', () => {
    const dropping = { ...ENDED_AT_3000, dropped: { server_close: 900 } };
    const dropped = (lagMs: number) => summaryOfFour(upTo({ open: 2_100, lagMs }), dropping).capacity;
    expect(dropped(300)).toMatchObject({ isAtLeast: false, causes: [expect.stringMatching(/^Server: it closed/)] });
    expect(dropped(300).steps[2]?.limits).toHaveLength(1);
    expect(dropped(1_500).isAtLeast).toBe(true);
    const failing = (reason: string) =>
      summaryOfFour(upTo({ established: 2_500, lagMs: 300 }), {
        ...ENDED_AT_3000,
        established: 2_500,
        failed: { [reason]: 500 },
      }).capacity.isAtLeast;
    expect(failing('http_5xx')).toBe(false);
    expect(failing('handshake_timeout')).toBe(true);
    expect(summaryOfFour(upTo({ rttMs: 900, lagMs: 300 }), ENDED_AT_3000).capacity.isAtLeast).toBe(true);
  });

  it('is "at least" where ports, open files or memory ran out', () => {
    const failed = { ports_exhausted: 500 };
    const { capacity } = summaryOfFour(upTo({ established: 2_500 }), { ...ENDED_AT_3000, established: 2_500, failed });
    expect(capacity.isAtLeast).toBe(true);
    expect(capacity.causes[0]).toBe(
      'Generator, not the server: it ran out of local ports: 500 connections never left this host.',
    );
    const memory = summaryOfFour(upTo({ rttMs: 900 }), { ...ENDED_AT_3000, memoryBytes: 3e9 }).capacity;
    expect(memory.causes[0]).toMatch(/^Generator, not the server: it needed more memory/);
  });

  it('of a run that was ended early is what was held until then', () => {
    const { capacity, verdict, targets } = summaryOfFour(held, ENDED_AT_3000);
    expect(capacityAnswer(capacity)).toBe('holds at least 2,000; the run ended before 3,000 was judged');
    expect(verdict).toBe('fail');
    expect(targets.find(({ name }) => name === 'never attempted')?.pass).toBe(false);
    expect(capacityAnswer(summaryOfFour([], {}).capacity)).toBe(
      'how many it holds is not known; the run ended before 1,000 was judged',
    );
  });

  it('calls the generator late that had no time to write down how a step ended', () => {
    const limitsOf = (happened: Happened, steps = held) => {
      const data = fourSteps(steps, happened);
      data.state.testRunDurationMs = 145_000;
      return endOf(data).capacity.steps.map(({ limits }) => limits);
    };
    const none: string[] = [];
    const unwritten = ['It had no time to write down how this step ended.'];
    expect(limitsOf(ALL_HELD)).toEqual([none, none, unwritten, unwritten]);
    // The run was cut off, but the next step had begun.
    const begun = { ...ENDED_AT_3000, unattempted: 900, attempted: 3_100, established: 3_100 };
    expect(limitsOf(begun)).toEqual([none, none, unwritten, none]);
    expect(limitsOf(begun, [...held, { planned: 2_900 }])).toEqual([none, none, unwritten, none]);
  });

  it('does not call it late that was cut off, or ended at its limit, when k6 waited for the server after that', () => {
    const limitsOf = (...steps: Step[]) => {
      const hanging = { ...ENDED_AT_3000, established: 2_500, failed: { handshake_timeout: 400 } };
      const data = fourSteps(steps, hanging);
      data.state.testRunDurationMs = 165_000;
      return endOf(data).capacity.steps.flatMap(({ limits }) => limits);
    };
    expect(limitsOf(...held)).toEqual([]);
    expect(limitsOf({ planned: 1_000 }, { planned: 2_000, established: 1_500 })).toEqual([]);
  });

  it('does not blame what its end cut off', () => {
    const { targets, balanced, connections } = summaryOfFour(upTo({ rttMs: 900 }), ENDED_AT_3000);
    expect(balanced).toBe(true);
    expect(connections).toMatchObject({ unattempted: 1_000, dropped: { interrupted: 3_000 } });
    expect(targets.filter(({ pass }) => pass === false).map(({ name }) => name)).toEqual(['round trip p95 at 3,000']);
  });

  it('names what nothing was measured of only where there is nothing else to name', () => {
    const data = fourSteps(upTo({ established: 2_000 }), {
      ...ENDED_AT_3000,
      established: 2_000,
      failed: { dns: 1_000 },
    });
    // All new ones were refused.
    delete data.metrics['ws_connect_time{step:3000}'];
    const { targets, capacity } = endOf(data);
    expect(targets.find(({ name }) => name === 'connect time at 3,000')).toMatchObject({ actual: null, pass: false });
    expect(capacity.reasons).toEqual(['connect success was 66.66 %, limit 95 %']);
  });

  it('is no pass without steps that were judged', () => {
    const { verdict, capacity } = summaryOfFour([], ALL_HELD);
    expect({ verdict, holds: capacity.holds }).toEqual({ verdict: 'fail', holds: 0 });
  });

  it('is no pass of a step of which a part was written down only', () => {
    const { capacity, verdict } = summaryOfFour([...held, { planned: 3_000 }, { planned: 3_900 }], ALL_HELD);
    expect(capacity.steps.map(({ pass }) => pass)).toEqual([true, true, true, null]);
    expect({ verdict, holds: capacity.holds }).toEqual({ verdict: 'fail', holds: 3_000 });
    const missed = summaryOfFour([{ planned: 900, rttMs: 900 }], ENDED_AT_3000).capacity;
    expect(missed).toMatchObject({ failedAt: 1_000, isAtLeast: false });
  });

  it('is no pass with script errors, or for want of samples', () => {
    const all = [...held, { planned: 3_000 }, { planned: 4_000 }];
    expect(summaryOfFour(all, { ...ALL_HELD, scriptErrors: 1 }).verdict).toBe('fail');
    const data = fourSteps(all, ALL_HELD);
    data.metrics['ws_messages_sent{step:4000}'] = { type: 'counter', contains: 'default', values: { count: 0 } };
    delete data.metrics['ws_message_success{step:4000}'];
    expect(endOf(data)).toMatchObject({ verdict: 'fail', capacity: { failedAt: 4_000 } });
    expect(endOf(data).capacity.reasons[0]).toBe('message success: nothing was measured, limit 95 %');
  });
});

function endOf(data: ReturnType<typeof fourSteps>) {
  const facts = { ...FOUR.facts, settings: { ...FOUR.facts.settings, resultsDir: 'results' } };
  const files = endOfCapacity(facts, FOUR.share, FOUR.targets, data);
  return JSON.parse(files['results/summary.json'] ?? '') as ReturnType<typeof summaryOfFour>;
}

// `npx vitest run --project unit -u` writes the golden file anew.
it('the report of a limit that was found is as in the golden file', async () => {
  const data = fourSteps(upTo({ rttMs: 2_300 }), ENDED_AT_3000);
  const report = endOfCapacity(FOUR.facts, FOUR.share, FOUR.targets, data)['stdout'] ?? '';
  for (const line of report.split('  k6 metrics')[0]?.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(80);
  await expect(report).toMatchFileSnapshot('../../golden/report-capacity.txt');
});
