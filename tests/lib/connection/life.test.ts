import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '../../../lib/conversation/conversation.ts';
import { sendOnly } from '../../../lib/conversation/send-only.ts';
import type { Run } from '../../../lib/plan/run.ts';
import { anEcho, anOpen, CLOSE_AT, LONG_AFTER, NO_MESSAGES, START, type Subject, spoken } from './a-connection.ts';

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

/** Sends the first message at the start; answers nothing. */
function sendFirst(run: Partial<Run> = {}, env: Record<string, string> = {}) {
  const subject = anEcho({ run, env }).until(START);
  expect(subject.texts).toHaveLength(1);
  return subject;
}

/** Each message is answered `afterMs` after it was sent, until the end of the connection. */
function answerAll(subject: Subject<never>, afterMs: number): void {
  let answered = 0;
  while (subject.wakeAt > 0) {
    subject.until(subject.wakeAt);
    const sentAt = subject.now;
    for (; answered < subject.texts.length; answered++) {
      subject.now = sentAt + afterMs;
      subject.receive(subject.texts[answered] as string);
      subject.now = sentAt;
    }
  }
}

beforeEach(() => {
  // The first message is due at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the clock of messages', () => {
  it('starts at a random time within the first interval', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const subject = anEcho({ run: { sendStepMs: 1 } });
    expect(subject.wakeAt).toBe(START + 200);
  });

  it('goes at whole multiples of its step', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(anEcho({ run: { sendStepMs: 7 } }).wakeAt % 7).toBe(0);
  });

  it('sends one each interval until the planned close, and none at it', () => {
    const subject = anEcho({ run: { messageIntervalMs: 500 } }).until(CLOSE_AT);
    expect(subject.messages().sent).toBe(3);
    expect(new Set(subject.texts).size).toBe(3);
  });

  it('makes up for what a late generator owes, in its own time', () => {
    const subject = anEcho();
    subject.tick(START + 900);
    expect(subject.texts).toHaveLength(3);
    expect(subject.wakeAt).toBe(START + 1_200);
  });

  it('owes no reply-awaiting message that is a second late while much is under way', () => {
    const subject = anEcho({ env: { WS_MESSAGE_SIZE: '4096', WS_HOLD: '10s' } });
    subject.tick(START + 4_000);
    // Two make more than 4,096 bytes; those a second late wait for a reply, then go on one after the other.
    expect(subject.texts).toHaveLength(2);
    expect(subject.wakeAt).toBe(START + 4_400);
  });

  it('goes on after such a stall once the server says that it has read, and the stall is the generator’s', () => {
    const subject = anEcho({
      env: { WS_MESSAGE_SIZE: '4096', WS_HOLD: '60s', WS_MESSAGE_TIMEOUT: '5s' },
      run: { lagStep: 1_000 },
    });
    subject.tick(START + 4_000);
    expect(subject.wire.pings).toBe(1);
    expect(subject.books.values('generator_lag').at(-1)).toBe(4_000 - 800);
    // Neither of the two is answered.
    subject.pong();
    for (let at = START + 4_400; at < START + 40_000; at += 400) {
      subject.until(at);
      subject.pong();
      subject.receive(subject.texts.at(-1) as string);
    }
    const { sent, answered } = subject.messages();
    expect([subject.wire.sent.length, sent, answered > 80]).toEqual([100, 100, true]);
    // Once, not for each tick in which something was owed.
    expect(subject.books.values('generator_lag').filter((lag) => Number(lag) > 1_000)).toHaveLength(1);
  });

  it('goes on where the conversation is slow to read, if nothing awaits a reply', () => {
    const subject = anOpen(sendOnly({ size: 4096 }), {
      isLean: true,
      env: { WS_HOLD: '10s', WS_MESSAGE_SIZE: '4096' },
    });
    subject.tick(START + 1_600);
    expect(subject.texts).toHaveLength(5);
  });

  it('samples how late it is each so many messages, and late ones no more often than others', () => {
    const subject = anEcho({ run: { lagStep: 2 }, env: { WS_HOLD: '10s' } });
    const before = subject.books.values('generator_lag').length;
    subject.tick(START + 10);
    subject.tick(START + 420);
    expect(subject.books.values('generator_lag').slice(before)).toEqual([20]);
    subject.tick(START + 1_830);
    // Due at 800 and at 1,200, and at 1,600: the first is more than a second late.
    expect(subject.books.values('generator_lag').slice(before)).toEqual([20, 630]);
  });

  it('samples by the place in the ramp, so that connections that began together do not do it together', () => {
    const subject = anEcho({ index: 1, run: { lagStep: 2 }, env: { WS_CONNECTIONS: '2', WS_HOLD: '10s' } });
    const before = subject.books.values('generator_lag').length;
    subject.tick(START + 250);
    expect(subject.books.values('generator_lag')).toHaveLength(before + 1);
  });

  it('counts n from 1 on, and none where there is nothing to send', () => {
    const given: (string | string[] | null)[] = [null, 'a', [], 'b'];
    const asked: number[] = [];
    const subject = anOpen(
      spoken({
        requests: {
          ask: {
            frames(_session, n) {
              asked.push(n);
              return given.shift() ?? null;
            },
          },
        },
      }),
      { env: { WS_HOLD: '10s' } },
    ).until(START + 1_600);
    expect(asked).toEqual([1, 1, 2, 2, 3]);
    expect(subject.texts).toEqual(['a', 'b']);
    expect(subject.messages().sent).toBe(2);
  });

  it('sends several frames as one request', () => {
    const subject = anOpen(spoken({ requests: { ask: { frames: () => ['a', new Uint8Array([98]), bytes('c')] } } }));
    subject.until(START);
    expect(subject.texts).toEqual(['a', 'b', 'c']);
    expect(subject.messages().sent).toBe(1);
  });
});

