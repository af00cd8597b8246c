import { afterEach, describe, expect, it, vi } from 'vitest';
import { Field } from '../../../lib/connection/connection.ts';
import { exceptions } from '../../../lib/connection/exceptions.ts';
import { seeded } from '../random.ts';
import { aConnecting, START, type Subject } from './a-connection.ts';

const SEQUENCES_EACH = 1_500;

/** Who wins a tie of outcomes is not asked here: each message's fate is followed independently of the connection. */
interface Fate {
  text: string;
  sentAt: number;
  replied: boolean;
}

/** A connection with a server that does anything, in any order, until both are done. */
class Storm {
  readonly subject: Subject;
  readonly fates: Fate[] = [];
  frames = 0;
  now = START;
  private readonly random: () => number;
  private readonly timeoutMs: number;

  constructor(seed: number, protocol: string) {
    this.random = seeded(seed);
    vi.spyOn(Math, 'random').mockImplementation(this.random);
    this.timeoutMs = 1 + Math.floor(this.random() * 300);
    this.subject = aConnecting({
      WS_PROTOCOL: protocol,
      WS_MESSAGE_INTERVAL: `${10 + Math.floor(this.random() * 300)}ms`,
      WS_MESSAGE_TIMEOUT: `${this.timeoutMs}ms`,
      WS_HANDSHAKE_TIMEOUT: '200ms',
      WS_MESSAGE_SIZE: this.random() < 0.3 ? '10KB' : '64',
    });
    this.subject.wire.onSend = (text) => {
      this.fates.push({ text, sentAt: this.now, replied: false });
      if (this.random() < 0.02) this.drop();
    };
  }

  run(): void {
    for (let step = 0; this.isAlive() && step < 500; step++) {
      this.pass(Math.floor(this.random() ** 3 * 150));
      this.act();
    }
    expect(this.isAlive()).toBe(false);
  }

  private isAlive(): boolean {
    return this.subject.connection[Field.state] !== 'ended';
  }

  /** Time passes; due ticks are taken, some of them late, as in a generator that stalls. */
  private pass(ms: number): void {
    const end = this.now + ms;
    const { subject } = this;
    while (subject.wakeAt > 0 && subject.wakeAt <= end) {
      this.now = Math.max(this.now, subject.wakeAt, this.random() < 0.1 ? end : 0);
      subject.wakeAt = subject.course.tick(subject.connection, this.now);
    }
    this.now = Math.max(this.now, end);
  }

  private act(): void {
    const { connection, course, wire } = this.subject;
    const dice = this.random();
    if (connection[Field.state] === 'connecting' || connection[Field.state] === 'late') {
      if (dice < 0.3) this.subject.wakeAt = course.opened(connection, wire, null, this.now);
      else if (dice < 0.35) exceptions().refused(connection, 'connection reset by peer', 0, this.now);
      return;
    }
    if (dice < 0.02) this.drop();
    else if (dice < 0.1) exceptions().ponged(connection);
    else if (dice < 0.2) this.deliver('garbage');
    else if (dice < 0.3) this.deliver('{"id":"k6-10000009-10000000"}');
    else if (dice < 0.35) this.deliver(new ArrayBuffer(3));
    else if (dice < 0.9 && this.fates.length > 0) {
      // Any message sent so far: the right reply, one that is late, or one once more; often the newest.
      const back = Math.floor(this.random() ** 2 * this.fates.length);
      const fate = this.fates[this.fates.length - 1 - back] as Fate;
      const counts = connection[Field.state] === 'open' || connection[Field.state] === 'draining';
      if (counts && this.now - fate.sentAt <= this.timeoutMs) fate.replied = true;
      this.deliver(this.random() < 0.5 ? fate.text : `re: ${fate.text}`);
    }
  }

  private deliver(frame: string | ArrayBuffer): void {
    const { connection, course } = this.subject;
    if (connection[Field.state] === 'open' || connection[Field.state] === 'draining') this.frames += 1;
    course.received(connection, frame, this.now);
  }

  private drop(): void {
    const { connection } = this.subject;
    if (connection[Field.state] !== 'ended') {
      exceptions().dropped(connection, this.random() < 0.5 ? 1006 : undefined, '', this.now);
    }
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['echo', 'any-reply', 'send-only', 'listen'])('the books of %s', (protocol) => {
  it(`balance after each of ${SEQUENCES_EACH} random lives`, () => {
    const seen = { failed: 0, closed: 0, dropped: 0, replied: 0, timeout: 0, lost: 0, mismatch: 0, paused: 0 };
    for (let seed = 1; seed <= SEQUENCES_EACH; seed++) {
      const storm = new Storm(seed, protocol);
      storm.run();
      const { books } = storm.subject;
      const { sum, rated } = books;
      const established = rated('connectSuccess', true);
      const sent = sum('messagesSent');
      const replied = rated('messageSuccess', true);
      const [timeout, lost, mismatch] = ['timeout', 'lost', 'mismatch'].map((reason) =>
        sum('messageFailures', reason),
      ) as [number, number, number];
      expect(
        {
          attempts: sum('connectAttempts'),
          outcomes: established + sum('connectFailures'),
          failures: rated('connectSuccess', false),
          established: sum('connectionsClosed') + sum('connectionsDropped'),
          held: [rated('connectionsHeld', true), rated('connectionsHeld', false)],
          sent: storm.fates.length,
          messageOutcomes: replied + rated('messageSuccess', false),
          messageFailures: timeout + lost + mismatch,
          pending: [sum('connectsPending'), sum('connectionsOpen'), sum('messagesPending')],
        },
        `seed ${seed}`,
      ).toEqual({
        attempts: 1,
        outcomes: 1,
        failures: sum('connectFailures'),
        established,
        held: [sum('connectionsClosed'), sum('connectionsDropped')],
        sent,
        messageOutcomes: sent,
        messageFailures: sent - replied,
        pending: [0, 0, 0],
      });
      if (protocol === 'echo') {
        expect(replied, `seed ${seed}`).toBe(storm.fates.filter((fate) => fate.replied).length);
        // Each frame is a reply, the reason of a mismatch, or unexpected.
        expect(replied + mismatch + sum('messageUnexpected'), `seed ${seed}`).toBe(storm.frames);
      }
      if (established === 1) {
        expect(storm.subject.wire.closes, `seed ${seed}`).toEqual(sum('connectionsClosed') === 1 ? [1000] : []);
      }
      seen.failed += sum('connectFailures');
      seen.closed += sum('connectionsClosed');
      seen.dropped += sum('connectionsDropped');
      seen.replied += replied;
      seen.timeout += timeout;
      seen.lost += lost;
      seen.mismatch += mismatch;
      seen.paused += books.details.filter((detail) => detail.startsWith('sending paused')).length;
    }
    // The lives were varied enough for the sums above to mean something.
    const never = {
      echo: [],
      'any-reply': ['mismatch'],
      'send-only': ['timeout', 'lost', 'mismatch'],
      listen: ['replied', 'timeout', 'lost', 'mismatch', 'paused'],
    }[protocol] as string[];
    for (const [what, count] of Object.entries(seen)) {
      if (never.includes(what)) expect(count, what).toBe(0);
      else expect(count, what).toBeGreaterThan(20);
    }
  });
});
