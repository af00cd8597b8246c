import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Field } from '../../../lib/connection/connection.ts';
import { courseOf } from '../../../lib/connection/course.ts';
import { exceptions } from '../../../lib/connection/exceptions.ts';
import { MAX_UNREAD_BYTES } from '../../../lib/connection/unread.ts';
import type { Run } from '../../../lib/plan/run.ts';
import { aConnecting, anOpen, runUntil, START, type Subject } from './a-connection.ts';
import { aLedger } from './a-ledger.ts';

/** The planned close of a connection of the first batch: 250 ms ramp, 1 s hold, 250 ms lead. */
const CLOSE_AT = START + 1_500;
const LONG_AFTER = START + 60_000;

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

/** Sends the first message at the start; answers nothing. */
function sendFirst(env: Record<string, string> = {}, run: Partial<Run> = {}): Subject {
  const subject = anOpen(env, run);
  runUntil(subject, START);
  expect(subject.wire.sent).toHaveLength(1);
  return subject;
}

/** Each message of the connection is answered after `afterMs`, until its end. */
function answerAll(subject: Subject, afterMs: number): void {
  let answered = 0;
  while (subject.wakeAt > 0) {
    runUntil(subject, subject.wakeAt);
    for (; answered < subject.wire.sent.length; answered++) {
      const sentAt = subject.connection[Field.oldestSentAt];
      subject.course.received(subject.connection, subject.wire.sent[answered] as string, sentAt + afterMs);
    }
  }
}

function messageBooks({ books }: Subject) {
  return {
    sent: books.sum('messagesSent'),
    replied: books.rated('messageSuccess', true),
    failed: books.rated('messageSuccess', false),
    timeout: books.sum('messageFailures', 'timeout'),
    lost: books.sum('messageFailures', 'lost'),
    mismatch: books.sum('messageFailures', 'mismatch'),
    unexpected: books.sum('messageUnexpected'),
  };
}

const NONE = { sent: 0, replied: 0, failed: 0, timeout: 0, lost: 0, mismatch: 0, unexpected: 0 };

