import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../../../lib/conversation/conversation.ts';
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

const throws = () => {
  throw new TypeError('the script is wrong');
};

/** How it ended: each outcome with its reason, and what is left open. */
function ending({ books }: Subject<undefined>) {
  return books.samples.flatMap(({ metric, tags: { reason } }) =>
    /failures|dropped|closed/.test(metric) && !metric.startsWith('ws_message')
      ? [`${metric} ${reason ?? ''}`.trim()]
      : [],
  );
}

function open({ books: { sum } }: Subject<undefined>) {
  return [sum('ws_connects_pending'), sum('ws_connections_open'), sum('ws_ready_pending'), sum('ws_messages_pending')];
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a handshake', () => {
  const refused = (error: string, status: number, now = START) => {
    const subject = aConnecting(spoken());
    subject.life.parts().endings.refusedHandshake(subject.connection, error, status, now);
    return subject;
  };

  it('that is refused fails with the reason and the text behind it', () => {
    const subject = refused('', 429);
    expect(ending(subject)).toEqual(['ws_connect_failures http_4xx']);
    expect(subject.books.values('ws_connect_success')).toEqual([false]);
    expect(subject.books.words('detail')).toEqual(['HTTP 429']);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
    expect(subject.tick(LONG_AFTER)).toBe(0);
  });

  it.each([
    ['malformed MIME header: missing colon: "Upgr"', 'bad_handshake', 'handshake_timeout'],
    ['read tcp 127.0.0.1:1->127.0.0.1:2: connection reset by peer', 'reset', 'handshake_timeout'],
    ['dial tcp: i/o timeout', 'connect_timeout', 'connect_timeout'],
  ])('that k6 reports as "%s" is %s in time and %s after the deadline', (error, inTime, late) => {
    expect(ending(refused(error, 0, START + 1_000))).toEqual([`ws_connect_failures ${inTime}`]);
    expect(ending(refused(error, 0, START + 1_001))).toEqual([`ws_connect_failures ${late}`]);
  });

  it.each([
    ['dial tcp 127.0.0.1:1: i/o timeout', 'connect_timeout'],
    ['dial tcp 127.0.0.1:1: connect: no route to host', 'unreachable'],
    ['read tcp 127.0.0.1:2->127.0.0.1:1: i/o timeout', 'handshake_timeout'],
    ['websocket: bad handshake', 'handshake_timeout'],
  ])('that k6 gives up after it was late, with "%s", counts once, as %s', (error, reason) => {
    const subject = aConnecting(spoken()).until(LONG_AFTER);
    subject.life.parts().endings.refusedLate(subject.connection, error);
    expect(subject.books.sum('ws_connect_failures')).toBe(1);
    expect(subject.books.sum('ws_connect_failures', { reason })).toBe(1);
    expect(subject.books.values('ws_connect_success')).toEqual([false]);
    expect(subject.ended).toBe(true);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
  });

  it('has one outcome, whatever comes after it', () => {
    const subject = refused('', 500);
    const { endings } = subject.life.parts();
    endings.failed(subject.connection, 'reset', '');
    endings.end(subject.connection, 'reset', '');
    endings.gone(subject.connection, 1006, '', '', START);
    subject.open();
    expect(ending(subject)).toEqual(['ws_connect_failures http_5xx']);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
  });

  it('shows nothing of what is secret in its error', () => {
    const subject = aConnecting(spoken(), { users: [{ token: 'hunter2' }] });
    subject.life.parts().endings.refusedHandshake(subject.connection, 'user hunter2 is unknown', 0, START);
    expect(subject.books.words('detail')).toEqual(['user *** is unknown']);
  });

  it('writes the line of progress as well when it fails', () => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    const subject = aConnecting(spoken(), { env: { WS_CONNECTIONS: '1000', WS_BATCH_SIZE: '1000' }, index: 999 });
    subject.life.parts().endings.failed(subject.connection, 'refused', '');
    expect(info).toHaveBeenCalledOnce();
  });
});

