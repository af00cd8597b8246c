import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, Session } from '../../../lib/conversation/conversation.ts';
import {
  aConnecting,
  anOpen,
  CLOSE_AT,
  LONG_AFTER,
  NO_MESSAGES,
  type Setup,
  START,
  type Subject,
  spoken,
} from './a-connection.ts';

/** Its ready() comes with the frame "ready". */
function withLogin(more: Partial<Conversation> = {}, setup?: Setup) {
  return anOpen(spoken({ opened: () => undefined, ...more }), setup);
}

function ready({ books }: Subject<never>) {
  return {
    ready: books.values('ws_ready_success'),
    time: books.values('ws_ready_time'),
    pending: books.sum('ws_ready_pending'),
    open: books.sum('ws_connections_open'),
    held: books.values('ws_connections_held'),
  };
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a login', () => {
  it('takes the time since the handshake was done, which is no part of it', () => {
    const subject = aConnecting(spoken({ opened: () => undefined })).open(START + 100);
    subject.until(START + 150).receive('ready');
    expect(subject.books.values('ws_ready_time')).toEqual([50]);
  });

  it('is under way until ready(): no request, and no frame is unexpected', () => {
    const subject = withLogin()
      .until(START + 100)
      .receive('something');
    expect(ready(subject as Subject<never>)).toEqual({ ready: [], time: [], pending: 1, open: 1, held: [] });
    expect(subject.messages()).toEqual(NO_MESSAGES);
  });

  it.each([
    ['gone, where a VU has no other connection', ['ready'], true, false],
    ['kept, where others of its VU may log in', ['ready'], false, true],
    ['kept, where they know words', ['pushed a', 'ready'], true, true],
  ])('leaves the parts that it used: %s', (_what, frames, isOverK6Ws, isKept) => {
    const subject = withLogin({}, { isOverK6Ws }).until(START + 1);
    for (const frame of frames) subject.receive(frame);
    expect(subject.phase).toBe('ready');
    expect(subject.life.made !== null).toBe(isKept);
    if (!isKept) expect(subject.vu.directory).toBeNull();
  });

  it('ends with ready(): its time is taken and the clock of requests starts', () => {
    const subject = withLogin()
      .until(START + 120)
      .receive('ready');
    expect(ready(subject as Subject<never>)).toEqual({ ready: [true], time: [120], pending: 0, open: 1, held: [] });
    expect(subject.phase).toBe('ready');
    expect(subject.wakeAt).toBe(START + 120);
    subject.until(START + 120);
    expect(subject.texts).toEqual(['1']);
  });

  it('can be complete with the handshake', () => {
    const subject = anOpen(spoken({ opened: (session) => session.ready() }));
    expect(ready(subject as Subject<never>)).toMatchObject({ ready: [true], time: [0] });
    expect(subject.wakeAt).toBe(START);
  });

  it('that no opened() waits for is told once, since nothing judges it', () => {
    const subject = anOpen(spoken()).receive('ready').receive('ready');
    expect(subject.books.words('detail')).toEqual(['ready() was called, but there is no opened()']);
  });

  it('has one ready(), repeats do nothing', () => {
    const subject = withLogin().receive('ready').receive('ready').until(LONG_AFTER);
    subject.receive('ready');
    expect(ready(subject as Subject<never>)).toMatchObject({ ready: [true], pending: 0, held: [true] });
    expect(subject.messages().unexpected).toBe(0);
  });

  it('that takes until its limit is not ready, timeout, and closed', () => {
    const subject = withLogin();
    expect(subject.wakeAt).toBe(START + 500);
    subject.until(START + 499);
    expect(subject.phase).toBe('login');
    subject.until(START + 500).receive('ready');
    expect(ready(subject as Subject<never>)).toEqual({ ready: [false], time: [], pending: 0, open: 0, held: [] });
    expect(subject.books.sum('ws_ready_failures', { reason: 'timeout' })).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.wakeAt).toBe(0);
  });

  it.each<[string, number, number | undefined, boolean]>([
    ['that a busy VU reads before its timer is not ready', 500, undefined, false],
    ['that the server was late with is not ready', 800, 500, false],
    ['that the server was in time with is ready, however late the VU is', 800, 499, true],
    ['that comes with the planned close is not ready', 1_500, 400, false],
  ])('%s', (_, at, readAt, isReady) => {
    const subject = withLogin();
    subject.now = START + at;
    subject.receive('ready', readAt === undefined ? undefined : START + readAt);
    expect(ready(subject as Subject<never>)).toMatchObject({ ready: [isReady], pending: 0, open: isReady ? 1 : 0 });
    expect(subject.books.sum('ws_ready_failures', { reason: 'timeout' })).toBe(isReady ? 0 : 1);
    expect(subject.wire.closes).toEqual(isReady ? [] : [1000]);
  });

  it('has its limit from the handshake on, not from the attempt', () => {
    const subject = aConnecting(spoken({ opened: () => undefined })).open(START + 700);
    expect(subject.wakeAt).toBe(START + 700 + 500);
  });

  it('that the planned close overtakes is not ready, timeout', () => {
    const subject = withLogin({}, { run: { readyTimeoutMs: 10_000 } }).until(CLOSE_AT);
    expect(subject.books.sum('ws_ready_failures', { reason: 'timeout' })).toBe(1);
    expect(subject.books.sum('ws_connections_closed')).toBe(0);
    expect(subject.wire.closes).toEqual([1000]);
  });

  it.each([
    [1000, 'server_close'],
    [4401, 'server_close'],
    [1006, 'reset'],
    [undefined, 'reset'],
  ])('that the close %s ends is not ready, %s', (code, reason) => {
    const subject = withLogin().gone(code);
    expect(ready(subject as Subject<never>)).toEqual({ ready: [false], time: [], pending: 0, open: 0, held: [] });
    expect(subject.books.sum('ws_ready_failures', { reason })).toBe(1);
    expect(subject.books.sum('ws_connections_dropped')).toBe(0);
    expect(subject.tick(LONG_AFTER)).toBe(0);
  });
});

