import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, Request, Session } from '../../../lib/conversation/conversation.ts';
import { echo } from '../../../lib/conversation/echo.ts';
import { listen } from '../../../lib/conversation/listen.ts';
import { sendOnly } from '../../../lib/conversation/send-only.ts';
import type { MetricName } from '../../../lib/metrics/names.ts';
import { seeded } from '../random.ts';
import { aConnecting, START, type Subject } from './a-connection.ts';

const LIVES = 1_500;
/** Of a conversation made by chance there is more to try. */
const RANDOM_LIVES = 3_000;

type Random = () => number;

/** The outcome of each request as the conversation's calls should have it, followed by other means than the product's. */
interface Fate {
  n: number;
  text: string;
  sentAt: number;
  outcome: 'waits' | 'answered' | 'refused' | 'timeout' | 'over';
}

/** What happened in all lives, so that sums of nothing prove nothing. */
const seen: Record<string, number> = {};

function see(what: string, count = 1): void {
  seen[what] = (seen[what] ?? 0) + count;
}

/** A conversation that does anything a conversation can do, by chance. */
function anyConversation(random: Random): Conversation<unknown> {
  const chance = (share: number) => random() < share;
  const act = (session: Session<unknown>, text: string, isTimer = false): void => {
    const n = Number(/^\d+$/.test(text) ? text : Math.floor(random() * 12));
    const dice = random();
    if (dice < 0.45) session.answered(n);
    else if (dice < 0.55) session.refused(n, `word ${Math.floor(random() * 30)}`);
    else if (dice < 0.65) session.partly(n);
    else if (dice < 0.7) session.pushed('news');
    else if (dice < 0.73) session.expected();
    else if (dice < 0.8) session.send(chance(0.1) ? 'x'.repeat(40_000) : 'ack');
    else if (dice < 0.84) session.ready();
    // Timers that set timers would soon be all there is.
    else if (dice < 0.88 && isTimer) session.expected();
    else if (dice < 0.87) session.after(1 + random() * 200, (later) => act(later as never, 'later', true));
    else if (dice < 0.88) session.every(20 + random() * 200, (later) => act(later as never, 'again', true));
    else if (dice < 0.9) session.ping();
    else if (dice < 0.93) session.delivered(text);
    else if (dice < 0.937) session.fail(chance(0.5) ? 'kicked' : 'timeout');
    else if (dice < 0.944) session.done();
    else if (dice < 0.951) throw new Error('by chance');
    if (chance(0.3)) act(session, text, isTimer);
  };
  const request = (): Request<unknown> => {
    const reply = (['answered', 'first', 'none'] as const)[Math.floor(random() * 3)] as 'answered';
    const hasReach = chance(0.2);
    return {
      reply,
      ...(chance(0.5) && { weight: random() * 3 + 0.1 }),
      ...(chance(0.5) && { timeoutMs: 1 + Math.floor(random() * 400) }),
      ...(hasReach && { reach: Math.floor(random() * 400) }),
      frames(session, n) {
        if (chance(0.05)) return null;
        if (chance(0.002)) throw new Error('in frames');
        if (chance(0.03)) act(session, String(n - 1));
        const stamp = hasReach || chance(0.1) ? session.stamp(n) : '';
        if (chance(0.1)) return [String(n), stamp, new Uint8Array(8)];
        return `${n} ${stamp}${chance(0.1) ? 'x'.repeat(20_000) : ''}`;
      },
    };
  };
  const count = Math.floor(random() * 4);
  const names = ['a', 'b', 'c'].slice(0, count);
  return {
    received: (session, frame) => act(session, String(frame).split(' ')[0] as string),
    ...(names.length > 0 && { requests: Object.fromEntries(names.map((name) => [name, request()])) }),
    ...(chance(0.5) && {
      opened(session) {
        if (chance(0.5)) session.ready();
        else if (chance(0.7)) session.after(1 + random() * 300, (later) => later.ready());
        if (chance(0.2)) act(session, 'opened');
      },
    }),
    ...(chance(0.4) && {
      goodbye(session) {
        if (chance(0.3)) session.done();
        else act(session, 'goodbye');
      },
    }),
    ...(chance(0.3) && {
      closed() {
        if (chance(0.1)) throw new Error('in closed');
        return 'words';
      },
    }),
  };
}

/** A connection with a server that does anything, in any order, until both are done. */
class Storm {
  readonly subject: Subject<unknown>;
  readonly fates: Fate[] = [];
  /** Frames that came in once it was ready and before it ended. */
  frames = 0;
  readonly #random: Random;
  readonly #timeoutMs: number;

