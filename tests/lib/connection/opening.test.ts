import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attempted, begin } from '../../../lib/connection/opening.ts';
import { echo } from '../../../lib/conversation/echo.ts';
import { FEW, LAG_STEP } from '../../../lib/plan/sampling.ts';
import { aConnecting, anEcho, LONG_AFTER, START, spoken } from './a-connection.ts';

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an attempt', () => {
  it('is in the books from its begin', () => {
    const { books } = aConnecting(echo());
    expect(books.sum('ws_connect_attempts')).toBe(1);
    expect(books.sum('ws_connects_unattempted')).toBe(-1);
    expect(books.sum('ws_connects_pending')).toBe(1);
  });

  it('can be written down with others, in one sample each', () => {
    const { books, vu } = aConnecting(echo());
    attempted(vu, 100);
    expect(books.values('ws_connect_attempts')).toEqual([1, 100]);
    expect(books.values('ws_connects_unattempted')).toEqual([-1, -100]);
    expect(books.values('ws_connects_pending')).toEqual([1, 100]);
  });

  it('tells how late it began, by the plan of its own batch', () => {
    const { books, vu, life } = aConnecting(echo(), { env: { WS_CONNECTIONS: '3' } });
    begin(vu, life, 2, START + 2 * 250 + 30);
    begin(vu, life, 2, START + 2 * 250 - 1);
    expect(books.values('generator_lag')).toEqual([0, 30, 0]);
  });

  it('tells it seldom of many, whether late or not, and of few each time', () => {
    const lags = (connections: number, lagStep = 1) => {
      const env = { WS_CONNECTIONS: String(connections), WS_BATCH_SIZE: '100' };
      const { books, vu, life } = aConnecting(echo(), { env, run: { lagStep } });
      for (let index = 1; index < 100; index++) begin(vu, life, index, START + (index === 9 ? 5_000 : 10));
      return books.values('generator_lag');
    };
    const seldom = Math.ceil(100 / LAG_STEP);
    expect(LAG_STEP).toBeGreaterThan(1);
    expect(lags(FEW + 1)).toEqual([0, ...Array(seldom - 1).fill(10)]);
    expect(lags(FEW, LAG_STEP)).toHaveLength(seldom);
    expect(lags(FEW)).toHaveLength(100);
    expect(lags(FEW)).toContain(5_000);
  });

  it('that succeeds is one success, with its time and the time since the start', () => {
    const subject = aConnecting(echo(), { env: { WS_CONNECTIONS: '3' }, index: 2 });
    subject.open(START + 500 + 40);
    const { books } = subject;
    expect(books.values('ws_connect_success')).toEqual([true]);
    expect(books.values('ws_connect_time')).toEqual([40]);
    expect(books.values('ws_establish_time')).toEqual([540]);
    expect(books.sum('ws_connects_pending')).toBe(0);
    expect(books.sum('ws_connections_open')).toBe(1);
    expect(books.sum('ws_connect_failures')).toBe(0);
  });

  it('that takes exactly its budget succeeds', () => {
    const subject = aConnecting(echo()).open(START + 1_000);
    expect(subject.wakeAt).toBeGreaterThan(0);
    expect(subject.books.values('ws_connect_success')).toEqual([true]);
  });

  it('that succeeds too late is a handshake_timeout, and its wire is closed', () => {
    const subject = aConnecting(echo()).open(START + 1_001);
    expect(subject.wakeAt).toBe(0);
    expect(subject.books.values('ws_connect_success')).toEqual([false]);
    expect(subject.books.sum('ws_connect_failures', { reason: 'handshake_timeout' })).toBe(1);
    expect(subject.books.sum('ws_connects_pending')).toBe(0);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.ended).toBe(true);
  });

  it('that hangs fails on time, once, without a call to a wire that is still connecting', () => {
    const subject = aConnecting(echo());
    expect(subject.wakeAt).toBe(START + 1_001);
    expect(subject.tick(START + 1_000)).toBe(START + 1_001);
    expect(subject.phase).toBe('connecting');
    subject.until(LONG_AFTER);
    expect(subject.phase).toBe('late');
    expect(subject.books.sum('ws_connect_failures', { reason: 'handshake_timeout' })).toBe(1);
    expect(subject.wire.closes).toEqual([]);
    // It succeeds at last: nothing more to count.
    subject.open(LONG_AFTER);
    expect(subject.books.values('ws_connect_success')).toEqual([false]);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.ended).toBe(true);
  });

  it('of which the sub-protocol is wrong stays failed when it opens', () => {
    const subject = aConnecting(echo());
    subject.life.parts().endings.failed(subject.connection, 'subprotocol', 'the server chose no sub-protocol');
    subject.open();
    expect(subject.books.sum('ws_connect_failures', { reason: 'subprotocol' })).toBe(1);
    expect(subject.books.rated('ws_connect_success', true)).toBe(0);
    expect(subject.wire.closes).toEqual([1000]);
  });
});

describe('an established connection', () => {
  it('without a login is ready at once', () => {
    expect(anEcho().phase).toBe('ready');
    expect(aConnecting(spoken()).open().phase).toBe('ready');
  });

  it('with a login is not', () => {
    const subject = aConnecting(spoken({ opened: (session) => session.send('hello') })).open();
    expect(subject.phase).toBe('login');
    expect(subject.texts).toEqual(['hello']);
  });

  it('without requests wants to be looked at when it closes', () => {
    expect(aConnecting({ received: () => undefined }).open().wakeAt).toBe(START + 1_500);
  });

  it('each thousandth writes a line of progress', () => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    const env = { WS_CONNECTIONS: '2000', WS_BATCH_SIZE: '1000' };
    for (const index of [998, 999]) aConnecting(echo(), { env, index }).open();
    expect(info.mock.calls.map(([line]) => line)).toEqual([
      expect.stringMatching(/^1,000 of 2,000 connections tried, [\d.]+s after the start$/),
    ]);
  });
});