describe('the end of the hold', () => {
  it('has nothing awaited in the goodbye, in which k6 may cut it off', () => {
    const subject = anOpen(spoken({ goodbye: () => undefined })).until(CLOSE_AT);
    expect([subject.phase, subject.books.sum('ws_messages_pending')]).toEqual(['draining', 1]);
    subject.receive('4');
    expect([subject.phase, subject.books.sum('ws_messages_pending')]).toEqual(['goodbye', 0]);
  });

  it('waits for replies, and makes no more requests', () => {
    const subject = anOpen(spoken()).until(CLOSE_AT);
    const { sent } = subject.messages();
    expect([subject.phase, sent]).toEqual(['draining', 4]);
    expect(subject.wakeAt).toBe(START + 1_200 + 300 + 1);
    subject.until(CLOSE_AT + 1);
    expect(subject.ended).toBe(true);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent, timeout: 4 });
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });

  it('is over with the last reply', () => {
    const subject = anOpen(spoken()).until(CLOSE_AT);
    subject.receive('4');
    expect(subject.ended).toBe(true);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.messages()).toMatchObject({ answered: 1, timeout: 3, lost: 0 });
    expect(subject.books.values('ws_connections_held')).toEqual([true]);
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });

  it('still counts what comes, and drops count as such', () => {
    const subject = anOpen(spoken()).until(CLOSE_AT);
    subject.receive('pushed late').receive('garbage').gone(1006);
    expect(subject.messages()).toMatchObject({ unexpected: 1, lost: 1 });
    expect(subject.books.sum('ws_pushes', { kind: 'late' })).toBe(1);
    expect(subject.books.sum('ws_connections_dropped', { reason: 'reset' })).toBe(1);
    expect(subject.books.values('ws_connections_held')).toEqual([false]);
  });

  it('has one outcome when the conversation breaks off in it', () => {
    const subject = anOpen(spoken()).until(CLOSE_AT);
    subject.receive('fail kicked');
    expect(subject.books.sum('ws_connections_dropped', { reason: 'kicked' })).toBe(1);
    expect(subject.books.sum('ws_connections_closed')).toBe(0);
    expect(subject.books.values('ws_connections_held')).toEqual([false]);
    expect(subject.wire.closes).toEqual([1000]);
  });

  it('has one outcome when a write in it ends the connection', () => {
    const subject = anOpen(
      spoken({ received: (session) => session.send('thanks'), requests: { ask: { frames: () => 'x' } } }),
    ).until(CLOSE_AT);
    subject.wire.onSend = () => subject.gone(1006);
    subject.receive('hello');
    expect(subject.books.sum('ws_connections_closed') + subject.books.sum('ws_connections_dropped')).toBe(1);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
  });
});

