import { describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../../../lib/conversation/conversation.ts';
import { type Loaded, loadLean } from '../../../lib/conversation/load.ts';
import { envOf, type Run, runOf } from '../../../lib/plan/run.ts';
import { beginIteration } from '../../../lib/scenario/begin.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { aLedger } from '../connection/a-ledger.ts';

const { conversation, traits } = loadLean('echo') as Loaded;

/** Of the k6 scenario. */
const START = 1_000_000;

interface Given {
  run?: Partial<Run>;
  iterationInTest?: number;
  iterationInInstance?: number;
  executionSegment?: string;
  env?: Record<string, string>;
  name?: string;
  spentAt?: number;
  until?: number;
  users?: Record<string, string>[];
  more?: Partial<Conversation<unknown>>;
}

function begin({ run = {}, iterationInTest = 0, iterationInInstance = 0, ...given }: Given = {}) {
  const { executionSegment, env, name = 'connections', spentAt = 0, until = 0, users = null, more = {} } = given;
  const planned = { ...runOf(parseSettings({ WS_CONNECTIONS: '100' }), 10, traits), ...run };
  const books = aLedger(traits);
  const abort = vi.fn();
  const sleep = vi.fn();
  const scenario = { name, startTime: START, iterationInTest, iterationInInstance };
  const exec = { test: { abort, options: { executionSegment } }, scenario } as never;
  const made = {
    ledger: books.ledger,
    conversation: () => ({ ...conversation(), ...more }),
    traits,
    users,
    extendSession: null,
    jar: null,
    clients: null,
    later: null as never,
  };
  const begun = beginIteration(made, exec, sleep, spentAt, until, env ?? envOf(planned));
  return { begun, planned, abort, books, sleep };
}

describe('an iteration', () => {
  it('knows its run, its kinds of requests and its place', () => {
    const { begun, planned } = begin({ iterationInTest: 7, iterationInInstance: 3 });
    expect(begun).toMatchObject({ run: planned, index: 7, startedAt: START });
    expect(begun?.kinds).toMatchObject([{ name: 'message', timeoutMs: planned.messageTimeoutMs }]);
  });

  it.each<[string, Given]>([
    ['users', { users: [{ token: 'a' }] }],
    ['compression', { run: { compression: true } }],
    ['a handshake of its own', { more: { handshake: () => ({}) } }],
    ['a state', { more: { begin: () => 1 } }],
  ])('asks who its connections are where there is more than an address: %s', (_what, given) => {
    const url = 'ws://elsewhere/';
    expect(begin({ run: { url } }).begun?.given).toBeUndefined();
    expect(begin({ ...given, run: { url, ...given.run } }).begun?.given).toMatchObject({ env: null, jar: null });
  });

  it('is the only one of its VU in this scenario: one more sleeps until the end', () => {
    const { planned } = begin();
    const until = START + planned.totalMs;
    vi.spyOn(Date, 'now').mockReturnValue(START + 1_000);
    const again = begin({ spentAt: START, until });
    expect(again.begun).toBeNull();
    expect(again.sleep).toHaveBeenCalledExactlyOnceWith((planned.totalMs - 1_000) / 1_000);
    expect(again.books.samples).toEqual([]);
    vi.restoreAllMocks();
    // Of an earlier scenario.
    expect(begin({ spentAt: START - 1, until: START }).begun).not.toBeNull();
  });

  it('is one of many where connections arrive on their own, each with its own start', () => {
    vi.spyOn(Date, 'now').mockReturnValue(START + 7_000);
    const { begun } = begin({ run: { arrives: true } });
    expect(begun).toMatchObject({ startedAt: START + 7_000 });
    vi.restoreAllMocks();
  });

  it('of the watch in a VU that cannot does nothing', () => {
    const { begun, books, sleep } = begin({ name: 'generator' });
    expect(begun).toBeNull();
    expect(books.samples).toEqual([]);
    expect(sleep).not.toHaveBeenCalled();
  });

  it('that is the first writes down what is planned, no other does', () => {
    expect(begin().books.sum('ws_connects_unattempted')).toBe(100);
    expect(begin({ iterationInInstance: 1 }).books.samples).toEqual([]);
  });

  it('writes down the share of its process', () => {
    expect(begin({ executionSegment: '0:1/4' }).books.sum('ws_connects_unattempted')).toBeLessThan(40);
  });

  it('without a plan ends the test, with what to do', () => {
    const { begun, abort, books } = begin({ env: {} });
    expect(begun).toBeNull();
    expect(abort).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('set WS_CONNECTIONS and WS_HOLD'));
    expect(books.samples).toEqual([]);
  });

  it('too many of those that arrive on their own does nothing', () => {
    const { begun, abort, books } = begin({ run: { arrives: true }, iterationInTest: 100 });
    expect(begun).toBeNull();
    expect(abort).not.toHaveBeenCalled();
    expect(books.samples).toEqual([]);
    expect(begin({ run: { arrives: true }, iterationInTest: 99 }).begun).not.toBeNull();
    expect(begin({ iterationInTest: 100 }).begun).not.toBeNull();
  });
});