beforeEach(() => {
  // The phase of the first message: at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an attempt', () => {
  it('is in the books from its begin, with how late it began', () => {
    const { books } = aConnecting();
    expect(books.sum('connectAttempts')).toBe(1);
    expect(books.sum('connectsUnattempted')).toBe(-1);
    expect(books.sum('connectsPending')).toBe(1);
    expect(books.values('generatorLag')).toEqual([0]);
  });

  it('that succeeds is one success, with its time and the time since the start', () => {
    const subject = aConnecting({ WS_CONNECTIONS: '3' }, 2);
    subject.course.opened(subject.connection, subject.wire, null, START + 500 + 40);
    const { books } = subject;
    expect(books.values('connectSuccess')).toEqual([true]);
    expect(books.values('connectTime')).toEqual([40]);
    expect(books.values('establishTime')).toEqual([540]);
    expect(books.sum('connectsPending')).toBe(0);
    expect(books.sum('connectionsOpen')).toBe(1);
    expect(books.sum('connectFailures')).toBe(0);
  });

  it('that takes exactly its budget succeeds', () => {
    const subject = aConnecting();
    expect(subject.course.opened(subject.connection, subject.wire, null, START + 1_000)).toBeGreaterThan(0);
    expect(subject.books.values('connectSuccess')).toEqual([true]);
  });

  it('that succeeds too late is a handshake_timeout, and its wire is closed', () => {
    const subject = aConnecting();
    expect(subject.course.opened(subject.connection, subject.wire, null, START + 1_001)).toBe(0);
    expect(subject.books.values('connectSuccess')).toEqual([false]);
    expect(subject.books.sum('connectFailures', 'handshake_timeout')).toBe(1);
    expect(subject.books.sum('connectsPending')).toBe(0);
    expect(subject.books.sum('connectionsOpen')).toBe(0);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.connection[Field.state]).toBe('ended');
  });

  it('that hangs fails on time, once, without a call to a wire that is still connecting', () => {
    const subject = aConnecting();
    expect(subject.wakeAt).toBe(START + 1_001);
    expect(subject.course.tick(subject.connection, START + 1_000)).toBe(START + 1_001);
    expect(subject.connection[Field.state]).toBe('connecting');
    runUntil(subject, LONG_AFTER);
    expect(subject.connection[Field.state]).toBe('late');
    expect(subject.books.sum('connectFailures', 'handshake_timeout')).toBe(1);
    expect(subject.wire.closes).toEqual([]);
    // k6 gives it up at last, or it succeeds: nothing more to count.
    subject.course.opened(subject.connection, subject.wire, null, START + 5_000);
    exceptions().refused(subject.connection, 'dial tcp: i/o timeout', 0, LONG_AFTER);
    expect(subject.books.values('connectSuccess')).toEqual([false]);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.connection[Field.state]).toBe('ended');
  });

  it('that k6 gives up after it was late counts once', () => {
    const subject = aConnecting();
    runUntil(subject, LONG_AFTER);
    exceptions().refused(subject.connection, 'dial tcp: i/o timeout', 0, LONG_AFTER);
    expect(subject.books.sum('connectFailures')).toBe(1);
    expect(subject.connection[Field.state]).toBe('ended');
  });

  it('that is refused fails with the reason and the text behind it', () => {
    const subject = aConnecting();
    exceptions().refused(subject.connection, '', 429, START);
    expect(subject.books.sum('connectFailures', 'http_4xx')).toBe(1);
    expect(subject.books.values('connectSuccess')).toEqual([false]);
    expect(subject.books.sum('connectsPending')).toBe(0);
    expect(subject.books.details).toEqual(['HTTP 429']);
    expect(subject.course.tick(subject.connection, LONG_AFTER)).toBe(0);
  });

  it.each([
    ['malformed MIME header: missing colon: "Upgr"', 'bad_handshake', 'handshake_timeout'],
    ['read tcp 127.0.0.1:1->127.0.0.1:2: connection reset by peer', 'reset', 'handshake_timeout'],
    ['dial tcp: i/o timeout', 'connect_timeout', 'connect_timeout'],
  ])('that k6 reports as "%s" is %s in time and %s after the deadline', (error, inTime, late) => {
    for (const [now, reason] of [
      [START + 1_000, inTime],
      [START + 1_001, late],
    ] as const) {
      const subject = aConnecting();
      exceptions().refused(subject.connection, error, 0, now);
      expect(subject.books.sum('connectFailures', reason)).toBe(1);
    }
  });

  it('has one outcome, whatever comes after it', () => {
    const subject = aConnecting();
    exceptions().failed(subject.connection, 'refused', '');
    exceptions().failed(subject.connection, 'reset', '');
    exceptions().dropped(subject.connection, 1006, '', START);
    subject.course.opened(subject.connection, subject.wire, null, START);
    expect(subject.books.rated('connectSuccess', false)).toBe(1);
    expect(subject.books.rated('connectSuccess', true)).toBe(0);
    expect(subject.books.sum('connectFailures')).toBe(1);
    expect(subject.books.sum('connectionsDropped')).toBe(0);
  });

  it('that begins after its turn is lag, before it none', () => {
    const [context] = aConnecting({ WS_CONNECTIONS: '6', WS_BATCH_SIZE: '2' }).connection;
    for (const [lag, late] of [
      [0, -3],
      [0, 0],
      [7, 7],
    ] as const) {
      const books = aLedger();
      courseOf({ ...context, ledger: books.ledger }).begin(5, START + 2 * 250 + late);
      expect(books.values('generatorLag')).toEqual([lag]);
    }
  });

  it.each([
    { index: 999, says: ['1,000 of 2,000 connections tried, 0.0s after the start'] },
    { index: 998, says: [] },
  ])('says how far it is with the 1,000th connection, established or not (index $index)', ({ index, says }) => {
    vi.useFakeTimers({ now: START });
    const info = vi.spyOn(console, 'info').mockReturnValue();
    const established = aConnecting({ WS_CONNECTIONS: '2000', WS_BATCH_SIZE: '1000' }, index);
    established.course.opened(established.connection, established.wire, null, START);
    expect(info.mock.calls.flat()).toEqual(says);
    const failed = aConnecting({ WS_CONNECTIONS: '2000', WS_BATCH_SIZE: '1000' }, index);
    exceptions().failed(failed.connection, 'refused', '');
    expect(info.mock.calls.flat()).toEqual([...says, ...says]);
    vi.useRealTimers();
  });
});