  constructor(seed: number, make: (random: Random) => Conversation<unknown>, isLean: boolean) {
    const random = seeded(seed);
    this.#random = random;
    vi.spyOn(Math, 'random').mockImplementation(random);
    this.#timeoutMs = 1 + Math.floor(random() * 300);
    const isLarge = random() < 0.3;
    this.subject = aConnecting(make(random), {
      isLean,
      isOverK6Ws: random() < 0.5,
      env: {
        WS_MESSAGE_INTERVAL: `${10 + Math.floor(random() * 300)}ms`,
        WS_MESSAGE_TIMEOUT: `${this.#timeoutMs}ms`,
        WS_HANDSHAKE_TIMEOUT: '200ms',
        WS_MESSAGE_SIZE: isLarge ? '10KB' : '64',
      },
      run: { countFromMs: 0, countToMs: 1_000 },
    });
    this.subject.wire.onSend = () => {
      const { connection, wire, now } = this.subject;
      const text = String(wire.sent.at(-1));
      this.fates.push({ n: connection.n, text, sentAt: now, outcome: 'waits' });
      if (random() < 0.02) this.#drop();
    };
  }

  run(): void {
    for (let step = 0; this.#isAlive && step < 500; step++) {
      this.#pass(Math.floor(this.#random() ** 3 * 150));
      this.#act();
      this.#confirm();
    }
    expect(this.#isAlive).toBe(false);
  }

  get #isAlive(): boolean {
    return !this.subject.ended;
  }

  /** Time passes; due ticks are taken, some of them late, as in a generator that stalls. */
  #pass(ms: number): void {
    const { subject } = this;
    const end = subject.now + ms;
    while (subject.wakeAt > 0 && subject.wakeAt <= end) {
      subject.tick(Math.max(subject.now, subject.wakeAt, this.#random() < 0.1 ? end : 0));
    }
    subject.now = Math.max(subject.now, end);
  }

  /** The transport says that it has closed, where it does so later. */
  #confirm(): void {
    const { subject } = this;
    if (subject.phase !== 'closing') return;
    if (this.#random() < 0.8) {
      subject.life.finish(subject.connection);
      return;
    }
    subject.connection.phase = 'ready';
    subject.life.parts().endings.end(subject.connection, 'subprotocol', 'the server chose no sub-protocol');
  }

  #act(): void {
    const { subject } = this;
    const { connection, life, now } = subject;
    const dice = this.#random();
    if (connection.phase === 'connecting' || connection.phase === 'late') {
      if (dice < 0.3) subject.open();
      else if (dice < 0.35 && connection.phase === 'late')
        life.parts().endings.refusedLate(connection, 'dial: i/o timeout');
      else if (dice < 0.35) life.parts().endings.refusedHandshake(connection, 'connection reset by peer', 0, now);
      else if (dice < 0.37) life.parts().endings.failed(connection, 'subprotocol', 'none');
      return;
    }
    if (dice < 0.02) this.#drop();
    else if (dice < 0.1) life.parts().flow.ponged(connection);
    else if (dice < 0.2) this.#deliver('garbage');
    else if (dice < 0.3) this.#deliver('{"id":"k6-10000009-10000000"}');
    else if (dice < 0.35) this.#deliver(new ArrayBuffer(3));
    else if (dice < 0.9 && this.fates.length > 0) {
      // Any message sent so far: the right reply, one that is late, or one once more; often the newest.
      const back = Math.floor(this.#random() ** 2 * this.fates.length);
      const fate = this.fates[this.fates.length - 1 - back] as Fate;
      const counts = connection.phase === 'ready' || connection.phase === 'draining';
      const isRight = this.#random() < 0.8;
      if (counts && isRight && now - fate.sentAt <= this.#timeoutMs) fate.outcome = 'answered';
      this.#deliver(isRight ? fate.text : `re: ${fate.text}`);
    }
  }

  #deliver(frame: string | ArrayBuffer): void {
    const { phase } = this.subject;
    if (phase === 'ready' || phase === 'draining' || phase === 'goodbye') this.frames += 1;
    this.subject.receive(frame);
  }

  #drop(): void {
    if (this.#isAlive) this.subject.gone(this.#random() < 0.5 ? 1006 : undefined);
  }
}