describe('a connection that goes', () => {
  it.each([
    [1000, 'server_close', 'close 1000'],
    [4401, 'server_close', 'close 4401: auth first'],
    [1006, 'reset', 'connection ended without a close frame'],
  ])('with close %s is dropped, %s', (code, reason, detail) => {
    const subject = anOpen(spoken())
      .until(START)
      .gone(code, code === 4401 ? 'auth first' : '');
    expect(ending(subject)).toEqual([`ws_connections_dropped ${reason}`]);
    expect(subject.books.values('ws_connections_held')).toEqual([false]);
    expect(subject.books.words('detail')).toEqual([detail]);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, lost: 1 });
    expect(open(subject)).toEqual([0, 0, 0, 0]);
    expect(subject.wire.closes).toEqual([]);
    expect(subject.tick(LONG_AFTER)).toBe(0);
  });

  it('has one outcome', () => {
    const subject = anOpen(spoken()).gone(1006).gone(1000);
    subject.life.parts().endings.end(subject.connection, 'reset', '');
    expect(ending(subject)).toEqual(['ws_connections_dropped reset']);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
  });

  it('is explained in the words of the conversation, without secrets', () => {
    const subject = anOpen(
      spoken({ closed: (code, reason) => (code === 4401 ? `login of hunter2: ${reason}` : undefined) }),
      { users: [{ token: 'hunter2' }] },
    ).gone(4401, 'hunter2 is wrong');
    expect(subject.books.words('detail')).toEqual(['close 4401: *** is wrong: login of ***: *** is wrong']);
  });

  it('over k6/ws, where the reason stands in an error, shows no secret', () => {
    const subject = anOpen(spoken(), { users: [{ token: 'hunter2' }] });
    subject.gone(4401, '', 'websocket: close 4401: hunter2 is wrong');
    expect(subject.books.words('detail')).toEqual(['close 4401: *** is wrong']);
  });

  it('is asked for words only with a close code, and may have none', () => {
    const closed = vi.fn(() => undefined);
    expect(anOpen(spoken({ closed })).gone(undefined).books.words('detail')).toHaveLength(1);
    expect(closed).not.toHaveBeenCalled();
    expect(anOpen(spoken({ closed })).gone(4000).books.words('detail')).toEqual(['close 4000']);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('over k6/ws with a wrong sub-protocol is dropped in place of closed', () => {
    const subject = anOpen({ received: () => undefined }, { isOverK6Ws: true }).until(LONG_AFTER);
    subject.connection.phase = 'ready';
    subject.life.parts().endings.end(subject.connection, 'subprotocol', 'the server chose no sub-protocol');
    expect(ending(subject)).toEqual(['ws_connections_dropped subprotocol']);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
  });
});

describe('fail()', () => {
  it.each<[string, Partial<Conversation>, string, string]>([
    ['before ready', { opened: () => undefined }, 'ws_ready_failures', 'not ready'],
    ['after it', {}, 'ws_connections_dropped', 'dropped'],
  ])('%s ends the connection for its word, with close 1000', (_name, more, metric, kind) => {
    const subject = anOpen(spoken(more)).until(START).receive('fail room 12 is full');
    expect(ending(subject)).toEqual([`${metric} room ## is full`]);
    expect(subject.books.words(kind as 'dropped')).toEqual(['room ## is full']);
    expect(subject.wire.closes).toEqual([1000]);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
    expect(subject.tick(LONG_AFTER)).toBe(0);
    expect(subject.receive('late').messages().unexpected).toBe(0);
  });

  it('loses what waits', () => {
    const subject = anOpen(spoken()).until(START).receive('fail no');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, lost: 1 });
  });

  it.each([
    ['timeout', { opened: () => undefined }, 'ws_ready_failures'],
    ['interrupted', {}, 'ws_connections_dropped'],
  ] as const)('with the word of one of our reasons, %s, is not taken for it', (word, more, metric) => {
    for (const said of [word, `${word}\r\n`, ` ${word}\u0000`]) {
      const subject = anOpen(spoken(more)).receive(`fail ${said}`);
      expect(ending(subject)).toEqual([`${metric} fail: ${word}`]);
      expect(subject.books.words('dropped').concat(subject.books.words('not ready'))).toEqual([`fail: ${word}`]);
    }
  });

  it('in the goodbye is dropped', () => {
    const subject = anOpen({ received: spoken().received, goodbye: () => undefined }).until(CLOSE_AT);
    subject.receive('fail no');
    expect(ending(subject)).toEqual(['ws_connections_dropped no']);
  });

  it('after the end does nothing', () => {
    const subject = anOpen(spoken()).gone(1006);
    subject.session.fail('no');
    expect(ending(subject)).toEqual(['ws_connections_dropped reset']);
    expect(subject.wire.closes).toEqual([]);
  });
});

