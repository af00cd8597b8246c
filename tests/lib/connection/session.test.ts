import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, Session } from '../../../lib/conversation/conversation.ts';
import { echo } from '../../../lib/conversation/echo.ts';
import { aConnecting, anOpen, CLOSE_AT, LONG_AFTER, NO_MESSAGES, START, spoken } from './a-connection.ts';

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a session', () => {
  const setup = {
    env: { WS_URL: 'ws://host/?t={token}', WS_CONNECTIONS: '3' },
    users: [{ token: 'a' }, { token: 'b c' }],
  };

  it('knows who it is: its place, its user, its target', () => {
    const { session } = anOpen(spoken(), { ...setup, index: 1 });
    expect([session.index, session.user, session.url]).toEqual([1, { token: 'b c' }, 'ws://host/?t=b%20c']);
    expect(anOpen(spoken(), { ...setup, index: 2 }).session.user).toEqual({ token: 'a' });
    expect(anOpen(spoken()).session.user).toEqual({});
  });

  it('has the state that begin() made for it alone', () => {
    const conversation = {
      ...spoken(),
      begin: ({ index }: { index: number }) => ({ index, count: 0 }),
      received: (session: Session<{ index: number; count: number }>) => {
        session.state.count += 1;
      },
    };
    const first = anOpen(conversation as never);
    const second = anOpen(conversation as never, { ...setup, index: 1 });
    first.receive('a').receive('b');
    expect([first.session.state, second.session.state]).toEqual([
      { index: 0, count: 2 },
      { index: 1, count: 0 },
    ]);
  });

  it('can be given another state', () => {
    const subject = anOpen({
      received(session: Session<string>, frame) {
        session.state = String(frame);
      },
    });
    expect(subject.receive('new').session.state).toBe('new');
  });

  it('knows the sub-protocol that the server chose, and none before', () => {
    const subject = aConnecting(spoken());
    expect(subject.session.protocol).toBe('');
    expect(subject.open(START, 'mqtt').session.protocol).toBe('mqtt');
  });

  it.each<[string, (session: Session) => void]>([
    ['send', (session) => session.send('x')],
    ['answered', (session) => session.answered(1)],
    ['partly', (session) => session.partly(1)],
    ['refused', (session) => session.refused(1, 'no')],
    ['pushed', (session) => session.pushed('news')],
    ['expected', (session) => session.expected()],
    ['stamp', (session) => session.stamp(1)],
    ['delivered', (session) => session.delivered('k6s.0.1.1000000.1.')],
    ['after', (session) => session.after(1, () => undefined)],
    ['fail', (session) => session.fail('no')],
    ['ping', (session) => session.ping()],
  ])('%s() outside of a callback, as from a promise, is a script error: nobody knows when that is', (name, call) => {
    const later: (() => void)[] = [];
    const subject = anOpen(spoken({ received: (session) => void later.push(() => call(session)) }));
    subject.until(START).receive('x');
    later[0]?.();
    expect(subject.ended).toBe(true);
    expect(subject.books.words('script error')[0]).toContain('a call of the session outside of a callback');
    expect([subject.messages().answered, subject.books.sum('ws_pushes'), subject.wire.sent.length]).toEqual([0, 0, 1]);
    // Nothing more once it has ended.
    later[0]?.();
    expect(subject.books.words('script error')).toHaveLength(1);
    expect(name).toBeTruthy();
  });

  it.each([
    [true, 1],
    [false, 0],
  ])(
    'a call that comes after the end of the connection, over k6/ws: %s, is told %i times: promises run only then there',
    (isOverK6Ws, times) => {
      const later: (() => void)[] = [];
      const received = (session: Session) => void later.push(() => session.send('late'));
      const subject = anOpen(spoken({ received, requests: {} }), { isOverK6Ws })
        .until(START)
        .receive('x');
      subject.until(LONG_AFTER);
      const before = { closed: subject.books.sum('ws_connections_closed'), sent: subject.wire.sent.length };
      // Promises can make one for each message: what each costs would be a run that does not end.
      for (let call = 0; call < 3; call++) later[0]?.();
      expect(subject.books.words('script error')).toHaveLength(times);
      expect({ closed: subject.books.sum('ws_connections_closed'), sent: subject.wire.sent.length }).toEqual(before);
    },
  );

  it('frames() is over once it has returned, too', () => {
    const later: (() => void)[] = [];
    const frames = (session: Session) => {
      later.push(() => session.send('more'));
      return 'x';
    };
    const subject = anOpen(spoken({ requests: { ask: { frames } } })).until(START);
    later[0]?.();
    expect([subject.ended, subject.texts]).toEqual([true, ['x']]);
  });

  it('a callback that threw is over, too', () => {
    const fail = () => {
      throw new Error('no');
    };
    for (const more of [{ received: fail }, { requests: { ask: { frames: fail } } }]) {
      const subject = anOpen(spoken(more)).until(START).receive('x');
      expect([subject.ended, subject.life.parts().moment.at]).toEqual([true, 0]);
    }
  });

  it('expected() takes nothing back that another call has done', () => {
    const received = (session: Session) => {
      session.fail('enough');
      session.expected();
    };
    const subject = anOpen(spoken({ received })).until(START).receive('x');
    expect(subject.messages().unexpected).toBe(0);
  });

  it('ready() outside of a callback is one as well', () => {
    const subject = anOpen(spoken({ opened: () => undefined }));
    (subject.connection as unknown as Session).ready();
    expect(subject.books.sum('ws_ready_failures', { reason: 'script_error' })).toBe(1);
  });

  it.each<[string, Partial<Conversation>]>([
    ['opened', { opened: (async () => undefined) as never }],
    ['received', { received: (() => Promise.resolve()) as never }],
    ['goodbye', { goodbye: (async () => undefined) as never }],
    ['after', { received: (session) => session.after(1, (async () => undefined) as never) }],
  ])('a promise that %s() returns is a script error: nobody would wait for it', (_name, more) => {
    const subject = anOpen(spoken({ requests: {}, ...more })).until(START + 10);
    subject.receive('x').until(CLOSE_AT);
    expect(subject.books.words('script error')[0]).toContain('returned a promise, expected a function that does all');
  });

  it('pings', () => {
    const subject = anOpen(spoken());
    subject.session.ping();
    expect(subject.wire.pings).toBe(1);
  });

  it.each<[string, (session: Session) => void]>([
    ['send', (session) => session.send('x')],
    ['ready', (session) => session.ready()],
    ['pushed', (session) => session.pushed('x')],
    ['expected', (session) => session.expected()],
    ['delivered', (session) => session.delivered(`k6s.0.1.${START}.1.`)],
    ['ping', (session) => session.ping()],
    ['after', (session) => session.after(1, () => undefined)],
    ['every', (session) => session.every(1, () => undefined)],
    ['fail', (session) => session.fail('x')],
  ])('of which a frame leads to %s() takes it as expected', (_name, received) => {
    expect(
      anOpen(spoken({ requests: {}, received }))
        .receive('x')
        .messages().unexpected,
    ).toBe(0);
  });

  it.each<[string, (session: Session) => void]>([
    ['nothing', () => undefined],
    ['answered() of no request', (session) => session.answered(7)],
    ['delivered() of no stamp', (session) => session.delivered('x')],
    ['a look at its user', (session) => session.user],
  ])('of which a frame leads to %s counts it as unexpected', (_name, received) => {
    expect(
      anOpen(spoken({ requests: {}, received }))
        .receive('x')
        .messages().unexpected,
    ).toBe(1);
  });

  it.each<[string, 'closing' | 'ended']>([
    ['that is closing', 'closing'],
    ['that has ended', 'ended'],
  ])('%s does nothing, whatever is called', (_name, phase) => {
    const subject = anOpen(spoken({ opened: (session) => session.ready() }), { isOverK6Ws: phase === 'closing' });
    subject.until(CLOSE_AT).receive('4');
    expect(subject.phase).toBe(phase);
    const before = [subject.books.samples.length, subject.wire.sent.length, subject.wire.closes.length];
    const { session } = subject;
    session.send('x');
    session.ready();
    expect(session.answered(1)).toBe(false);
    session.partly(1);
    session.refused(1, 'no');
    session.pushed('x');
    session.expected();
    expect(session.delivered(`k6s.0.1.${START}.1.`)).toBe(false);
    session.ping();
    session.after(1, () => session.send('later'));
    session.every(1, () => session.send('later'));
    session.fail('x');
    session.done();
    subject.until(CLOSE_AT + 10_000);
    expect([subject.books.samples.length, subject.wire.sent.length, subject.wire.closes.length]).toEqual(before);
    expect(subject.wire.pings).toBe(0);
  });
});

it('a timer that is set when the connection has ended wakes nobody', () => {
  const subject = anOpen(spoken());
  subject.session.fail('x');
  subject.session.after(1, () => undefined);
  subject.session.every(1, () => undefined);
  expect(subject.connection.rare?.timers ?? []).toEqual([]);
});

it('one of ours gets no call but answered(): the rest costs each VU', () => {
  const { life } = anOpen(echo(), { isLean: true });
  expect(Object.keys(life.session)).toEqual(['answered', 'padding']);
  const listens = anOpen({ received: (session) => session.pushed('frame') }, { isLean: true });
  expect(Object.keys(listens.life.session).sort()).toEqual(['answered', 'padding', 'pushed']);
  expect(listens.receive('x').books.sum('ws_pushes', { kind: 'frame' })).toBe(1);
  expect(listens.messages()).toEqual(NO_MESSAGES);
});