/** All sums that must agree, whatever happened; and what happened. */
function audit({ subject }: Storm, seed: number): void {
  const { books, vu, wire, connection } = subject;
  const { sum, rated } = books;
  const { hasLogin, awaits, kinds } = vu.traits;
  const both = (metric: MetricName) => rated(metric, true) + rated(metric, false);
  const established = rated('ws_connect_success', true);
  const ready = hasLogin ? rated('ws_ready_success', true) : established;
  const closed = sum('ws_connections_closed');
  const dropped = sum('ws_connections_dropped');
  const sent = sum('ws_messages_sent');
  const answered = rated('ws_message_success', true);
  const failures = ['timeout', 'refused', 'lost', 'script_error', 'interrupted'].map((reason) =>
    sum('ws_message_failures', { reason }),
  );
  const refused = sum('ws_message_failures', { reason: 'refused' });
  const refusals = books.words('refused').length;
  const failed = failures.reduce((all, count) => all + count, 0);
  const awaited = vu.kinds
    .filter((kind) => kind.awaits)
    .reduce((all, { name }) => all + sum('ws_messages_sent', kinds.length > 1 ? { request: name } : {}), 0);
  expect(
    {
      attempts: [sum('ws_connect_attempts'), sum('ws_connects_unattempted')],
      attempted: established + sum('ws_connect_failures'),
      connectFailures: rated('ws_connect_success', false),
      established: ready + sum('ws_ready_failures'),
      logins: [both('ws_ready_success'), rated('ws_ready_success', false)],
      ready: closed + dropped,
      held: [rated('ws_connections_held', true), rated('ws_connections_held', false)],
      times: [books.values('ws_connect_time').length, books.values('ws_ready_time').length],
      sent: answered + failed + (sent - awaited),
      messageSuccess: [both('ws_message_success'), rated('ws_message_success', false)],
      failures: sum('ws_message_failures'),
      latencies: [books.values('ws_message_rtt').length, books.values('ws_message_response_time').length],
      pending: [
        sum('ws_connects_pending'),
        sum('ws_ready_pending'),
        sum('ws_connections_open'),
        sum('ws_messages_pending'),
        connection.pendingReported,
      ],
      waiting: connection.waiting,
      // Those that a server which reads nothing has held back were not made; they have timed out.
      isNumbered: connection.n <= sent && sent - connection.n <= sum('ws_message_failures', { reason: 'timeout' }),
      scriptErrors: books.words('script error').length,
      // Of what wants no reply there is a word and no failure.
      areRefusalsTold: kinds.every((kind) => kind.awaits) ? refusals === refused : refusals >= refused,
      pushes: books.words('push').length,
      due: subject.tick(START + 10_000_000),
    },
    `seed ${seed}`,
  ).toEqual({
    attempts: [1, -1],
    attempted: 1,
    connectFailures: sum('ws_connect_failures'),
    established,
    logins: hasLogin ? [established, sum('ws_ready_failures')] : [0, 0],
    ready,
    held: [closed, dropped],
    times: [established, hasLogin ? ready : 0],
    sent,
    messageSuccess: [awaited, failed],
    failures: failed,
    latencies: [answered, answered],
    pending: [0, 0, 0, 0, 0],
    waiting: null,
    isNumbered: true,
    scriptErrors: sum('ws_script_errors'),
    areRefusalsTold: true,
    pushes: sum('ws_pushes'),
    due: 0,
  });
  expect(awaits || failed === 0, `seed ${seed}`).toBe(true);
  // Ours once at most, and only of what was open.
  expect(wire.closes.length, `seed ${seed}`).toBeLessThanOrEqual(1);
  if (closed === 1 && !vu.conversation.goodbye) expect(wire.closes, `seed ${seed}`).toEqual([1000]);
  see('failed', sum('ws_connect_failures'));
  see('not ready', sum('ws_ready_failures'));
  see('closed', closed);
  see('dropped', dropped);
  see('answered', answered);
  for (const [i, reason] of ['timeout', 'refused', 'lost', 'script error'].entries()) see(reason, failures[i]);
  see('sent only', sent - awaited);

  see('script', sum('ws_script_errors'));
  see('unexpected', sum('ws_message_unexpected'));
  see('paused', books.words('detail').filter((detail) => detail.startsWith('sending paused')).length);
  see('expected', sum('ws_deliveries_expected') > 0 ? 1 : 0);
  see('subprotocol', sum('ws_connections_dropped', { reason: 'subprotocol' }));
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const what of Object.keys(seen)) delete seen[what];
});

/** What a conversation of ours cannot do. */
const BY_OTHERS = ['not ready', 'refused', 'script error', 'script', 'expected'];

describe('the books balance after each of many random lives', () => {
  it.each<[string, () => Conversation<unknown>, string[]]>([
    ['echo', () => echo() as never, ['sent only']],
    ['send-only', () => sendOnly() as never, ['answered', 'timeout', 'lost']],
    ['listen', () => listen() as never, ['answered', 'timeout', 'lost', 'sent only', 'paused', 'unexpected']],
  ])('of %s', (name, make, never) => {
    for (let seed = 1; seed <= LIVES; seed++) {
      const storm = new Storm(seed, make, true);
      storm.run();
      audit(storm, seed);
      const { sum, rated } = storm.subject.books;
      const answered = rated('ws_message_success', true);
      if (name === 'echo') {
        expect(answered, `seed ${seed}`).toBe(storm.fates.filter(({ outcome }) => outcome === 'answered').length);
      }
      // Each frame is a reply, a push, or unexpected.
      expect(answered + sum('ws_pushes') + sum('ws_message_unexpected'), `seed ${seed}`).toBe(storm.frames);
      if (name !== 'listen') expect(storm.fates, `seed ${seed}`).toHaveLength(storm.subject.connection.n);
    }
    // The lives were varied enough for the sums to mean something.
    for (const [what, count] of Object.entries(seen)) {
      if (never.includes(what) || BY_OTHERS.includes(what)) expect(count, what).toBe(0);
      else expect(count, what).toBeGreaterThan(20);
    }
  });

  it('of conversations that do anything', () => {
    for (let seed = 1; seed <= RANDOM_LIVES; seed++) {
      const storm = new Storm(seed, (random) => anyConversation(random) as never, false);
      storm.run();
      audit(storm, seed);
    }
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
  });
});
