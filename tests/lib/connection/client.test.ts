import { beforeEach, describe, expect, it, vi } from 'vitest';
import { clientsOf } from '../../../lib/connection/client.ts';
import type { Clients, Connection, Vu } from '../../../lib/connection/connection.ts';
import type { ClientLedger } from '../../../lib/connection/ledger.ts';
import type { ClientPlan } from '../../../lib/plan/run.ts';

/** Start of the ramp; the planned end of all clients is 20 s later. */
const START = 1_800_000_000_000;
const CLOSE_MS = 20_000;

const PLAN: ClientPlan = {
  fromMs: 1_000,
  toMs: 4_000,
  jitter: 'none',
  maxAttempts: null,
  maxRecoveryMs: 5_000,
  herdStepSeconds: 1,
};

/** A VU of ten clients whose connections are played by hand. */
function aVu(plan: Partial<ClientPlan> = {}, urls = ['ws://a/']) {
  const added: Record<string, (number | boolean)[]> = {};
  const words: Record<string, boolean[]> = {};
  const note = (name: string) => (value: number | boolean) => {
    added[name] ??= [];
    added[name].push(value);
  };
  const ledger = new Proxy({} as ClientLedger, { get: (_, name) => note(String(name)) });
  const vu = {
    run: { batchSize: 10, batchDelayMs: 50, closeMs: CLOSE_MS, messageIntervalMs: 1_000 },
    startedAt: START,
    kinds: [{}],
    directory: { urls },
    ledger: {
      attempts: { attempts: note('all attempts'), pending: note('pending') },
      check: (_: null, checks: Record<string, () => boolean>) => {
        for (const [name, of] of Object.entries(checks)) {
          words[name] ??= [];
          words[name].push(of());
        }
      },
    },
  } as unknown as Vu;
  const clock = { now: START };
  const again: [index: number, afterMs: number][] = [];
  /** As the transport does, the clock calls settle() when it is due. */
  let settleAt = 0;
  const clients: Clients = clientsOf(
    vu,
    { plan: { ...PLAN, ...plan }, ledger },
    () => clock.now,
    {
      again: (index, at) => again.push([index, at - clock.now]),
      settle: (at) => {
        settleAt = at;
      },
    },
    0,
    10,
  );
  const connection = (index: number, more: Partial<Connection> = {}) => ({ index, n: 0, ...more }) as Connection;
  const sum = (name: string) => (added[name] ?? []).reduce((total: number, value) => total + Number(value), 0);
  return {
    added,
    words,
    again,
    clients,
    connection,
    sum,
    at(seconds: number) {
      const until = START + seconds * 1_000;
      while (settleAt > 0 && settleAt <= until) {
        clock.now = settleAt;
        settleAt = clients.settle(settleAt);
      }
      clock.now = until;
      return this;
    },
    settlesAt() {
      return settleAt === 0 ? 0 : settleAt - START;
    },
    up(index: number) {
      clients.established(connection(index));
      clients.ready(connection(index), clock.now);
    },
    drop(index: number, more: Partial<Connection> = {}) {
      clients.failed(connection(index, { nextSendAt: clock.now + 100, ...more }), 'reset', true);
    },
  };
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

describe('a client that is dropped', () => {
  it('comes back: its outage is recovered, and how long and how many attempts it took is known', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(3).drop(0);
    expect(vu.again).toEqual([[0, 1_000]]);
    expect(vu.added).toMatchObject({ outages: [1], outagesOpen: [1], ready: [1, -1] });
    expect(vu.at(4).clients.attempt(0)).toBe(true);
    vu.clients.failed(vu.connection(0), 'refused', false);
    expect(vu.again[1]).toEqual([0, 2_000]);
    vu.at(6).clients.attempt(0);
    vu.up(0);
    vu.at(7);
    expect(vu.added).toMatchObject({
      outagesOpen: [1, -1],
      recoveryTime: [3_000],
      recoveryAttempts: [2],
      attempts: [1, 1],
      // Due 100 ms after the drop, then each second.
      withheld: [3],
    });
    vu.at(20).clients.closed(vu.connection(0));
    expect(vu.added).toMatchObject({ up: [true], connected: [true], availability: [17 / 20] });
    expect(vu.sum('ready')).toBe(0);
  });

  it('waits from the first step again when it has been ready for that long, and not before', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(1).drop(0);
    vu.at(2).clients.attempt(0);
    vu.up(0);
    vu.at(2.5).drop(0);
    expect(vu.again[1]).toEqual([0, 2_000]);
    vu.at(4.5).clients.attempt(0);
    vu.up(0);
    vu.at(5.5).drop(0);
    expect(vu.again[2]).toEqual([0, 1_000]);
  });

  it('stays down when its next attempt would be after its planned end, under the reason of the last', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(10).drop(0);
    vu.at(19.5).clients.failed(vu.connection(0), 'refused', false);
    expect(vu.again).toHaveLength(1);
    expect(vu.words).toMatchObject({ 'ws down: refused': [false] });
    expect(vu.added).toMatchObject({ up: [false], overdue: [1], availability: [0.5], withheld: [10] });
    expect(vu.sum('outagesOpen')).toBe(1);
  });

  it('and is not back yet at the end is not overdue before WS_MAX_RECOVERY', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(19.5).drop(0);
    expect(vu.added['overdue']).toBeUndefined();
    expect(vu.added['up']).toEqual([false]);
  });

  it('is overdue from WS_MAX_RECOVERY on', () => {
    const vu = aVu({ fromMs: 6_000, toMs: 6_000 });
    vu.up(0);
    vu.at(15).drop(0);
    expect(vu.added['overdue']).toEqual([1]);
  });

  it('makes no attempt when its turn comes too late', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(18).drop(0);
    expect(vu.at(20).clients.attempt(0)).toBe(false);
    expect(vu.added['attempts']).toBeUndefined();
    expect(vu.words).toMatchObject({ 'ws down: reset': [false] });
  });

  it('gives up after so many attempts, which begin anew with each outage', () => {
    const vu = aVu({ maxAttempts: 2 });
    vu.up(0);
    vu.at(2).drop(0);
    vu.at(3).clients.attempt(0);
    vu.up(0);
    vu.at(5).drop(0);
    for (const seconds of [6, 8]) {
      vu.at(seconds).clients.attempt(0);
      vu.clients.failed(vu.connection(0), 'refused', false);
    }
    expect(vu.again).toHaveLength(3);
    expect(vu.added).toMatchObject({ givenUp: [1], up: [false] });
    expect(vu.words['ws down: refused']).toBeUndefined();
  });
});

