import { describe, expect, it } from 'vitest';
import type { Connection, Kind, Vu } from '../../../lib/connection/connection.ts';
import { judgedStep, stairsOf } from '../../../lib/connection/steps.ts';
import { CHAT, ECHO } from '../some-traits.ts';
import { START } from './a-connection.ts';
import { aLedger } from './a-ledger.ts';

const run = { connections: 5, steps: { size: 2, eachMs: 1_000, fromMs: 200, toMs: 700, endMs: 800 } };

/** A connection as it is at the end of a step. */
const connection = (index: number, phase: Connection['phase'], others: object = {}) =>
  ({ index, phase, socket: {}, rare: null, ...others }) as Connection;

function aVu(traits = ECHO, awaits = true) {
  const books = aLedger(traits, true);
  const kind = { name: 'say', awaits, tags: { request: 'say' } } as unknown as Kind;
  const vu = { run, ledger: books.ledger, startedAt: START, traits, kinds: [kind] } as unknown as Vu;
  const tags: Record<string, unknown> = {};
  const begun: Connection[] = [];
  const turn = stairsOf(vu, tags, [0, 1, 2, 3, 4], begun);
  return { books, vu, tags, begun, at: (ms: number) => turn(START + ms) - START };
}

describe('a VU in steps', () => {
  it('has the tag of its step on all samples, and on requests that of the step that they are sent in', () => {
    const { vu, tags, at } = aVu();
    const seen = () => [tags['step'], vu.kinds[0]?.tags];
    const request = 'say';
    expect(at(0)).toBe(200);
    expect(seen()).toEqual(['2', { request, step: 'none' }]);
    expect(at(200)).toBe(700);
    expect(seen()).toEqual(['2', { request, step: '2' }]);
    expect(at(700)).toBe(800);
    expect(seen()).toEqual(['2', { request, step: 'none' }]);
    expect(at(800)).toBe(1_000);
    expect(seen()).toEqual(['4', { request, step: 'none' }]);
    expect(at(1_200)).toBe(1_700);
    expect(seen()).toEqual(['4', { request, step: '4' }]);
    expect(at(2_200)).toBe(2_700);
    expect(seen()).toEqual(['5', { request, step: '5' }]);
    // No more of them.
    expect(at(2_800)).toBe(-START);
    expect(seen()).toEqual(['none', { request, step: 'none' }]);
  });

  it('writes down at the end of a step how all connections up to it are, those of the steps before, too', () => {
    const { books, begun, at } = aVu();
    begun.push(connection(0, 'ready'), connection(1, 'ready'));
    at(800);
    expect(books.rated('ws_step_connect_success', true, { step: '2' })).toBe(2);
    expect(books.rated('ws_step_held', true, { step: '2' })).toBe(2);
    begun[0] = connection(0, 'ended');
    begun.push(connection(2, 'ended', { socket: null }), connection(3, 'connecting', { socket: null }));
    at(1_800);
    expect(books.sum('ws_step_planned', { step: '4' })).toBe(4);
    expect(books.rated('ws_step_connect_success', true, { step: '4' })).toBe(2);
    expect(books.rated('ws_step_connect_success', false, { step: '4' })).toBe(2);
    expect(books.rated('ws_step_held', true, { step: '4' })).toBe(1);
    expect(books.rated('ws_step_held', false, { step: '4' })).toBe(1);
  });

  it('calls those not connected whose turn has not come, since this host was too late', () => {
    const { books, begun, at } = aVu();
    begun.push(connection(0, 'ready'));
    at(950);
    expect(books.rated('ws_step_connect_success', false, { step: '2' })).toBe(1);
    expect(books.samples.filter(({ metric }) => metric === 'generator_lag')).toEqual([
      { metric: 'generator_lag', value: 150, tags: { step: '2' } },
    ]);
  });

  it('that stood still for whole steps writes down each of them', () => {
    const { books, begun, at, tags } = aVu();
    begun.push(connection(0, 'ready'), connection(1, 'ready'));
    at(0);
    at(2_100);
    expect(books.values('ws_step_planned')).toEqual([2, 4]);
    expect(books.rated('ws_step_connect_success', false, { step: '4' })).toBe(2);
    expect(books.values('generator_lag')).toEqual([1_300, 300]);
    expect(tags['step']).toBe('5');
  });

  it('tells who has logged in', () => {
    const { books, begun, at } = aVu(CHAT);
    begun.push(connection(0, 'ready', { rare: { readyAt: 7 } }), connection(1, 'login', { rare: { readyAt: 0 } }));
    at(800);
    expect(books.rated('ws_step_ready_success', true)).toBe(1);
    expect(books.rated('ws_step_ready_success', false)).toBe(1);
    expect(books.rated('ws_step_held', true)).toBe(1);
    expect(books.rated('ws_step_held', false)).toBe(0);
  });

  it('has k6 see that nothing was sent', () => {
    const { books, at } = aVu(CHAT);
    at(800);
    expect(books.samples).toContainEqual({ metric: 'ws_messages_sent', value: 0, tags: { request: 'say', step: '2' } });
    const silent = aVu(CHAT, false);
    silent.at(800);
    expect(silent.books.samples).toContainEqual({ metric: 'ws_messages_sent', value: 0, tags: { step: '2' } });
    expect(books.samples).toContainEqual({ metric: 'ws_deliveries_expected', value: 0, tags: { step: '2' } });
  });
});

it.each([
  [199, undefined],
  [200, { step: '2' }],
  [699, { step: '2' }],
  [700, undefined],
  [1_200, { step: '4' }],
  [2_500, { step: '5' }],
  [3_500, undefined],
])('what is sent %i ms after the start is judged by %j', (elapsedMs, tag) => {
  expect(judgedStep(run, elapsedMs)).toEqual(tag);
});

it('the metrics of steps are made only for them', () => {
  expect(aLedger(ECHO).ledger.steps).toBeUndefined();
});