describe('a healthy connection', () => {
  it('sends at its interval, gets its replies and closes as planned', () => {
    const subject = anOpen();
    answerAll(subject, 20);
    expect(subject.wire.sent).toHaveLength(4);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 4, replied: 4 });
    expect(subject.books.values('messageRtt')).toEqual([20, 20, 20, 20]);
    expect(subject.books.values('messageResponse')).toEqual([20, 20, 20, 20]);
    expect(subject.books.sum('messagesPending')).toBe(0);
    expect(subject.books.sum('connectionsOpen')).toBe(0);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.connection[Field.state]).toBe('ended');
  });

  it('sends no two messages alike, each of the size asked for', () => {
    const subject = anOpen({ WS_MESSAGE_SIZE: '200' });
    answerAll(subject, 20);
    expect(new Set(subject.wire.sent).size).toBe(4);
    for (const text of subject.wire.sent) expect(text).toHaveLength(200);
    expect(JSON.parse(subject.wire.sent[3] as string)).toMatchObject({ id: 'k6-10000000-10000003' });
  });

  it('begins to send at its own phase within one interval', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.75);
    expect(anOpen().wakeAt).toBe(START + 300);
  });

  it('is closed at its own time: as long after the first batch as its batch was', () => {
    const subject = aConnecting({ WS_PROTOCOL: 'listen', WS_CONNECTIONS: '3' }, 2);
    // Three batches: the ramp takes 750 ms.
    subject.wakeAt = subject.course.opened(subject.connection, subject.wire, null, START + 510);
    expect(subject.wakeAt).toBe(START + 750 + 1_000 + 250 + 500);
    runUntil(subject, subject.wakeAt);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
  });

  it('measures from the intended send, so that a stalled generator hides nothing', () => {
    const subject = anOpen();
    subject.wakeAt = subject.course.tick(subject.connection, START + 90);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 100);
    expect(subject.books.values('messageRtt')).toEqual([10]);
    expect(subject.books.values('messageResponse')).toEqual([100]);
    expect(subject.books.values('generatorLag')).toEqual([0, 90]);
  });

  it('sends at whole multiples of the step of its VU, once it has a phase of its own', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.1234);
    const subject = aConnecting({ WS_MESSAGE_INTERVAL: '400ms' }, 0, { sendStepMs: 10 });
    expect(subject.course.opened(subject.connection, subject.wire, null, START + 3)).toBe(START + 60);
    subject.course.tick(subject.connection, START + 61);
    expect(subject.wire.sent).toHaveLength(1);
    expect(subject.connection[Field.nextSendAt]).toBe(START + 460);
    expect(subject.books.values('generatorLag').at(-1)).toBe(1);
  });

  it.each([
    { index: 0, sampled: [0, 8] },
    { index: 1, sampled: [7] },
    { index: 5, sampled: [3, 11] },
  ])(
    'samples its lag with every 8th message, from another one on for each connection ($index)',
    ({ index, sampled }) => {
      const subject = aConnecting(
        { WS_PROTOCOL: 'send-only', WS_CONNECTIONS: '8', WS_BATCH_SIZE: '8', WS_MESSAGE_INTERVAL: '100ms' },
        index,
      );
      subject.course.opened(subject.connection, subject.wire, null, START);
      const atBegin = subject.books.values('generatorLag');
      expect(atBegin).toEqual(index === 0 ? [0] : []);
      // Message i goes out i ms late.
      for (let i = 0; i < 12; i++) subject.course.tick(subject.connection, START + 100 * i + i);
      expect(subject.wire.sent).toHaveLength(12);
      expect(subject.books.values('generatorLag').slice(atBegin.length)).toEqual(sampled);
    },
  );

  it('samples its lag with as few messages as are sampled for their times', () => {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '10ms' }, { sampleShare: 0.03 });
    answerAll(subject, 1);
    // 150 messages: the 1st, 35th, 69th, 103rd and 137th, after the attempt's own.
    expect(subject.books.sum('messagesSent')).toBe(150);
    expect(subject.books.values('generatorLag')).toHaveLength(1 + 5);
  });

  it('samples each lag of a second and more, since a stall may fall between two samples', () => {
    const subject = aConnecting({ WS_PROTOCOL: 'send-only', WS_MESSAGE_INTERVAL: '300ms', WS_HOLD: '5s' }, 1);
    subject.course.opened(subject.connection, subject.wire, null, START);
    subject.course.tick(subject.connection, START + 1_300);
    expect(subject.books.values('generatorLag').slice(1)).toEqual([1_300, 1_000]);
  });

  it('owes no more than 4 KB at a time of what a long stall kept back', () => {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '10ms', WS_MESSAGE_TIMEOUT: '10s', WS_HOLD: '1h' });
    subject.course.tick(subject.connection, START + 5_000);
    expect(subject.wire.sent).toHaveLength(65);
    expect(subject.course.tick(subject.connection, START + 5_005)).toBe(START + 5_015);
    expect(subject.wire.sent).toHaveLength(65);
    for (const text of [...subject.wire.sent]) subject.course.received(subject.connection, text, START + 5_010);
    subject.course.tick(subject.connection, START + 5_015);
    expect(subject.wire.sent).toHaveLength(130);
  });

  it('catches up on the messages that a stall kept back', () => {
    const subject = anOpen();
    subject.wakeAt = subject.course.tick(subject.connection, START + 900);
    expect(subject.wire.sent).toHaveLength(3);
    subject.wire.sent.forEach((text) => {
      subject.course.received(subject.connection, text, START + 910);
    });
    expect(subject.books.values('messageResponse')).toEqual([910, 510, 110]);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 3, replied: 3 });
  });

  it('never counts a negative time when the clocks of frame and sender differ', () => {
    const subject = sendFirst();
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START - 0.4);
    expect(subject.books.values('messageRtt')).toEqual([0]);
    expect(subject.books.values('messageResponse')).toEqual([0]);
  });

  it('keeps no time that the share of samples leaves out, but counts the reply', () => {
    const subject = sendFirst({}, { sampleShare: 0.5 });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 5);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, replied: 1 });
    expect(subject.books.values('messageRtt')).toEqual([]);
  });
});