describe('a script error', () => {
  const NOT_READY = ['ws_ready_failures script_error'];
  const DROPPED = ['ws_connections_dropped script_error'];
  const hold: Setup = { env: { WS_HOLD: '10s' } };
  const timer: Partial<Conversation> = { opened: (session) => session.after(5, throws) };
  const login = { opened: () => undefined };
  const ready: Conversation['opened'] = (session) => session.ready();

  it.each<[string, Partial<Conversation>, (subject: Subject<undefined>) => void, string[]]>([
    ['handshake()', { handshake: throws }, () => undefined, ['ws_connect_failures script_error']],
    ['begin()', { begin: throws }, () => undefined, ['ws_connect_failures script_error']],
    ['opened()', { opened: throws }, (subject) => subject.open(), NOT_READY],
    ['received() before ready', { ...login, received: throws }, (subject) => subject.open().receive('x'), NOT_READY],
    ['received() after ready', { received: throws }, (subject) => subject.open().receive('x'), DROPPED],
    ['frames()', { requests: { a: { frames: throws } } }, (subject) => subject.open().until(START), DROPPED],
    [
      'reach()',
      { requests: { a: { reach: throws, frames: () => 'x' } } },
      (subject) => subject.open().until(START),
      DROPPED,
    ],
    ['a timer before ready', timer, (subject) => subject.open().until(START + 5), NOT_READY],
    [
      'a timer after ready',
      { opened: (session) => [session.after(5, throws), session.ready()] },
      (subject) => subject.open().until(START + 5),
      DROPPED,
    ],
    [
      'received() while draining',
      { requests: { a: { frames: (_session, n) => String(n), timeoutMs: 60_000 } } },
      (subject) =>
        subject
          .open()
          .until(START + 10_500)
          .receive('throw x'),
      DROPPED,
    ],
    ['goodbye()', { requests: {}, goodbye: throws }, (subject) => subject.open().until(LONG_AFTER), DROPPED],
    [
      'received() in the goodbye',
      { requests: {}, goodbye: () => undefined },
      (subject) =>
        subject
          .open()
          .until(START + 10_500)
          .receive('throw x'),
      DROPPED,
    ],
    ['closed() before ready', { ...login, closed: throws }, (subject) => subject.open().gone(4000), NOT_READY],
    ['closed() after ready', { closed: throws }, (subject) => subject.open().gone(4000), DROPPED],
    ['both', { opened: ready, received: throws }, (subject) => subject.open().receive('x'), DROPPED],
  ])('in %s is counted, and ends the connection as such', (name, more, act, outcome) => {
    const subject = aConnecting(spoken(more as Partial<Conversation>), hold);
    act(subject);
    expect(ending(subject)).toEqual(outcome);
    expect(subject.books.sum('ws_script_errors')).toBe(1);
    expect(subject.books.words('script error')).toHaveLength(1);
    expect(subject.ended).toBe(true);
    expect(open(subject)).toEqual([0, 0, 0, 0]);
    // What never stood or is gone already is not closed: k6/ws hangs when a socket is closed twice.
    const isUp = !/^(handshake|begin|closed)\(\)/.test(name);
    expect(subject.wire.closes).toEqual(isUp ? [1000] : []);
    expect(subject.tick(LONG_AFTER)).toBe(0);
  });

  it('fails what waits for the same reason', () => {
    const subject = anOpen(spoken()).until(START).receive('throw it');
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, scriptError: 1 });
  });

  it('in frames() has sent nothing, and the others that wait fail', () => {
    let calls = 0;
    const frames = () => {
      calls += 1;
      if (calls === 2) throw new Error('the second');
      return 'x';
    };
    const subject = anOpen(spoken({ requests: { a: { frames } } }), { env: { WS_MESSAGE_TIMEOUT: '1s' } }).until(
      LONG_AFTER,
    );
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 1, scriptError: 1 });
  });

  it('says what, and where in the file', () => {
    const received = () => {
      throw Object.assign(new Error('no such room'), { stack: 'Error\n\tat received (file:///me/chat.ts:12:5(34))' });
    };
    const subject = anOpen(spoken({ received })).receive('x');
    expect(subject.books.words('script error')).toEqual(['Error: no such room at chat.ts:12:5']);
    // The frame too, without being counted as one that led to nothing.
    expect([subject.books.words('frame'), subject.messages().unexpected]).toEqual([['x'], 0]);
  });

  it('does not show the frame of a login: it can hold what nobody may see', () => {
    const subject = anOpen(spoken({ opened: () => undefined })).receive('throw this away');
    expect([subject.books.words('script error').length, subject.books.words('frame')]).toEqual([1, []]);
  });

  it('shows no secret', () => {
    const subject = anOpen(spoken(), { users: [{ token: 'hunter2' }], env: { WS_HEADERS: '{"X-Key":"s3same open"}' } });
    subject.receive('throw cannot read hunter2 and s3same open');
    expect(subject.books.words('script error')[0]).toMatch(/^Error: cannot read \*\*\* and \*\*\* at /);
    expect(subject.books.words('frame')).toEqual(['throw cannot read *** and ***']);
  });

  it('can be anything that is thrown', () => {
    const thrown = [undefined, null, 'a text', { code: 3 }];
    const received = () => {
      throw thrown.shift();
    };
    const said = [1, 2, 3, 4].flatMap(() => anOpen(spoken({ received })).receive('x').books.words('script error'));
    expect(said).toEqual(['undefined', 'null', 'a text', 'an object of code']);
  });
});