describe('a reply', () => {
  it('is answered with its round trip, and with the time since it was due', () => {
    const subject = anEcho();
    subject.tick(START + 30);
    subject.now = START + 50;
    subject.receive(subject.texts[0] as string);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1 });
    expect(subject.books.values('ws_message_rtt')).toEqual([20]);
    expect(subject.books.values('ws_message_response_time')).toEqual([50]);
  });

  it('counts from when k6 read it, where k6 tells that', () => {
    const subject = sendFirst();
    subject.now = START + 90;
    subject.receive(subject.texts[0] as string, START + 12.5);
    expect(subject.books.values('ws_message_rtt')).toEqual([12.5]);
  });

  it('that k6 read in time is in time, however late it is handled', () => {
    const subject = sendFirst();
    subject.now = START + 350;
    subject.receive(subject.texts[0] as string, START + 300);
    expect(subject.messages().answered).toBe(1);
  });

  it('that the conversation finds out when it sends came then, not when the last frame did', () => {
    const frames = (session: Session, n: number) => {
      session.answered(n - 1);
      return String(n);
    };
    const subject = anOpen(spoken({ requests: { ask: { frames } } }), { env: { WS_MESSAGE_TIMEOUT: '1s' } });
    subject.until(START).receive('pushed news', START + 100);
    subject.until(START + 400);
    expect(subject.books.values('ws_message_rtt')).toEqual([400]);
  });

  it('never takes less than no time, as clocks that step can have it', () => {
    const subject = sendFirst();
    subject.receive(subject.texts[0] as string, START - 5);
    expect(subject.books.values('ws_message_rtt')).toEqual([0]);
    expect(subject.books.values('ws_message_response_time')).toEqual([0]);
  });

  it('in the last millisecond of its time is answered, and one later is not', () => {
    for (const [after, books] of [
      [300, { sent: 1, answered: 1 }],
      [301, { sent: 1, timeout: 1, unexpected: 1 }],
    ] as const) {
      const subject = sendFirst();
      subject.now = START + after;
      subject.receive(subject.texts[0] as string);
      expect(subject.messages()).toEqual({ ...NO_MESSAGES, ...books });
    }
  });

  it('as bytes counts as well', () => {
    const subject = sendFirst();
    subject.receive(bytes(subject.texts[0] as string));
    expect(subject.messages().answered).toBe(1);
  });

  it('to an older request is that one’s', () => {
    const subject = anEcho({ env: { WS_MESSAGE_TIMEOUT: '1s' } });
    subject.until(START + 400);
    subject.receive(subject.texts[0] as string);
    expect(subject.books.values('ws_message_rtt')).toEqual([400]);
    subject.receive(subject.texts[1] as string);
    expect(subject.books.values('ws_message_rtt')).toEqual([400, 0]);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 2, answered: 2 });
  });

  it('keeps a share of the samples only', () => {
    const random = vi.spyOn(Math, 'random');
    const subject = anEcho({ run: { sampleShare: 0.5 }, env: { WS_HOLD: '10s' } });
    for (const chance of [0.49, 0.5]) {
      subject.until(subject.wakeAt);
      random.mockReturnValue(chance);
      subject.receive(subject.texts.at(-1) as string);
    }
    expect(subject.messages().answered).toBe(2);
    expect(subject.books.values('ws_message_rtt')).toHaveLength(1);
  });

  it.each(['something else', '', '{"id":"k6-10000001-10000001","pad":""}'])(
    'that is none is unexpected: %j',
    (frame) => {
      const subject = sendFirst();
      subject.receive(frame);
      expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, unexpected: 1 });
    },
  );

  it('that comes twice is unexpected the second time', () => {
    const subject = sendFirst();
    subject.receive(subject.texts[0] as string).receive(subject.texts[0] as string);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1, unexpected: 1 });
  });
});