describe('a goodbye', () => {
  const goodbye = (session: Session) => session.send('bye');
  const leaving = (more: Partial<Conversation> = {}, setup?: Setup) =>
    anOpen({ received: spoken().received, goodbye, ...more }, setup).until(CLOSE_AT);

  it('that nobody answers is told: the connection is closed as planned all the same', () => {
    const subject = leaving().until(LONG_AFTER);
    expect(subject.books.words('detail')).toEqual(['the goodbye was not answered']);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(
      leaving({ goodbye: (session) => session.done() })
        .until(LONG_AFTER)
        .books.words('detail'),
    ).toEqual([]);
  });

  it('is said once nothing waits any more', () => {
    const subject = anOpen(spoken({ goodbye })).until(CLOSE_AT);
    expect(subject.texts).toEqual(['1', '2', '3', '4']);
    subject.receive('4');
    expect(subject.texts).toEqual(['1', '2', '3', '4', 'bye']);
    expect(subject.phase).toBe('goodbye');
    expect(subject.wire.closes).toEqual([]);
    expect(subject.until(CLOSE_AT + 1).wakeAt).toBe(CLOSE_AT + 300);
  });

  it('that is complete is a planned close', () => {
    const subject = leaving().receive('done');
    expect(subject.texts).toEqual(['bye']);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.books.values('ws_connections_held')).toEqual([true]);
    expect(subject.books.sum('ws_script_errors')).toBe(0);
  });

  it('can be complete at once', () => {
    const subject = leaving({ goodbye: (session) => session.done() });
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.wakeAt).toBe(0);
  });

  it.each([1000, 1006, 4000, undefined])('makes the close %s of the server right', (code) => {
    const subject = leaving().gone(code);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.books.sum('ws_connections_dropped')).toBe(0);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
    expect(subject.wire.closes).toEqual([]);
    expect(subject.tick(LONG_AFTER)).toBe(0);
  });

  it('over a transport that closes later leaves the outcome to it, whoever closes', () => {
    const subject = leaving({}, { isOverK6Ws: true }).gone(1000);
    expect(subject.phase).toBe('closing');
    expect(subject.books.sum('ws_connections_closed')).toBe(0);
    subject.life.finish(subject.connection);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.books.sum('ws_connections_open')).toBe(0);
  });

  it('that nobody completes ends after WS_MESSAGE_TIMEOUT, as planned', () => {
    const subject = leaving().until(CLOSE_AT + 299);
    expect(subject.phase).toBe('goodbye');
    subject.until(CLOSE_AT + 300);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
  });

  it('still counts what comes', () => {
    const subject = leaving().receive('pushed news').receive('garbage');
    expect(subject.books.sum('ws_pushes', { kind: 'news' })).toBe(1);
    expect(subject.messages().unexpected).toBe(1);
  });

  it('too early is a script error', () => {
    const subject = anOpen(spoken({ goodbye })).receive('done');
    expect(subject.books.sum('ws_connections_dropped', { reason: 'script_error' })).toBe(1);
    expect(subject.books.words('script error')).toEqual([
      expect.stringContaining('Error: done() before goodbye(): it completes the goodbye'),
    ]);
    const login = withLogin({ goodbye }).receive('done');
    expect(login.books.sum('ws_ready_failures', { reason: 'script_error' })).toBe(1);
  });

  it('is not said by a connection that never was ready', () => {
    expect(withLogin({ goodbye }).until(LONG_AFTER).texts).toEqual([]);
  });

  it('is confirmed later where the transport does so', () => {
    const subject = leaving({}, { isOverK6Ws: true }).receive('done');
    expect(subject.phase).toBe('closing');
    subject.life.finish(subject.connection);
    expect(subject.books.sum('ws_connections_closed')).toBe(1);
  });
});

