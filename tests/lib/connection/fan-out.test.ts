import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, Request, Session } from '../../../lib/conversation/conversation.ts';
import type { Run } from '../../../lib/plan/run.ts';
import { seeded } from '../random.ts';
import { aConnecting, anOpen, type Setup, START, type Subject } from './a-connection.ts';

/** All of the hold counts. */
const COUNTS: Partial<Run> = { countFromMs: 0, countToMs: 100_000, connections: 10_000 };

/** Says its stamp; each frame is given to delivered(). */
function chat(reach: Request['reach'], more: Partial<Conversation> = {}): Conversation {
  return {
    requests: {
      say: { reply: 'none', ...(reach !== undefined && { reach }), frames: (session, n) => session.stamp(n) },
    },
    received: (session, frame) => {
      session.delivered(String(frame));
    },
    ...more,
  };
}

function aChat(reach: Request['reach'] = 3, setup: Setup = {}, more: Partial<Conversation> = {}) {
  return anOpen(chat(reach, more), { ...setup, run: { ...COUNTS, ...setup.run } });
}

function deliveries({ books }: Subject<undefined>) {
  return {
    expected: books.sum('ws_deliveries_expected'),
    delivered: books.sum('ws_deliveries'),
    duplicate: books.sum('ws_deliveries_duplicate'),
    times: books.values('ws_delivery_time'),
    unexpected: books.sum('ws_message_unexpected'),
  };
}

const NONE = { expected: 0, delivered: 0, duplicate: 0, times: [], unexpected: 0 };

/** Share of the requests' receivers that the samples say was reached. */
function share(...subjects: Subject<undefined>[]): number {
  const rated = (value: boolean) =>
    subjects.reduce((sum, { books }) => sum + books.rated('ws_delivery_success', value), 0);
  return rated(true) / rated(false);
}

/** The stamp of sender 5, request `n`, sent then. */
const stamp = (n: number, at = START, sender = 5, divisor = 1) => `k6s.${sender}.${n}.${at}.${divisor}.`;

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a stamp of a request without a reach', () => {
  it('is counted where nothing has one: times are measured, nothing is expected', () => {
    const subject = anOpen(chat(undefined), { run: COUNTS }).until(START);
    expect(subject.texts).toEqual([`k6s.0.1.${START}.1.`]);
    subject.receive(stamp(1));
    expect(deliveries(subject)).toEqual({ ...NONE, delivered: 1, times: [0] });
  });

  it('is not counted beside requests that have one: it would not be expected', () => {
    const both = chat(3).requests as Record<string, Request>;
    const requests = { ...both, say: { ...both['say'], weight: 0 }, tell: { ...both['say'] } } as Record<
      string,
      Request
    >;
    delete requests['tell']?.reach;
    const subject = anOpen(chat(3, { requests }), { run: COUNTS }).until(START);
    expect(subject.texts).toEqual([`k6s.0.1.${START}.0.`]);
  });
});

describe('a stamp', () => {
  it('tells sender, request, time and divisor, in ASCII without quotes or spaces', () => {
    const subject = aChat(3, { index: 1, env: { WS_CONNECTIONS: '2' } }).until(START + 250);
    expect(subject.texts).toEqual([`k6s.1.1.${START + 250}.1.`]);
    expect(subject.texts[0]).toMatch(/^[\w.]+$/);
  });

  it('is found anywhere in a text, several times as well', () => {
    const subject = aChat().until(START + 20);
    subject.receive(`{"text":"hello ${stamp(1)}","again":"${stamp(2)}"}`);
    expect(deliveries(subject)).toMatchObject({ delivered: 2, times: [20, 20], unexpected: 0 });
  });

  it.each(['', 'hello', 'k6s.', 'k6s.1.2', 'k6s.a.b.c.d.', 'k6s.1.0.1000000.1.', 'k6s.5.1.1000000.1'])(
    'is not in %j, which is unexpected then',
    (text) => {
      const subject = aChat().until(START);
      expect(subject.session.delivered(text)).toBe(false);
      expect(deliveries(subject.receive(text))).toMatchObject({ delivered: 0, unexpected: 1 });
    },
  );

  it('has its latency, below 0 as well where clocks differ', () => {
    const subject = aChat().until(START + 100);
    subject
      .receive(stamp(1, START + 30))
      .receive(stamp(2, START + 170))
      .receive(stamp(3, START + 30), START + 42.5);
    expect(deliveries(subject).times).toEqual([70, -70, 12.5]);
  });

  it('keeps a share of the times only, and counts all', () => {
    const subject = aChat(3, { run: { sampleShare: 0.5 } }).until(START);
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(deliveries(subject.receive(stamp(1)))).toMatchObject({ delivered: 1, times: [] });
  });
});