describe('requests that wait', () => {
  it('cost no sample when they are answered before the next one', () => {
    const subject = anEcho();
    answerAll(subject as Subject<never>, 10);
    expect(subject.messages()).toMatchObject({ sent: 4, answered: 4 });
    expect(subject.books.values('ws_messages_pending')).toEqual([]);
  });

  it('are on their counter from the next tick until they have an outcome', () => {
    const subject = anEcho({ env: { WS_MESSAGE_TIMEOUT: '1s' } }).until(START + 400);
    expect(subject.books.sum('ws_messages_pending')).toBe(1);
    subject.receive(subject.texts[0] as string).receive(subject.texts[1] as string);
    subject.until(LONG_AFTER);
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });
});

describe('requests that wait', () => {
  it('are off their counter when they have an outcome, not only at the end', () => {
    const subject = anOpen(spoken(), { env: { WS_MESSAGE_TIMEOUT: '5s', WS_HOLD: '3s' } }).until(START + 400);
    expect(subject.books.sum('ws_messages_pending')).toBe(1);
    subject
      .receive('1')
      .receive('2')
      .until(START + 800);
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });

  it('may get their outcome from the last that the conversation does', () => {
    const frames = (session: Session<undefined>, n: number) => {
      if (session.index === 0 && asked === 3) session.answered(1);
      asked += 1;
      return n === 1 ? '1' : null;
    };
    let asked = 0;
    const subject = anOpen({ ...spoken(), requests: { ask: { frames } } }, { env: { WS_MESSAGE_TIMEOUT: '5s' } });
    subject.until(START + 800).tick(CLOSE_AT);
    expect([subject.ended, subject.messages().answered]).toEqual([true, 1]);
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });
});

describe('the planned close', () => {
  it('comes after what a late generator owes, with timers as without', () => {
    const owed = (timers: boolean) => {
      const subject = anOpen(spoken(), { env: { WS_MESSAGE_TIMEOUT: '5s' } });
      if (timers) subject.session.after(10_000, () => undefined);
      subject.tick(CLOSE_AT + 50);
      return subject.messages().sent;
    };
    expect([owed(false), owed(true)]).toEqual([4, 4]);
  });

  it('closes with 1000, counts as closed and held, and is the end', () => {
    const subject = anEcho();
    answerAll(subject as Subject<never>, 10);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.ended).toBe(true);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
    expect(subject.books.values('ws_connections_held')).toEqual([true]);
    expect(subject.books.sum('ws_connections_dropped')).toBe(0);
  });

  it('comes at its time, after all batches before it', () => {
    const env = { WS_CONNECTIONS: '3' };
    const subject = anOpen({ received: () => undefined }, { env, index: 2 });
    // Three batches: the ramp takes 250 ms longer for each.
    expect(subject.connection.closeAt).toBe(START + 3 * 250 + 1_000 + 250 + 2 * 250);
    subject.until(subject.connection.closeAt - 1);
    expect(subject.phase).toBe('ready');
    subject.until(subject.connection.closeAt);
    expect(subject.ended).toBe(true);
  });

  it('is written down when the transport confirms it, where that comes later', () => {
    const subject = anOpen({ received: () => undefined }, { isOverK6Ws: true }).until(LONG_AFTER);
    expect(subject.phase).toBe('closing');
    expect(subject.books.sum('ws_connections_closed')).toBe(0);
    subject.gone(1006);
    expect(subject.phase).toBe('closing');
    subject.life.finish(subject.connection);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.books.sum('ws_connections_dropped')).toBe(0);
  });

  it('lets frames that come after it be', () => {
    const subject = anEcho().until(LONG_AFTER);
    const before = subject.messages();
    subject.receive('late');
    expect(subject.messages()).toEqual(before);
  });
});

it('a write that ends the connection before it returns is the end of its sending', () => {
  const subject = anEcho();
  subject.wire.onSend = () => subject.gone(1006);
  expect(subject.tick(START + 900)).toBe(0);
  expect(subject.texts).toHaveLength(1);
  expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, lost: 1 });
});