/** Lets it in at that second and throws it out a millisecond later, as a proxy does that has no server behind it. */
function throwOut(vu: ReturnType<typeof aVu>, index: number, seconds: number) {
  vu.at(seconds).clients.attempt(index);
  vu.up(index);
  vu.at(seconds + 0.001).drop(index);
}

describe('a client that is let in and thrown out at once', () => {
  it('is in one outage from the first drop until it is ready for as long as the first wait', () => {
    const vu = aVu();
    for (const index of [0, 1]) vu.up(index);
    for (const index of [0, 1]) vu.at(2).drop(index);
    for (const seconds of [3, 5, 9]) for (const index of [0, 1]) throwOut(vu, index, seconds);
    expect(vu.added).toMatchObject({ outages: [1, 1], outagesOpen: [1, 1] });
    expect(vu.added['recoveryTime']).toBeUndefined();
    for (const index of [0, 1]) {
      vu.at(13).clients.attempt(index);
      vu.up(index);
    }
    vu.at(13.999);
    expect(vu.added['recoveryTime']).toBeUndefined();
    vu.at(14);
    expect(vu.added).toMatchObject({
      outages: [1, 1],
      outagesOpen: [1, 1, -1, -1],
      recoveryTime: [11_000, 11_000],
      recoveryAttempts: [4, 4],
    });
    // Of twenty seconds it was ready for two, three times for a millisecond, and from 13 on.
    for (const index of [0, 1]) vu.at(20).clients.closed(vu.connection(index));
    expect(vu.words).toEqual({
      [`ws outage: 0 ${START / 1_000 + 2} 11017`]: [true, true],
      ...Object.fromEntries([3, 5, 9, 13].map((second) => [`ws herd: ${START / 1_000 + second}`, [true, true]])),
    });
    expect(vu.added['availability']).toEqual([9.003 / 20, 9.003 / 20]);
    expect(vu.sum('withheld')).toBe(22);
    expect(vu.sum('ready')).toBe(0);
  });

  it('gives up after so many attempts, as one that is refused', () => {
    const vu = aVu({ maxAttempts: 2 });
    vu.up(0);
    vu.at(2).drop(0);
    throwOut(vu, 0, 3);
    expect(vu.added['givenUp']).toBeUndefined();
    throwOut(vu, 0, 5);
    expect(vu.added).toMatchObject({ givenUp: [1], up: [false], outages: [1], outagesOpen: [1] });
  });

  it('has all of its attempts in its first outage, too, however soon that comes', () => {
    const vu = aVu({ maxAttempts: 1 });
    vu.up(0);
    vu.at(0.5).drop(0);
    expect(vu.again).toHaveLength(1);
    expect(vu.added['givenUp']).toBeUndefined();
  });

  it('is overdue at its planned end if its outage has lasted for WS_MAX_RECOVERY', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(14).drop(0);
    throwOut(vu, 0, 15);
    throwOut(vu, 0, 19);
    expect(vu.added).toMatchObject({ overdue: [1], outages: [1], outagesOpen: [1], up: [false] });
  });

  it('has recovered when it is ready at its planned end, however short', () => {
    const vu = aVu();
    for (const index of [0, 1]) vu.up(index);
    for (const index of [0, 1]) vu.at(17).drop(index);
    for (const index of [0, 1]) {
      vu.at(19.5).clients.attempt(index);
      vu.up(index);
    }
    vu.at(20).clients.closed(vu.connection(0));
    // This one was dropped while replies were awaited: an outage of its own.
    vu.drop(1);
    expect(vu.added).toMatchObject({ recoveryTime: [2_500, 2_500], up: [true, false], outages: [1, 1, 1] });
    expect(vu.sum('outagesOpen')).toBe(1);
    expect(vu.added['overdue']).toBeUndefined();
  });

  it('is in a further outage when it had been ready for as long as the first wait', () => {
    const vu = aVu();
    vu.up(0);
    vu.at(2).drop(0);
    vu.at(3).clients.attempt(0);
    vu.up(0);
    vu.at(4).drop(0);
    expect(vu.added).toMatchObject({ outages: [1, 1], outagesOpen: [1, -1, 1], recoveryTime: [1_000] });
  });

  it('is back after its own first wait, not after that of another', () => {
    const vu = aVu();
    for (const index of [0, 1]) vu.up(index);
    for (const index of [0, 1]) vu.at(2).drop(index);
    for (const index of [0, 1]) {
      vu.at(3 + index / 2).clients.attempt(index);
      vu.up(index);
    }
    expect(vu.at(4).added['recoveryTime']).toEqual([1_000]);
    expect(vu.settlesAt()).toBe(4_500);
    expect(vu.at(4.5).added['recoveryTime']).toEqual([1_000, 1_500]);
    expect(vu.settlesAt()).toBe(0);
  });

  it('keeps no timer when nobody waits for it any more', () => {
    const vu = aVu();
    vu.up(0);
    expect(vu.settlesAt()).toBe(0);
    vu.at(2).drop(0);
    vu.at(3).clients.attempt(0);
    vu.up(0);
    expect(vu.settlesAt()).toBe(4_000);
    vu.at(3.5).drop(0);
    expect(vu.settlesAt()).toBe(0);
  });
});