describe('a delivery', () => {
  it('that comes twice counts once, and the double apart', () => {
    const subject = aChat().until(START).receive(stamp(1)).receive(stamp(1)).receive(stamp(2)).receive(stamp(1));
    expect(deliveries(subject)).toMatchObject({ delivered: 2, duplicate: 2, unexpected: 0 });
  });

  it('may be overtaken by others of its sender, up to 32', () => {
    const subject = aChat().until(START).receive(stamp(40));
    for (let n = 39; n > 8; n--) subject.receive(stamp(n));
    expect(deliveries(subject)).toMatchObject({ delivered: 32, duplicate: 0 });
    for (let n = 40; n > 8; n--) subject.receive(stamp(n));
    expect(deliveries(subject)).toMatchObject({ delivered: 32, duplicate: 32 });
    // What is older than that cannot be told from a double.
    expect(deliveries(subject.receive(stamp(8)))).toMatchObject({ delivered: 32, duplicate: 32, unexpected: 0 });
    expect(subject.books.words('detail')).toEqual(['a delivery came too late to be told from a double']);
    const older = aChat().until(START).receive(stamp(40)).receive(stamp(7));
    expect(deliveries(older)).toMatchObject({ delivered: 1, duplicate: 0 });
  });

  it.each([31, 32, 33, 1_000_000])('is known from one %i requests earlier', (step) => {
    const subject = aChat()
      .until(START)
      .receive(stamp(1))
      .receive(stamp(1 + step))
      .receive(stamp(1 + step));
    expect(deliveries(subject)).toMatchObject({ delivered: 2, duplicate: 1 });
  });

  it('that leaps ahead takes nothing from those right before it', () => {
    const subject = aChat().until(START);
    for (const n of [1, 2, 34, 33]) subject.receive(stamp(n));
    expect(deliveries(subject)).toMatchObject({ delivered: 4, duplicate: 0 });
  });

  it('is known by its sender, too', () => {
    const subject = aChat().until(START);
    for (const sender of [1, 2, 3]) subject.receive(stamp(7, START, sender));
    expect(deliveries(subject)).toMatchObject({ delivered: 3, duplicate: 0 });
  });

  it('is known for a thousand senders; of more the longest known is forgotten', () => {
    const subject = aChat().until(START);
    for (let sender = 1; sender <= 1_000; sender++) subject.receive(stamp(1, START, sender));
    expect(deliveries(subject.receive(stamp(1, START, 1)))).toMatchObject({ delivered: 1_000, duplicate: 1 });
    subject.receive(stamp(1, START, 1_001)).receive(stamp(1, START, 2));
    expect(deliveries(subject)).toMatchObject({ delivered: 1_001, duplicate: 2 });
    expect(deliveries(subject.receive(stamp(1, START, 1)))).toMatchObject({ delivered: 1_002, duplicate: 2 });
  });

  it('of any order and number is counted as a set would count it', () => {
    const random = seeded(3);
    const subject = aChat().until(START);
    const seen = new Set<number>();
    let newest = 0;
    for (let i = 0; i < 5_000; i++) {
      const n = Math.max(1, newest - 30 + Math.floor(random() * 33));
      newest = Math.max(newest, n);
      seen.add(n);
      subject.receive(stamp(n));
    }
    expect(deliveries(subject)).toMatchObject({ delivered: seen.size, duplicate: 5_000 - seen.size });
  });

  it('that was sent before ready() is ignored, and no frame is unexpected for it', () => {
    const subject = aConnecting(chat(3, { opened: (session) => session.after(100, (later) => later.ready()) }), {
      run: COUNTS,
    }).open();
    subject.receive(stamp(1)).until(START + 100);
    expect(subject.phase).toBe('ready');
    subject.receive(stamp(2, START + 99));
    expect(deliveries(subject)).toMatchObject({ delivered: 0, duplicate: 0, times: [], unexpected: 0 });
    expect(deliveries(subject.receive(stamp(3, START + 100)))).toMatchObject({ delivered: 1 });
  });

  it('that was sent before the attempt is ignored where there is no login', () => {
    const subject = aChat()
      .until(START)
      .receive(stamp(1, START - 1));
    expect(deliveries(subject)).toMatchObject({ delivered: 0, duplicate: 0, times: [], unexpected: 0 });
  });

  it('after the end is nothing', () => {
    const subject = aChat().gone(1006);
    expect(subject.session.delivered(stamp(1))).toBe(false);
    expect(deliveries(subject)).toEqual(NONE);
  });

  it.each([
    `k6s.5.1.${START}.1e-300.`,
    `k6s.5.1.${START}.NaN.`,
    `k6s.5.1.${START}.-1.`,
    'k6s.5.1.1e999.1.',
    `k6s.5.0.${START}.1.`,
    `k6s.5.1e-9.${START}.1.`,
  ])('that a server has changed is none: %s', (text) => {
    const subject = aChat();
    expect(subject.session.delivered(text)).toBe(false);
    expect(deliveries(subject)).toEqual(NONE);
  });
});

