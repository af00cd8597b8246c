import { describe, expect, it } from 'vitest';
import { askedText, judge, valueText } from '../../../lib/report/judge.ts';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { type Target, thresholdOf } from '../../../lib/report/target.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { CHAT, ECHO } from '../some-traits.ts';
import { k6DataOf, trend } from './k6-data-of.ts';

const SHARE: Target = {
  name: 'connect success',
  metric: 'ws_connect_success',
  stat: 'rate',
  operator: '>',
  limit: 0.8,
  unit: 'share',
  samples: 'ws_connect_attempts',
};
const TIME: Target = {
  name: 'connect time',
  metric: 'ws_connect_time',
  stat: 'max',
  operator: '<',
  limit: 10_000,
  unit: 'ms',
  samples: 'ws_connect_success',
};
const MEMORY: Target = {
  name: 'generator memory',
  metric: 'generator_memory',
  stat: 'value',
  operator: '<',
  limit: 500e6,
  unit: 'bytes',
  samples: null,
};
const ZERO: Target = {
  name: 'connects pending',
  metric: 'ws_connects_pending',
  stat: 'count',
  operator: '==',
  limit: 0,
  unit: 'count',
  samples: 'ws_connect_attempts',
};

const passOf = (target: Target, metrics: Record<string, K6Metric>) => judge([target], k6DataOf({ metrics }))[0]?.pass;
const counted = (count: number): K6Metric => ({ type: 'counter', contains: 'default', values: { count } });
const rated = (passes: number, fails: number): K6Metric => ({
  type: 'rate',
  contains: 'default',
  values: { rate: passes / (passes + fails), passes, fails },
});

describe('a target', () => {
  it('is met or missed by what was measured, which the result tells', () => {
    const data = k6DataOf({ attempted: 100, established: 90, failed: { refused: 10 } });
    expect(judge([SHARE], data)).toEqual([
      { name: 'connect success', metric: 'ws_connect_success', target: '> 80 %', actual: 0.9, pass: true },
    ]);
    expect(judge([{ ...SHARE, limit: 0.9 }], data)[0]?.pass).toBe(false);
  });

  it.each<[Target['operator'], boolean[]]>([
    ['>', [false, false, true]],
    ['>=', [false, true, true]],
    ['<', [true, false, false]],
    ['==', [false, true, false]],
  ])('with %s is met as its operator says, below, at and above the limit', (operator, verdicts) => {
    const target: Target = { ...TIME, operator, limit: 10 };
    const found = [9, 10, 11].map((max) =>
      passOf(target, { ws_connect_time: trend({ count: 1, max }), ws_connect_success: rated(1, 0) }),
    );
    expect(found).toEqual(verdicts);
  });

  it('of a share of a part of the run tells its samples, which no books have', () => {
    const held = { ...SHARE, metric: 'ws_message_success{phase:hold}', samples: 'ws_messages_sent{phase:hold}' };
    const metrics = { [held.metric]: rated(3, 1), [held.samples]: counted(4) };
    expect(judge([held], k6DataOf({ metrics }))[0]).toMatchObject({ actual: 0.75, samples: { passes: 3, total: 4 } });
    const none = { [held.metric]: rated(0, 0) };
    expect(judge([held], k6DataOf({ metrics: none }))[0]?.samples).toEqual({ passes: 0, total: 0 });
    expect(judge([held], k6DataOf({}))[0]).not.toHaveProperty('samples');
    // Of deliveries k6 has a rate of those and of what was expected.
    const step = { ...held, deliveryShare: 0.99 };
    expect(judge([step], k6DataOf({ metrics }))[0]?.samples).toEqual({ passes: 3, total: 1 });
  });

  it('without samples is missed, although k6 writes 0 for a rate and passes it', () => {
    const empty = {
      ...rated(0, 0),
      values: { rate: 0, passes: 0, fails: 0 },
      thresholds: { 'rate>0.8': { ok: true } },
    };
    expect(
      judge([SHARE], k6DataOf({ metrics: { ws_connect_success: empty, ws_connect_attempts: counted(9) } })),
    ).toEqual([expect.objectContaining({ actual: null, pass: false })]);
  });

  it('is as k6 judged it, where k6 did: its exit code and the report never differ', () => {
    for (const ok of [true, false]) {
      const metric = { ...rated(90, 10), thresholds: { [thresholdOf(SHARE)]: { ok } } };
      expect(passOf(SHARE, { ws_connect_success: metric, ws_connect_attempts: counted(100) })).toBe(ok);
    }
  });

  it.each<[string, Target, Record<string, K6Metric>]>([
    ['a rate that nothing was added to', SHARE, { ws_connect_success: rated(1, 0) }],
    ['a rate that k6 does not show at all', SHARE, { ws_connect_attempts: counted(100) }],
    ['a time without samples', TIME, { ws_connect_time: trend({ count: 0, max: 0 }), ws_connect_success: rated(1, 0) }],
    [
      'a time of connections that all failed',
      TIME,
      { ws_connect_time: trend({ count: 1, max: 0 }), ws_connect_success: rated(0, 9) },
    ],
    ['a balance of no attempts', ZERO, { ws_connects_pending: counted(0) }],
  ])('fails with %s, even if k6 calls it met', (_, target, metrics) => {
    const metric = metrics[target.metric];
    if (metric) metric.thresholds = { [thresholdOf(target)]: { ok: true } };
    const [result] = judge([target], k6DataOf({ metrics }));
    expect(result).toMatchObject({ actual: null, pass: false });
  });

  it('of a normal run has no null in it: all of them fail when nothing was measured, only memory is not judged', () => {
    const results = judge(targetsFor(parseSettings({}), ECHO), k6DataOf({}));
    expect(results.filter(({ pass }) => pass === true)).toEqual([]);
    expect(results.filter(({ pass }) => pass === null).map(({ name }) => name)).toEqual(['generator memory']);
  });

  it('of memory is judged once it is measured', () => {
    const pass = (value: number) =>
      passOf(MEMORY, { generator_memory: { type: 'gauge', contains: 'default', values: { value } } });
    expect(pass(400e6)).toBe(true);
    expect(pass(600e6)).toBe(false);
    expect(pass(0)).toBeNull();
  });

  it('that asks for 0 is met by 0', () => {
    expect(passOf(ZERO, { ws_connects_pending: counted(0), ws_connect_attempts: counted(1) })).toBe(true);
    expect(passOf(ZERO, { ws_connects_pending: counted(-1), ws_connect_attempts: counted(1) })).toBe(false);
    expect(passOf(ZERO, { ws_connect_attempts: counted(1) })).toBe(true);
  });
});

