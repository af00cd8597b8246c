import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, Request, Session } from '../../../lib/conversation/conversation.ts';
import { seeded } from '../random.ts';
import { anOpen, LONG_AFTER, NO_MESSAGES, type Setup, START, spoken } from './a-connection.ts';

const LONG: Setup = { env: { WS_HOLD: '10s', WS_MESSAGE_TIMEOUT: '1s' } };

/** A conversation whose requests say their kind and number. */
function kinds(requests: Record<string, Partial<Request>>): Conversation {
  const entries = Object.entries(requests).map(([name, request]) => [
    name,
    { frames: (_session: unknown, n: number) => `${name} ${n}`, ...request },
  ]);
  return spoken({ requests: Object.fromEntries(entries) });
}

/** The first request of this kind has been sent. */
function sendFirst(request: Partial<Request> = {}, setup: Setup = LONG) {
  const subject = anOpen(kinds({ ask: request }), setup).until(START);
  expect(subject.texts).toEqual(['ask 1']);
  return subject;
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('of several kinds', () => {
  it('each is chosen by its weight', () => {
    vi.spyOn(Math, 'random').mockImplementation(seeded(7));
    const subject = anOpen(
      kinds({ often: { weight: 6, reply: 'none' }, seldom: { reply: 'none' }, half: { weight: 0.5, reply: 'none' } }),
      { env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '100ms' } },
    );
    // A server that reads.
    for (let at = START; at < START + 500_000; at += 10_000) subject.until(at).pong();
    const share = (kind: string) => subject.books.sum('ws_messages_sent', { request: kind }) / 4_900;
    expect(share('often')).toBeCloseTo(6 / 7.5, 1);
    expect(share('seldom')).toBeCloseTo(1 / 7.5, 1);
    expect(share('half')).toBeCloseTo(0.5 / 7.5, 1);
  });

  it('one of weight 0 never is, wherever it stands', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const subject = anOpen(kinds({ a: { weight: 0 }, b: {}, c: { weight: 0 } }), LONG).until(START);
    random.mockReturnValue(0.999_999);
    subject.until(START + 400);
    expect(subject.texts).toEqual(['b 1', 'b 2']);
  });

  it('all samples of a request carry its kind, and n counts over all', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const subject = anOpen(kinds({ a: {}, b: {} }), LONG).until(START);
    random.mockReturnValue(0.9);
    subject
      .until(START + 400)
      .receive('1')
      .receive('refused 2 no');
    expect(subject.texts).toEqual(['a 1', 'b 2']);
    const tagged = subject.books.samples.filter(({ tags }) => tags['request'] !== undefined);
    expect(tagged.map(({ metric, value, tags }) => [metric, value, tags])).toEqual([
      ['ws_messages_sent', 1, { request: 'a' }],
      ['ws_messages_sent', 1, { request: 'b' }],
      ['ws_message_success', true, { request: 'a' }],
      ['ws_message_rtt', 400, { request: 'a' }],
      ['ws_message_response_time', 400, { request: 'a' }],
      ['ws_message_success', false, { request: 'b' }],
      ['ws_message_failures', 1, { request: 'b', reason: 'refused' }],
    ]);
  });

  it('a single kind needs no tag', () => {
    const subject = sendFirst();
    subject.receive('1');
    expect(subject.books.samples.filter(({ tags }) => Object.keys(tags).length > 0)).toEqual([]);
  });

  it('each has its own time, and the one whose time is over first fails first', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const subject = anOpen(kinds({ slow: { timeoutMs: 3_000 }, fast: { timeoutMs: 100 } }), LONG).until(START);
    random.mockReturnValue(0.9);
    subject.until(START + 400).until(START + 800);
    const failed = (request: string) => subject.books.sum('ws_message_failures', { reason: 'timeout', request });
    expect([failed('slow'), failed('fast')]).toEqual([0, 1]);
    subject.receive('1');
    expect(subject.messages().answered).toBe(1);
  });
});