describe('a client that never was ready', () => {
  it('has no outage, and is not connected', () => {
    const vu = aVu();
    vu.clients.failed(vu.connection(0), 'refused', false);
    expect(vu.again).toEqual([[0, 1_000]]);
    vu.at(19.9).clients.failed(vu.connection(0), 'timeout', true);
    expect(vu.added).toMatchObject({ up: [false], connected: [false], availability: [0] });
    expect(vu.added['outages']).toBeUndefined();
    expect(vu.added['withheld']).toBeUndefined();
  });
});

it('the state and the number of the last request outlive the connection, also a login that failed', () => {
  const vu = aVu();
  expect(vu.clients.previous(0)).toBeUndefined();
  vu.up(0);
  vu.at(1).drop(0, { state: 'token 1', n: 7 });
  expect([vu.clients.previous(0), vu.clients.madeBefore(0)]).toEqual(['token 1', 7]);
  // begin() threw: there is no newer one.
  vu.at(2).clients.attempt(0);
  vu.clients.failed(vu.connection(0, { n: 7 }), 'script_error', false);
  expect(vu.clients.previous(0)).toBe('token 1');
});

it('attempts are counted by the second in which they began, as what came of them', () => {
  const vu = aVu();
  for (const index of [0, 1]) vu.up(index);
  for (const index of [0, 1]) vu.at(1).drop(index);
  for (const index of [0, 1]) vu.at(2).clients.attempt(index);
  vu.at(3).up(0);
  vu.clients.failed(vu.connection(1), 'refused', false);
  expect(vu.words).toMatchObject({ [`ws herd: ${START / 1_000 + 2}`]: [true, false] });
});

it('the herd counts attempts, not what becomes of a connection afterwards', () => {
  const vu = aVu();
  vu.up(0);
  vu.at(1).drop(0);
  vu.at(2).clients.attempt(0);
  vu.at(3).up(0);
  vu.at(4).drop(0);
  expect(vu.words).toMatchObject({ [`ws herd: ${START / 1_000 + 2}`]: [true] });
});

it('clients that are dropped together are told as one outage, by server where there are several', () => {
  const one = aVu();
  for (const index of [0, 1, 2]) one.up(index);
  for (const index of [0, 1, 2]) one.at(2).drop(index);
  for (const index of [0, 1]) one.at(3).up(index);
  expect(one.words).not.toHaveProperty(`ws outage: 0 ${START / 1_000 + 2} 1003`);
  one.at(19.9).clients.failed(one.connection(2), 'refused', false);
  const second = START / 1_000 + 2;
  expect(one.words).toMatchObject({
    [`ws outage: 0 ${second} 1003`]: [true, true],
    [`ws outage: 0 ${second} open`]: [false],
  });
  const two = aVu({}, ['ws://a/', 'ws://b/']);
  for (const index of [1, 3]) two.up(index);
  for (const index of [1, 3]) two.at(2).drop(index);
  for (const index of [1, 3]) two.at(3).up(index);
  two.at(4);
  expect(two.words).toMatchObject({ [`ws outage: 2 ${second} 1003`]: [true, true] });
});

it('a single drop is told as one', () => {
  const vu = aVu();
  vu.up(0);
  vu.at(2).drop(0);
  vu.at(3).up(0);
  vu.at(4);
  expect(vu.words).toMatchObject({ 'ws outage: 0 single 1003': [true] });
});