describe('the target of deliveries', () => {
  // Asked: 99 %; k6 judges d / (d + e), a little less for the rounding of samples (thresholds/targets.ts).
  const DELIVERIES = targetsFor(parseSettings({}), CHAT).find(({ name }) => name === 'deliveries') as Target;
  const results = (delivered: number, expected: number, ok?: boolean) =>
    judge(
      [DELIVERIES],
      k6DataOf({
        deliveries: { expected, delivered },
        metrics: {
          ws_delivery_success: {
            ...rated(delivered, expected),
            ...(ok !== undefined && { thresholds: { [thresholdOf(DELIVERIES)]: { ok } } }),
          },
        },
      }),
    )[0];

  it('is of the share of what was expected, as people ask for it', () => {
    expect(results(995, 1_000)).toMatchObject({ target: '>= 99 %', pass: true });
    expect(results(995, 1_000)?.actual).toBeCloseTo(0.995, 10);
    expect(results(1_000, 1_000)?.actual).toBe(1);
    expect(results(980, 1_000)).toMatchObject({ pass: false });
    expect(results(1_200, 1_000)?.actual).toBe(1);
    expect(results(0, 1_000)).toMatchObject({ actual: 0, pass: false });
  });

  it('is as k6 judged it, where k6 did', () => {
    expect(results(989, 1_000, true)).toMatchObject({ pass: true });
    expect(results(995, 1_000, false)).toMatchObject({ pass: false });
  });

  it('fails where nothing was expected', () => {
    expect(judge([DELIVERIES], k6DataOf({ metrics: { ws_delivery_success: rated(9, 0) } }))).toEqual([
      expect.objectContaining({ actual: null, pass: false }),
    ]);
  });
});

it('a target reads as people write it', () => {
  expect([SHARE, TIME, MEMORY, ZERO].map(askedText)).toEqual(['> 80 %', '< 10s', '< 500MB', '0']);
  expect(askedText({ ...SHARE, limit: 0.999 })).toBe('> 99.9 %');
  // Merged results are judged by this text.
  expect(askedText({ ...SHARE, limit: 0.999999 })).toBe('> 99.9999 %');
});

it('a share is rounded down: 100 % is all of them', () => {
  expect(valueText(0.99999, 'share')).toBe('99.99 %');
  expect(valueText(1, 'share')).toBe('100.00 %');
  expect(valueText(0.29, 'share')).toBe('29.00 %');
  expect(valueText(1_234.4, 'ms')).toBe('1.23s');
  expect(valueText(1_843e6, 'bytes')).toBe('1.84GB');
  expect(valueText(7, 'count')).toBe('7');
});
