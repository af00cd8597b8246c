import { describe, expect, it } from 'vitest';
import { accountOf } from '../../../lib/report/account.ts';
import { BUSY_LIMIT, generatorLimits, LAG_LIMIT_MS, STALL_LIMIT_MS } from '../../../lib/report/generator.ts';
import type { Latency, TargetResult } from '../../../lib/report/summary.ts';
import { ECHO } from '../some-traits.ts';
import { type Happened, k6DataOf } from './k6-data-of.ts';

const lag = (p95: number, max: number): Latency => ({ count: 9, avg: 1, min: 0, med: 0, p90: 1, p95, p99: max, max });
const limits = (
  happened: Happened,
  lagMs: Latency | null = null,
  targets: TargetResult[] = [],
  busy: Latency | null = null,
) => generatorLimits(accountOf(k6DataOf(happened), happened.attempted ?? 0, ECHO, true), lagMs, busy, targets);
const memory = (pass: boolean | null, metric = 'generator_memory'): TargetResult => ({
  name: 'generator memory',
  metric,
  target: '< 500MB',
  actual: 600e6,
  pass,
});

describe('the generator', () => {
  it('was not the limit when the server refused, dropped or was slow', () => {
    const happened: Happened = { attempted: 9, established: 4, failed: { refused: 5 }, dropped: { reset: 4 } };
    expect(limits(happened, lag(LAG_LIMIT_MS, STALL_LIMIT_MS - 1), [memory(true), memory(null)])).toEqual([]);
  });

  it.each([
    ['ports_exhausted', 'It ran out of local ports: 7 connections never left this host.'],
    ['files_exhausted', 'It ran out of open files: 7 connections never left this host.'],
  ])('was the limit with %s', (reason, sentence) => {
    expect(limits({ attempted: 7, failed: { [reason]: 7 } })).toEqual([sentence]);
  });

  it('was the limit when it acted late all the time, or stalled once', () => {
    expect(limits({}, lag(LAG_LIMIT_MS + 1, LAG_LIMIT_MS + 1))).toEqual([
      'It acted 101ms late (95th percentile; limit 100ms): times and timeouts are partly its own.',
    ]);
    expect(limits({}, lag(1, STALL_LIMIT_MS))).toEqual([
      'It stalled for 1s: times and timeouts around then are its own.',
    ]);
  });

  it('was the limit when frames took nearly all the time of its VUs, though it never acted late', () => {
    expect(limits({}, lag(1, 2), [], lag(BUSY_LIMIT, 1))).toEqual([]);
    expect(limits({}, lag(1, 2), [], lag(0.914, 1))).toEqual([
      'Its VUs spent 91 % of their time in frames (95th percentile; limit 80 %): frames waited for them, unread.',
    ]);
  });

  it('was the limit when k6 cut off what was open long after its time', () => {
    const cut = (dropped: Record<string, number>, lateMs: number, failed: Record<string, number> = {}) =>
      generatorLimits(
        accountOf(k6DataOf({ attempted: 10, established: 9, closed: 2, dropped, failed }), 10, ECHO, true),
        null,
        null,
        [],
        lateMs,
      );
    expect(cut({ interrupted: 7 }, 31_200, { refused: 1 })).toEqual([
      'It was cut off 31s after its time, with 7 connections open: it stood still around the end (stopped, suspended, without CPU), or k6 waited for close frames that the server did not send, or had more frames than it could take.',
    ]);
    for (const reason of ['interrupted', 'handshake_timeout', 'connect_timeout']) {
      expect(cut({ interrupted: 7 }, 31_200, { [reason]: 1 })).toEqual([
        expect.stringContaining(
          'with 7 connections open: k6 waited for handshakes that the server did not answer (it gives up each after a minute), or it stood still around the end',
        ),
      ]);
    }
    // Ctrl-C, and a server that ends connections late.
    expect(cut({ interrupted: 7 }, 4_999, { refused: 1 })).toEqual([]);
    expect(cut({ server_close: 7 }, 31_200, { refused: 1 })).toEqual([]);
  });

  it('was the limit when it needed more memory than the target, of a tier too', () => {
    for (const metric of ['generator_memory', 'generator_memory{tier:1000}']) {
      expect(limits({}, null, [memory(false, metric)])).toEqual([
        'It needed more memory than the target allows: fewer connections, or the multiplexed scenario.',
      ]);
    }
    expect(limits({}, null, [memory(false, 'ws_connect_time')])).toEqual([]);
  });
});