describe('a reply', () => {
  it('that takes exactly the timeout is in time; one that takes longer is a timeout and unexpected', () => {
    const inTime = sendFirst();
    inTime.course.received(inTime.connection, inTime.wire.sent[0] as string, START + 300);
    expect(messageBooks(inTime)).toEqual({ ...NONE, sent: 1, replied: 1 });

    const late = sendFirst();
    late.course.received(late.connection, late.wire.sent[0] as string, START + 301);
    expect(messageBooks(late)).toEqual({ ...NONE, sent: 1, failed: 1, timeout: 1, unexpected: 1 });
    expect(late.books.values('messageRtt')).toEqual([]);
  });

  it('that waited for its turn in k6 counts from when it came in', () => {
    const subject = sendFirst();
    const text = subject.wire.sent[0] as string;
    subject.course.received(subject.connection, text, START + 50, { timestamp: START + 12.5 });
    expect(subject.books.values('messageRtt')).toEqual([12.5]);
    expect(subject.books.values('messageResponse')).toEqual([12.5]);

    const longWait = sendFirst();
    const reply = longWait.wire.sent[0] as string;
    longWait.course.received(longWait.connection, reply, START + 1_000, { timestamp: START + 300 });
    expect(messageBooks(longWait)).toEqual({ ...NONE, sent: 1, replied: 1 });
    expect(longWait.books.values('messageRtt')).toEqual([300]);
  });

  it('that never comes is a timeout by the next send', () => {
    const subject = sendFirst();
    runUntil(subject, START + 400);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, failed: 1, timeout: 1 });
  });

  it('that comes after its message has expired is unexpected and no second outcome', () => {
    const subject = sendFirst();
    runUntil(subject, START + 400);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 410);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, failed: 1, timeout: 1, unexpected: 1 });
  });

  it('that comes twice counts once', () => {
    const subject = sendFirst();
    for (const afterMs of [5, 6])
      subject.course.received(subject.connection, subject.wire.sent[0] as string, START + afterMs);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, replied: 1, unexpected: 1 });
  });

  it.each([
    ['of another connection', '{"id":"k6-10000007-10000000"}'],
    ['without an id', 'garbage'],
    ['with an id that was never sent', '{"id":"k6-10000000-10000009"}'],
    ['with half an id', '{"id":"k6-10000000-'],
  ])('%s is a mismatch of the message that waits', (_, frame) => {
    const subject = sendFirst();
    subject.course.received(subject.connection, frame, START + 5);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1 });
    runUntil(subject, START + 400);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, failed: 1, mismatch: 1 });
  });

  it('of another connection is unexpected when the right one follows it', () => {
    const subject = sendFirst();
    subject.course.received(subject.connection, '{"id":"k6-10000007-10000000"}', START + 5);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 6);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, replied: 1, unexpected: 1 });
    expect(subject.connection[Field.strays]).toBe(0);
  });

  it('of another connection is unexpected while nothing waits', () => {
    const subject = anOpen();
    subject.course.received(subject.connection, 'garbage', START);
    expect(messageBooks(subject)).toEqual({ ...NONE, unexpected: 1 });
  });

  it('that only quotes the id, or comes as bytes, is a reply', () => {
    const quoted = sendFirst();
    quoted.course.received(quoted.connection, 'ack k6-10000000-10000000 ok', START + 5);
    expect(messageBooks(quoted)).toEqual({ ...NONE, sent: 1, replied: 1 });
    expect(quoted.books.values('messageRtt')).toEqual([5]);

    const binary = sendFirst();
    binary.course.received(binary.connection, bytes(binary.wire.sent[0] as string), START + 5);
    expect(messageBooks(binary)).toEqual({ ...NONE, sent: 1, replied: 1 });
  });

  it('of many bytes is read to its end', () => {
    const subject = sendFirst();
    subject.course.received(subject.connection, bytes(`${'é'.repeat(150_000)}k6-10000000-10000000`), START + 5);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, replied: 1 });
  });

  it.each([
    { order: [2, 0, 3, 1], rtts: [60, 160, 10, 110] },
    { order: [0, 1, 2, 3], rtts: [160, 110, 60, 10] },
    { order: [3, 2, 1, 0], rtts: [10, 60, 110, 160] },
  ])('finds its message among several, in the order $order', ({ order, rtts }) => {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '50ms' });
    runUntil(subject, START + 150);
    expect(subject.wire.sent).toHaveLength(4);
    order.forEach((i, replies) => {
      subject.course.received(subject.connection, subject.wire.sent[i] as string, START + 160);
      // The last one that waits is the whole list: the plain course is open to it again.
      expect(subject.connection[Field.later]?.length).toBe(replies < 2 ? 2 - replies : undefined);
    });
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 4, replied: 4 });
    expect(subject.books.values('messageRtt')).toEqual(rtts);
    expect(subject.connection[Field.oldestText]).toBeNull();
  });

  it('after the end counts nowhere', () => {
    const subject = anOpen();
    answerAll(subject, 20);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, CLOSE_AT + 1);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 4, replied: 4 });
  });
});