describe('the reach of a request', () => {
  it('is asked before frames(), of its session', () => {
    const asked: string[] = [];
    const reach = (session: Session) => {
      asked.push(`reach of ${session.index}`);
      return 7;
    };
    const frames = (session: Session, n: number) => {
      asked.push('frames');
      return session.stamp(n);
    };
    const subject = aChat(3, {}, { requests: { say: { reach, frames } } }).until(START);
    expect(asked).toEqual(['reach of 0', 'frames']);
    expect(deliveries(subject).expected).toBe(7);
  });

  it('of a request that sends nothing expects nothing', () => {
    const subject = aChat(3, {}, { requests: { say: { reach: 3, frames: () => null } } }).until(START);
    expect(deliveries(subject)).toEqual(NONE);
  });

  it('of a request that cannot be sent expects nothing', () => {
    const frames = (session: Session, n: number) => [session.stamp(n), 7 as unknown as string];
    const subject = aChat(3, {}, { requests: { say: { reach: 3, frames } } }).until(START);
    expect(subject.books.sum('ws_script_errors')).toBe(1);
    expect(subject.books.sum('ws_messages_sent')).toBe(0);
    expect(deliveries(subject)).toEqual(NONE);
  });

  it('of a request that was not made is not that of the next stamp', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const subject = aChat(
      3,
      { env: { WS_HOLD: '10s' } },
      {
        requests: {
          room: { reach: 3, frames: () => null },
          own: { reply: 'none', frames: (session, n) => session.stamp(n) },
        },
      },
    ).until(START);
    random.mockReturnValue(0.9);
    subject.until(START + 400);
    expect(subject.texts.map((text) => text.split('.')[4])).toEqual(['0']);
  });

  it('without a stamp is a script error', () => {
    const subject = aChat(3, {}, { requests: { say: { reach: 3, frames: () => 'hello' } } }).until(START);
    expect(subject.texts).toEqual([]);
    expect(subject.books.words('script error')[0]).toContain(
      'Error: request say has a reach but no stamp: put session.stamp(n) into its frames',
    );
  });

  it('without a stamp is one although an earlier request had one', () => {
    const frames = (session: Session, n: number) => (n === 1 ? session.stamp(n) : 'hello');
    const subject = aChat(3, {}, { requests: { say: { reach: 3, reply: 'none', frames } } }).until(START + 100_000);
    expect(subject.texts).toHaveLength(1);
    expect(subject.books.words('script error')[0]).toContain('request say has a reach but no stamp');
  });

  it.each([-1, 1.5, Number.NaN, undefined, '3'])('that is %s is a script error', (reach) => {
    const subject = aChat(() => reach as number).until(START);
    expect(subject.books.words('script error')[0]).toMatch(
      /^RangeError: reach is .*: expected a whole number of connections, for example 10/,
    );
  });

  it('may be nobody', () => {
    const subject = aChat(0).until(START);
    expect(deliveries(subject)).toEqual(NONE);
    expect(subject.texts).toHaveLength(1);
  });

  it('counts only while all who should receive are up, and its stamps say so', () => {
    const subject = aChat(3, { run: { countFromMs: 400, countToMs: 1_200 } }).until(START + 1_400);
    expect(subject.texts.map((text) => text.split('.')[4])).toEqual(['0', '1', '1', '0']);
    expect(deliveries(subject).expected).toBe(6);
    for (const text of subject.texts) subject.receive(text);
    expect(deliveries(subject)).toMatchObject({ delivered: 2, duplicate: 0, unexpected: 0 });
  });
});

