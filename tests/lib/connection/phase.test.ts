import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Vu } from '../../../lib/connection/connection.ts';
import { tagPhase } from '../../../lib/connection/phase.ts';
import { anEcho, anOpen, START, spoken } from './a-connection.ts';

const run = { rampMs: 500, closeMs: 3_750 } as Vu['run'];
const aVu = (): Parameters<typeof tagPhase>[0] => ({ run, startedAt: START });

it.each([
  { elapsed: 0, phase: 'ramp', next: 500 },
  { elapsed: 499, phase: 'ramp', next: 500 },
  { elapsed: 500, phase: 'hold', next: 3_750 },
  { elapsed: 3_749, phase: 'hold', next: 3_750 },
])('after $elapsed ms a sample is of the $phase, until $next ms', ({ elapsed, phase, next }) => {
  const tags: Record<string, unknown> = { scenario: 'tier_10' };
  expect(tagPhase(aVu(), tags, START + elapsed)).toBe(START + next);
  expect(tags).toEqual({ scenario: 'tier_10', phase });
});

it('the close is the last phase', () => {
  const tags: Record<string, unknown> = {};
  expect(tagPhase(aVu(), tags, START + 3_750)).toBe(0);
  expect(tags).toEqual({ phase: 'close' });
});

describe('what comes of a request', () => {
  // The first request is due at once, the next 400 ms later.
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => vi.restoreAllMocks());

  const hold = { phase: 'hold' };
  /** The phase changes 10 ms after the first request. */
  const crossed = (open: typeof anEcho | (() => ReturnType<typeof anOpen>)) => {
    const subject = open().until(START);
    const tags = { phase: 'hold' };
    tagPhase(Object.assign(subject.vu, { run: { ...subject.vu.run, rampMs: 0, closeMs: 10 } }), tags, START + 10);
    expect(tags).toEqual({ phase: 'close' });
    return subject;
  };

  it('is of the phase in which it was sent: the reply', () => {
    const subject = crossed(anEcho).until(START + 50);
    subject.receive(subject.texts[0] as string);
    expect(subject.books.rated('ws_message_success', true, hold)).toBe(1);
    expect(subject.books.samples.find(({ metric }) => metric === 'ws_message_rtt')?.tags).toEqual(hold);
  });

  it('or its timeout, the kind included', () => {
    const kinds = { a: { frames: () => 'a' }, b: { frames: () => 'b' } };
    const subject = crossed(() => anOpen(spoken({ requests: kinds }))).until(START + 399);
    expect(subject.books.rated('ws_message_success', false, hold)).toBe(0);
    subject.until(START + 401);
    expect(subject.books.rated('ws_message_success', false, { ...hold, request: 'a' })).toBe(1);
    expect(subject.books.sum('ws_message_failures', { ...hold, reason: 'timeout' })).toBe(1);
  });

  it('and of what is sent later the VU tells the phase', () => {
    const subject = crossed(() => anOpen(spoken())).until(START + 400);
    subject.receive('2');
    expect(subject.books.samples.filter(({ metric }) => metric === 'ws_message_success')).toMatchObject([
      { value: false, tags: hold },
      { value: true, tags: {} },
    ]);
  });

  it('its timeout included', () => {
    const { samples } = crossed(() => anOpen(spoken())).until(START + 800).books;
    const outcomes = samples.filter(({ metric }) => metric === 'ws_message_success');
    expect(outcomes.map(({ value, tags }) => [value, tags])).toEqual([
      [false, hold],
      [false, {}],
    ]);
  });
});