describe('the protocols', () => {
  it('any-reply takes the next frame as the reply to the oldest', () => {
    const subject = anOpen({ WS_PROTOCOL: 'any-reply', WS_MESSAGE_INTERVAL: '100ms' });
    subject.course.received(subject.connection, 'pushed', START);
    runUntil(subject, START + 200);
    for (const at of [210, 220, 230, 240]) subject.course.received(subject.connection, 'a reply', START + at);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 3, replied: 3, unexpected: 2 });
    expect(subject.books.values('messageRtt')).toEqual([210, 120, 30]);
  });

  it('send-only is done with a message once it is sent, and all frames are unexpected', () => {
    const subject = anOpen({ WS_PROTOCOL: 'send-only' });
    runUntil(subject, START);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 5);
    runUntil(subject, LONG_AFTER);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 4, replied: 4, unexpected: 1 });
    expect(subject.books.values('messagesPending')).toEqual([]);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
  });

  it('listen sends nothing, counts what is pushed and closes as planned', () => {
    const subject = anOpen({ WS_PROTOCOL: 'listen' });
    expect(subject.wakeAt).toBe(CLOSE_AT);
    subject.course.received(subject.connection, 'pushed', START + 5);
    runUntil(subject, LONG_AFTER);
    expect(subject.wire.sent).toEqual([]);
    expect(messageBooks(subject)).toEqual({ ...NONE, unexpected: 1 });
    expect(subject.wire.closes).toEqual([1000]);
  });
});