describe('a request', () => {
  it('without a reply in time is a timeout; the reply that comes then is unexpected', () => {
    const subject = sendFirst().until(START + 1_001);
    subject.tick();
    expect(subject.messages()).toMatchObject({ timeout: 1, answered: 0, unexpected: 0 });
    subject.receive('1');
    expect(subject.messages()).toMatchObject({ timeout: 1, answered: 0, unexpected: 1 });
  });

  it('can have a time of its own', () => {
    const subject = sendFirst({ timeoutMs: 50 });
    subject.now = START + 51;
    subject.receive('1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, timeout: 1, unexpected: 1 });
  });

  it('of which no reply is wanted is over once sent, and no frame answers it', () => {
    const subject = sendFirst({ reply: 'none' });
    expect(subject.session.answered(1)).toBe(false);
    subject.receive('1').until(LONG_AFTER);
    const { sent } = subject.messages();
    expect(sent).toBeGreaterThan(1);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent, unexpected: 1 });
    expect(subject.books.values('ws_messages_pending')).toEqual([]);
  });

  it('is known by its number alone', () => {
    const subject = sendFirst();
    for (const n of [0, 2, -1, Number.NaN, undefined as never]) expect(subject.session.answered(n)).toBe(false);
    expect(subject.session.answered(1)).toBe(true);
    expect(subject.session.answered(1)).toBe(false);
    expect(subject.messages().answered).toBe(1);
  });

  it('that is refused has failed with its word; an answer after it is silent', () => {
    const subject = sendFirst().receive('refused 1 room full');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, refused: 1 });
    expect(subject.books.rated('ws_message_success', false)).toBe(1);
    expect(subject.books.words('refused')).toEqual(['room full']);
    expect(subject.session.answered(1)).toBe(false);
    subject.receive('1').receive('partly 1').receive('refused 1 again');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, refused: 1 });
    expect(subject.books.words('refused')).toEqual(['room full']);
  });

  it('cannot be refused once it is answered, late, unknown, or without a reply', () => {
    const subject = sendFirst().receive('1').receive('refused 1 no').receive('refused 7 no');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1, unexpected: 2 });
    const late = sendFirst();
    late.now = START + 1_001;
    late.receive('refused 1 no');
    expect(late.messages()).toEqual({ ...NO_MESSAGES, sent: 1, timeout: 1, unexpected: 1 });
    expect(late.books.words('refused')).toEqual([]);
  });

  it('that was refused shows that the server reads', () => {
    const subject = sendFirst();
    expect(subject.connection.readBytes).toBe(0);
    subject.receive('refused 1 no');
    expect(subject.connection.readBytes).toBe(subject.connection.sentBytes);
  });

  it('of several replies takes the time of the first one, and ends with the last', () => {
    const subject = sendFirst();
    subject.now = START + 20;
    subject.receive('partly 1');
    subject.now = START + 30;
    subject.receive('partly 1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1 });
    subject.now = START + 90;
    subject.receive('1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1 });
    expect(subject.books.values('ws_message_first_reply')).toEqual([20]);
    expect(subject.books.values('ws_message_rtt')).toEqual([90]);
  });

  it('has until its time is over for all of its replies', () => {
    const subject = sendFirst();
    subject.now = START + 990;
    subject.receive('partly 1');
    subject.now = START + 1_001;
    subject.receive('partly 1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, timeout: 1, unexpected: 1 });
  });

  it('that ends with its first reply lets the others be silent', () => {
    const subject = sendFirst({ reply: 'first' });
    subject.now = START + 20;
    subject.receive('partly 1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1 });
    subject.receive('partly 1').receive('1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1 });
    expect(subject.books.values('ws_message_first_reply')).toEqual([20]);
    expect(subject.books.values('ws_message_rtt')).toEqual([20]);
  });

  it('that ends with its first reply is answered by its last one as well', () => {
    const subject = sendFirst({ reply: 'first' }).receive('1').receive('1').receive('partly 1');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, answered: 1 });
  });

  it('has a first reply of its own, whatever came of the one before', () => {
    const subject = sendFirst()
      .receive('partly 1')
      .receive('1')
      .until(START + 400);
    expect(subject.texts).toEqual(['ask 1', 'ask 2']);
    subject
      .receive('partly 2')
      .receive('partly 2')
      .receive('2')
      .until(START + 800);
    subject
      .receive('3')
      .until(START + 1_200)
      .receive('partly 4');
    expect(subject.books.values('ws_message_first_reply')).toHaveLength(3);
    expect(subject.messages()).toMatchObject({ sent: 4, answered: 3 });
  });

  it('partly answered that is unknown leads to nothing', () => {
    const subject = sendFirst().receive('partly 9');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, unexpected: 1 });
  });

  it('whose connection goes is lost, and one whose time is over by then a timeout', () => {
    const subject = sendFirst({}, { env: { WS_HOLD: '10s', WS_MESSAGE_TIMEOUT: '1s', WS_MESSAGE_INTERVAL: '900ms' } });
    subject.until(START + 900);
    subject.now = START + 1_100;
    subject.gone(1006);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 2, timeout: 1, lost: 1 });
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });

  it('is forgotten after a thousand others of which replies may still come', () => {
    const subject = anOpen(kinds({ ask: { reply: 'first' } }), {
      env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '10ms', WS_MESSAGE_TIMEOUT: '1s' },
    });
    for (let n = 1; n <= 1_001; n++) subject.until(START + 10 * (n - 1)).receive(String(n));
    subject.receive('partly 2');
    expect(subject.messages()).toMatchObject({ answered: 1_001, unexpected: 0 });
    subject.receive('partly 1');
    expect(subject.messages()).toMatchObject({ answered: 1_001, unexpected: 1 });
  });
});