it.each(['auth', 'done', 7])(
  'session.phase that a module sets to %j is a script error: the connection would have no end',
  (phase) => {
    const received = (session: object) => {
      (session as { phase: unknown }).phase = phase;
    };
    const subject = anOpen(spoken({ received }))
      .until(START)
      .receive('x')
      .until(START + 1_000);
    expect(subject.books.words('script error')[0]).toContain(
      `session.phase was set to ${JSON.stringify(String(phase))}: keep what is yours in session.state`,
    );
    expect(subject.connection.phase).toBe('ended');
    expect(subject.wire.closes).toHaveLength(1);
  },
);

it('session.phase that a module sets in its login is one of the login', () => {
  const opened = (session: object) => {
    (session as { phase: string }).phase = 'joined';
  };
  const subject = anOpen(spoken({ opened })).until(START + 1_000);
  expect(ending(subject)).toEqual(['ws_ready_failures script_error']);
});

it('session.socket cannot be set: an error where it stands', () => {
  const received = (session: object) => {
    (session as { socket: object | null }).socket = null;
  };
  const subject = anOpen(spoken({ received })).receive('x');
  expect(subject.books.words('script error')[0]).toMatch(/^TypeError: Cannot assign to read only property 'socket'/);
  expect(subject.wire.closes).toHaveLength(1);
});

it('the text of a script error shows no token of a frame that it quotes', () => {
  const subject = anOpen(spoken());
  const error = new Error('bad frame {"ticket":"eyJhbGciOiJIUzI1NiIsInR5cCI6"} in readThatHasNoDigitsAtAll');
  expect(subject.life.parts().notes.errorText(subject.connection, error)).toContain(
    'Error: bad frame {"ticket":"#"} in readThatHasNoDigitsAtAll',
  );
});