describe('a connection that is dropped', () => {
  it('loses the messages that still had time, and has the others time out', () => {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '200ms' });
    runUntil(subject, START + 200);
    expect(subject.wire.sent).toHaveLength(2);
    exceptions().dropped(subject.connection, 1011, '', START + 301);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, failed: 2, timeout: 1, lost: 1 });
    expect(subject.books.sum('messagesPending')).toBe(0);
    expect(subject.books.sum('connectionsOpen')).toBe(0);
    expect(subject.books.sum('connectionsDropped', 'server_close')).toBe(1);
    expect(subject.books.sum('connectionsClosed')).toBe(0);
    expect(subject.books.details).toEqual(['close 1011']);
    expect(subject.course.tick(subject.connection, LONG_AFTER)).toBe(0);
    expect(subject.wire.closes).toEqual([]);
  });

  it('counts its strays as unexpected', () => {
    const subject = sendFirst();
    subject.course.received(subject.connection, 'garbage', START + 5);
    exceptions().dropped(subject.connection, undefined, '', START + 6);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, failed: 1, lost: 1, unexpected: 1 });
    expect(subject.books.sum('connectionsDropped', 'reset')).toBe(1);
  });

  it('is dropped once', () => {
    const subject = sendFirst();
    for (const code of [1006, 1001]) exceptions().dropped(subject.connection, code, '', START + 5);
    expect(subject.books.sum('connectionsDropped')).toBe(1);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, failed: 1, lost: 1 });
  });

  it('within its own send sends no more', () => {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '10ms' });
    subject.wire.onSend = () => exceptions().dropped(subject.connection, 1006, '', START + 100);
    expect(subject.course.tick(subject.connection, START + 100)).toBe(0);
    expect(subject.wire.sent).toHaveLength(1);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 1, failed: 1, lost: 1 });
    expect(subject.books.sum('messagesPending')).toBe(0);
  });

  it('after it was closed as planned is not dropped', () => {
    const subject = anOpen();
    answerAll(subject, 20);
    exceptions().dropped(subject.connection, 1000, '', LONG_AFTER);
    expect(subject.books.sum('connectionsDropped')).toBe(0);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
  });
});

describe('the planned close', () => {
  /** A connection whose last message waits when it is to close: sent 100 ms before. */
  function draining(): Subject {
    const subject = anOpen({ WS_MESSAGE_INTERVAL: '1400ms' });
    runUntil(subject, START);
    subject.course.received(subject.connection, subject.wire.sent[0] as string, START + 5);
    runUntil(subject, CLOSE_AT);
    expect(subject.connection[Field.state]).toBe('draining');
    expect(subject.wire.closes).toEqual([]);
    return subject;
  }

  it('waits for the last reply, and happens with it', () => {
    const subject = draining();
    subject.course.received(subject.connection, subject.wire.sent[1] as string, CLOSE_AT + 50);
    expect(subject.wire.closes).toEqual([1000]);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, replied: 2 });
    expect(subject.books.sum('messagesPending')).toBe(0);
    expect(subject.books.sum('connectionsOpen')).toBe(0);
    runUntil(subject, LONG_AFTER);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
  });

  it('happens without it once its time is over', () => {
    const subject = draining();
    expect(subject.wakeAt).toBe(CLOSE_AT - 100 + 300 + 1);
    runUntil(subject, LONG_AFTER);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, replied: 1, failed: 1, timeout: 1 });
    expect(subject.books.sum('messagesPending')).toBe(0);
    expect(subject.books.sum('connectionsClosed')).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
  });

  it('sends nothing more while it waits', () => {
    const subject = draining();
    subject.course.tick(subject.connection, CLOSE_AT + 10);
    expect(subject.wire.sent).toHaveLength(2);
    expect(subject.connection[Field.state]).toBe('draining');
  });

  it('drops the connection when the server goes first', () => {
    const subject = draining();
    exceptions().dropped(subject.connection, 1006, '', CLOSE_AT + 10);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, replied: 1, failed: 1, lost: 1 });
    expect(subject.books.sum('connectionsDropped', 'reset')).toBe(1);
    expect(subject.books.sum('connectionsClosed')).toBe(0);
    expect(subject.books.sum('messagesPending')).toBe(0);
  });

  it('turns a stray into a mismatch, and the close follows', () => {
    const subject = draining();
    subject.course.received(subject.connection, 'garbage', CLOSE_AT + 10);
    expect(subject.connection[Field.state]).toBe('draining');
    runUntil(subject, LONG_AFTER);
    expect(messageBooks(subject)).toEqual({ ...NONE, sent: 2, replied: 1, failed: 1, mismatch: 1 });
    expect(subject.books.sum('connectionsClosed')).toBe(1);
  });
});