describe('timers', () => {
  const said = (subject: Subject<undefined>) => subject.texts.filter((text) => Number.isNaN(Number(text)));

  it('call back once, or each time, in their order', () => {
    const subject = withLogin({
      opened(session) {
        session.every(100, (later) => later.send('each'));
        session.after(150, (later) => later.send('once'));
        session.after(50, (later) => later.send('first'));
      },
    });
    expect(subject.wakeAt).toBe(START + 50);
    subject.until(START + 310);
    expect(said(subject)).toEqual(['first', 'each', 'once', 'each', 'each']);
  });

  it('of one time call back in the order in which they were asked for', () => {
    const subject = withLogin({
      opened(session) {
        for (const word of ['a', 'b', 'c']) session.after(20, (later) => later.send(word));
      },
    });
    expect(said(subject.until(START + 20))).toEqual(['a', 'b', 'c']);
  });

  it('wake the connection when they are set between its ticks', () => {
    const subject = anOpen(
      spoken({ requests: {}, received: (session) => session.after(30, (later) => later.send('later')) }),
    ).until(START + 10);
    subject.receive('anything');
    expect(subject.wakeAt).toBe(START + 40);
    expect(said(subject.until(START + 40))).toEqual(['later']);
    expect(subject.wakeAt).toBe(CLOSE_AT);
  });

  it('run from opened() through the goodbye, and vanish at the end', () => {
    const subject = anOpen({
      opened(session) {
        session.every(100, (later) => later.send('beat'));
        session.ready();
      },
      received: spoken().received,
      goodbye: () => undefined,
    }).until(LONG_AFTER);
    // 14 until the close, 3 more in the goodbye of 300 ms; none at the very end.
    expect(said(subject).length).toBeGreaterThanOrEqual(17);
    expect(said(subject).length).toBeLessThanOrEqual(18);
    expect(subject.wakeAt).toBe(0);
    expect(subject.books.sum('ws_script_errors')).toBe(0);
  });

  it('that one of them ends call back no more', () => {
    const subject = withLogin({
      opened(session) {
        session.after(20, (later) => later.fail('enough'));
        session.after(20, (later) => later.send('too late'));
      },
    }).until(LONG_AFTER);
    expect(said(subject)).toEqual([]);
    expect(subject.books.sum('ws_ready_failures', { reason: 'enough' })).toBe(1);
  });

  it('leave out what went by while the generator was busy', () => {
    const subject = withLogin({ opened: (session) => session.every(100, (later) => later.send('beat')) });
    subject.tick(START + 450);
    expect(said(subject)).toEqual(['beat']);
    subject.until(START + 460);
    expect(said(subject)).toEqual(['beat', 'beat']);
  });

  it('may call back a thousand times in a second', () => {
    const subject = anOpen(spoken({ requests: {}, opened: (session) => session.ready() }));
    subject.receive('ready');
    for (let i = 0; i < 1_000; i++) subject.session.after(1, () => undefined);
    subject.until(START + 900);
    expect(subject.books.sum('ws_script_errors')).toBe(0);
    subject.session.after(1, () => undefined);
    subject.until(START + 950);
    expect(subject.books.words('script error')).toEqual([
      'more than 1000 callbacks of after() and every() in a second on one connection',
    ]);
    expect(subject.books.sum('ws_connections_dropped', { reason: 'script_error' })).toBe(1);
  });

  it('may do so again in the next second', () => {
    const subject = anOpen(spoken({ requests: {} }), { env: { WS_HOLD: '10s' } }).receive('expected');
    for (const second of [0, 1, 2]) {
      subject.until(START + second * 1_100);
      for (let i = 0; i < 900; i++) subject.session.after(1, () => undefined);
    }
    expect(subject.until(START + 3_000).books.sum('ws_script_errors')).toBe(0);
  });

  it.each([0, -1, Number.NaN, 0.5, Number.POSITIVE_INFINITY, '500' as never])('refuse %j ms', (ms) => {
    const subject = withLogin({ opened: (session) => session.after(ms, () => undefined) });
    expect(subject.books.words('script error')).toEqual([
      expect.stringMatching(
        /^TypeError: after\(\) and every\(\) take a number of ms, at least 1, and a function; got .* and function/,
      ),
    ]);
  });

  it('refuse what is no function', () => {
    const subject = withLogin({ opened: (session) => session.every(10, undefined as never) });
    expect(subject.books.sum('ws_ready_failures', { reason: 'script_error' })).toBe(1);
  });
});