describe('in a run in steps', () => {
  const steps = { size: 100, eachMs: 1_000, fromMs: 0, toMs: 1_000, endMs: 1_000 };
  /** Whose own clock says that it is the first step. */
  const aStep = (reach?: Request['reach']) => {
    const subject = anOpen(chat(reach), { run: { ...COUNTS, steps, connections: 250 } });
    subject.vu.judgedStep = () => ({ step: '100' });
    return subject;
  };

  it('a stamp tells the step that it is sent in', () => {
    expect(aStep(3).until(START).texts).toEqual([`k6s.0.1.${START}.1.100.`]);
    expect(aStep().until(START).texts).toEqual([`k6s.0.1.${START}.1.`]);
    // Of no request, after one: it counts for nothing.
    expect(aStep(3).until(START).session.stamp(9)).toBe(`k6s.0.9.${START}.0.`);
  });

  it.each([
    ['200.', '200'],
    ['250.', '250'],
    // None of this run: the receiver's own.
    ['150.', '100'],
    ['300.', '100'],
    ['0.', '100'],
    ['', '100'],
  ])('a delivery with "%s" behind its stamp is one of step %s, whatever the receiver’s clock says', (told, step) => {
    const subject = aStep(3).receive(`${stamp(1)}${told}`);
    expect(subject.books.sum('ws_deliveries')).toBe(1);
    expect(subject.books.sum('ws_deliveries', { step })).toBe(1);
    expect(subject.books.rated('ws_delivery_success', true, { step })).toBe(1);
  });
});

describe('the share delivered', () => {
  const random = seeded(11);

  it.each([1, 9, 10, 100, 333, 1_000, 1_499, 1_500, 1_501, 9_999])(
    'of a reach of %i is right to a thousandth with few samples',
    (reach) => {
      vi.spyOn(Math, 'random').mockImplementation(random);
      const sender = anOpen(chat(reach), {
        env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '10ms' },
        run: { countFromMs: 0, countToMs: 3_600_000 },
      });
      const requests = Math.ceil(6_000 / reach) + 30;
      // A server that reads.
      for (let i = 1; i <= requests; i++) sender.until(START + 10 * i).pong();
      // As many receivers as its reach, all in one VU of k6/websockets; nineteen of twenty stamps arrive.
      const receiver = aChat(1, { env: { WS_HOLD: '1h' } });
      let delivered = 0;
      let expected = 0;
      for (const [i, text] of sender.texts.entries()) {
        for (let who = 0; who < reach; who++) {
          expected += 1;
          if ((i * reach + who) % 20 === 0) continue;
          delivered += 1;
          receiver.receive(text.replace(/^k6s\.0/, `k6s.${who}`));
          if (who % 500 === 499) receiver.connection.rare = null;
        }
      }
      expect(deliveries(sender).expected).toBe(expected);
      expect(deliveries(receiver)).toMatchObject({ delivered, duplicate: 0 });
      const samples = sender.books.rated('ws_delivery_success', false);
      expect(samples / sender.texts.length).toBeLessThanOrEqual(Math.min(reach, 1_501));
      const spread = 1 / samples;
      expect(Math.abs(share(sender, receiver) - delivered / expected)).toBeLessThan(Math.max(0.001, 2 * spread));
    },
  );

  it('carries what is no whole sample over to the next request', () => {
    const sender = anOpen(chat(1_501), { env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '10ms' }, run: COUNTS }).until(
      START + 1_990,
    );
    // Each second receiver of 1,501: 750 or 751, in turns.
    const samples = sender.books.rated('ws_delivery_success', false);
    expect(sender.texts).toHaveLength(200);
    expect(samples).toBe((200 * 1_501) / 2);
  });
});