it('what frames() took is no time of the server’s, and none of its timeout', () => {
  let slow = 250;
  const frames = () => {
    clock += slow;
    return 'x';
  };
  let clock = START;
  const subject = anOpen(spoken({ requests: { ask: { frames } } }), {
    clock: () => clock,
    env: { WS_MESSAGE_TIMEOUT: '100ms' },
  }).until(START);
  subject.until(START + 260).receive('1');
  expect(subject.books.values('ws_message_rtt')).toEqual([10]);
  expect(subject.books.values('ws_message_response_time')).toEqual([260]);
  clock = START + 400;
  slow = 0;
  subject.until(START + 501).receive('2');
  expect(subject.messages()).toMatchObject({ sent: 2, answered: 1, timeout: 1 });
});

it.each([
  ['answered', (session: Session, frame: unknown) => session.answered(frame as never)],
  ['partly', (session: Session, frame: unknown) => session.partly(frame as never)],
  ['refused', (session: Session, frame: unknown) => session.refused(frame as never, 'no')],
])('%s() of a text that is no request, as an id of the server’s own, has no effect and is told', (_, received) => {
  const subject = anOpen(spoken({ received })).until(START);
  for (const id of ['evt_93', '93', '']) subject.receive(id);
  expect(subject.books.words('detail')).toEqual(
    Array(3).fill('answered(), partly() or refused() got a text that is no request'),
  );
  expect(subject.books.words('script error')).toEqual([]);
  expect(subject.messages()).toMatchObject({ answered: 0, unexpected: 3 });
  expect(subject.connection.phase).toBe('ready');
});

it('answered() of a BigInt is one, too', () => {
  const subject = anOpen(spoken({ received: (session) => session.answered(1n as never) })).until(START);
  expect(subject.receive('x').books.words('script error')[0]).toContain('got a BigInt: Number() makes one of it');
});

it.each([
  ['answered', (session: Session) => session.answered('1' as never)],
  ['partly', (session: Session) => session.partly('1' as never)],
  ['refused', (session: Session) => session.refused('1' as never, 'x')],
])('%s() of a text is a script error: it is like no number, and nothing would ever be answered', (_, received) => {
  const subject = anOpen(spoken({ received })).until(START);
  subject.receive('x');
  expect(subject.books.words('script error')[0]).toContain('take the number n that frames() got; got a text: Number()');
});

describe('a refusal of a request that wants no reply', () => {
  const refusals = (...frames: string[]) => {
    const subject = sendFirst({ reply: 'none' });
    for (const frame of frames) subject.receive(frame);
    return { words: subject.books.words('refused'), ...subject.messages() };
  };

  it('is counted by its word, once, and is no failure: such a request is sent, and that is all', () => {
    expect(refusals('refused 1 no rights', 'refused 1 no rights')).toEqual({
      ...NO_MESSAGES,
      words: ['no rights'],
      sent: 1,
    });
  });

  it('by a text is none, and is told', () => {
    const received = (session: Session, frame: unknown) => session.refused(frame as never, 'no');
    const frames = (_session: unknown, n: number) => String(n);
    const subject = anOpen(spoken({ requests: { tell: { frames, reply: 'none' } }, received }), LONG).until(START);
    subject.receive('1');
    expect(subject.books.words('refused')).toEqual([]);
    expect(subject.books.words('detail')).toEqual(['answered(), partly() or refused() got a text that is no request']);
    expect(subject.messages()).toMatchObject({ sent: 1, unexpected: 1 });
  });

  it('is told from a late or second one of a request that wants a reply', () => {
    const mixed = kinds({ ask: { weight: 1 }, tell: { reply: 'none', weight: 1 } });
    // The mocked chance takes the first kind, then the second.
    const subject = anOpen(mixed, LONG).until(START);
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    subject
      .until(START + 501)
      .receive('1')
      .receive('refused 1 too late')
      .receive('refused 2 no');
    expect(subject.messages()).toMatchObject({ sent: 2, answered: 1, refused: 0, unexpected: 1 });
    expect(subject.books.words('refused')).toEqual(['no']);
  });

  it.each(['refused 0 never', 'refused 2 not yet'])('is none where there is no such request: %s', (frame) => {
    expect(refusals(frame)).toMatchObject({ words: [], unexpected: 1 });
  });
});

it('a turn in which frames() has nothing to send is counted, by its kind', () => {
  const subject = anOpen(kinds({ ask: { frames: () => null } }), LONG).until(START + 400);
  expect(subject.books.words('turn')).toEqual(['ask', 'ask']);
  expect(subject.messages()).toEqual(NO_MESSAGES);
});