describe('a server that does not read', () => {
  const BIG = { WS_MESSAGE_SIZE: '10KB', WS_MESSAGE_INTERVAL: '10ms', WS_MESSAGE_TIMEOUT: '10s' };

  it('gets no more than its socket holds, and the report is told so once', () => {
    const subject = anOpen(BIG);
    runUntil(subject, CLOSE_AT - 1);
    expect(subject.wire.sent).toHaveLength(6);
    expect(subject.wire.sent.length * 10_000).toBeLessThanOrEqual(MAX_UNREAD_BYTES);
    expect(subject.wire.pings).toBe(1);
    expect(subject.books.details).toEqual(['sending paused, the server reads nothing']);
  });

  it('gets more once a pong shows that it reads: what was sent before the ping', () => {
    const subject = anOpen(BIG);
    runUntil(subject, START + 100);
    // The ping followed two messages.
    exceptions().ponged(subject.connection);
    expect(subject.connection[Field.unreadBytes]).toBe(40_000);
    runUntil(subject, START + 200);
    expect(subject.wire.sent).toHaveLength(8);
    expect(subject.wire.pings).toBe(2);
  });

  it('gets more after a reply: it has read that message and those before it, not those after', () => {
    const subject = anOpen(BIG);
    runUntil(subject, START + 200);
    expect(subject.wire.sent).toHaveLength(6);
    subject.course.received(subject.connection, subject.wire.sent[1] as string, START + 201);
    expect(subject.connection[Field.unreadBytes]).toBe(40_000);
    runUntil(subject, START + 300);
    expect(subject.wire.sent).toHaveLength(8);
    subject.course.received(subject.connection, subject.wire.sent[7] as string, START + 301);
    expect(subject.connection[Field.unreadBytes]).toBe(0);
  });

  it('gets no more for a pong that says less than a reply before it, nor for one that nothing asked for', () => {
    const subject = anOpen(BIG);
    runUntil(subject, START + 200);
    // The ping followed two messages; the reply is to the third, so the pong tells nothing new.
    subject.course.received(subject.connection, subject.wire.sent[2] as string, START + 201);
    expect(subject.connection[Field.unreadBytes]).toBe(30_000);
    exceptions().ponged(subject.connection);
    exceptions().ponged(subject.connection);
    expect(subject.connection[Field.unreadBytes]).toBe(30_000);
  });

  it('is never pinged while little is under way, however much it has answered', () => {
    for (const env of [{}, { WS_MESSAGE_SIZE: '15KB' }]) {
      const subject = anOpen(env);
      answerAll(subject, 20);
      expect(subject.wire.sent).toHaveLength(4);
      expect(subject.wire.pings).toBe(0);
    }
  });

  it('does not keep the connection from its planned close, nor the messages from their outcome', () => {
    for (const protocol of ['echo', 'send-only']) {
      const subject = anOpen({ ...BIG, WS_MESSAGE_TIMEOUT: '300ms', WS_PROTOCOL: protocol });
      runUntil(subject, LONG_AFTER);
      expect(subject.connection[Field.state]).toBe('ended');
      expect(subject.books.sum('connectionsClosed')).toBe(1);
      expect(subject.books.sum('messagesPending')).toBe(0);
      const { sent, replied, failed } = messageBooks(subject);
      expect(sent).toBe(replied + failed);
      expect(sent).toBe(6);
    }
  });
});
