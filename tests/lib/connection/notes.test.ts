import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { directoryOf } from '../../../lib/connection/directory.ts';
import type { Conversation, Session } from '../../../lib/conversation/conversation.ts';
import { aConnecting, anOpen, CLOSE_AT, type Setup, START, spoken } from './a-connection.ts';

const quiet = (setup?: Setup, more: Partial<Conversation> = {}) => anOpen(spoken({ requests: {}, ...more }), setup);

/** The bytes of a text. */
const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;
const hex = (text: string) => Buffer.from(text).toString('hex');

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a word of the conversation', () => {
  const counted = (...words: string[]) => {
    const subject = quiet();
    for (const word of words) subject.receive(`pushed ${word}`);
    return subject.books.words('push');
  };

  it('is cut at 40 characters, digits as #, on one line', () => {
    expect(counted('room 17 of 4711', 'a  b\n c', 'x'.repeat(41), 'x'.repeat(40))).toEqual([
      'room ## of ####',
      'a b c',
      'x'.repeat(40),
      'x'.repeat(40),
    ]);
  });

  it('that is none is counted as none, and what is no text as text', () => {
    const subject = quiet();
    for (const word of ['', ' ', undefined, null, { a: 'b' }]) subject.session.pushed(word as string);
    expect(subject.books.words('push')).toEqual(['none', 'none', 'undefined', 'null', 'an object of a']);
  });

  it.each([
    ['a word', (session: Session) => session.pushed(`${'x'.repeat(39)}😀`)],
    [
      'an error',
      () => {
        throw new Error(`${'x'.repeat(192)}😀 and more`);
      },
    ],
    ['a frame', () => undefined],
  ])('of %s no half of a character of two units is left, at which k6 would panic', (_, received) => {
    const subject = quiet({}, { received });
    subject.receive(`${'y'.repeat(79)}😀`).receive('\ud83d half of one, as JSON can hold it');
    const said = [
      ...subject.books.words('push'),
      ...subject.books.words('script error'),
      ...subject.books.words('frame'),
    ];
    expect(said.join('')).not.toMatch(/[\ud800-\udfff]/);
    expect(said.length).toBeGreaterThan(0);
  });

  it('is one of at most 20 in a VU; the others are counted as other, those known go on', () => {
    const words = Array.from({ length: 22 }, (_, i) => String.fromCharCode(97 + i));
    expect(counted(...words, 'a', 'v')).toEqual([...words.slice(0, 20), 'other', 'other', 'a', 'other']);
  });

  it('is looked at for secrets once, however often it comes', () => {
    const subject = quiet({ users: [{ user: 'ann-marie' }] });
    const secrets = vi.spyOn(directoryOf(subject.vu), 'secrets');
    for (let i = 0; i < 50; i++) subject.receive('pushed of ann-marie');
    expect(subject.books.words('push')).toEqual(Array(50).fill('of ***'));
    expect(secrets).toHaveBeenCalledTimes(1);
  });

  it('is counted by its kind: pushes do not take the room of refusals', () => {
    const subject = anOpen(spoken({ requests: { ask: { frames: (_session, n) => String(n) } } })).until(START);
    for (let i = 0; i < 25; i++) subject.receive(`pushed ${String.fromCharCode(97 + i)}`);
    subject.receive('refused 1 new word');
    expect(subject.books.words('refused')).toEqual(['new word']);
  });

  it('has nothing that k6 refuses in the name of a check, or that a terminal obeys', () => {
    expect(counted('Api::NotFound', 'red \u001b[31m alert')).toEqual(['Api:NotFound', 'red [##m alert']);
  });

  it('shows nothing of the user’s row or of headers', () => {
    const subject = quiet({
      users: [{ user: 'ann', token: 'hunter2/€' }],
      env: { WS_HEADERS: '{"Authorization":"Bearer s3same"}' },
    });
    subject.receive('pushed ann hunter2/€ hunter2%2F%E2%82%AC s3same Bearer');
    expect(subject.books.words('push')).toEqual(['*** *** *** *** Bearer']);
  });

  it('is masked before it is cut, so that no half of a secret stays', () => {
    const subject = quiet({ users: [{ token: 'secret-of-many-letters' }] });
    subject.receive(`pushed ${'x'.repeat(30)} secret-of-many-letters`);
    expect(subject.books.words('push')).toEqual([`${'x'.repeat(30)} ***`]);
  });

  it('of a push is its tag as well; that check passes, those of failures do not', () => {
    const subject = quiet();
    const checks: [string, boolean][] = [];
    const { check } = subject.vu.ledger;
    subject.vu.ledger.check = (value, named) => {
      for (const [name, passes] of Object.entries(named)) checks.push([name, passes()]);
      return check(value, named);
    };
    subject.receive('pushed room 1').receive('fail no');
    expect(subject.books.sum('ws_pushes', { kind: 'room #' })).toBe(1);
    expect(checks).toEqual([
      ['ws push: room #', true],
      ['ws dropped: no', false],
    ]);
  });

  it('of a push that comes after the end is nothing', () => {
    const subject = quiet().until(CLOSE_AT);
    subject.session.pushed('late');
    expect(subject.books.sum('ws_pushes')).toBe(0);
  });
});

describe('an unexpected frame', () => {
  const shown = (...frames: (string | ArrayBuffer)[]) => {
    const subject = quiet({ users: [{ token: 'hunter2' }] }, { received: () => undefined });
    for (const frame of frames) subject.receive(frame);
    expect(subject.messages().unexpected).toBe(frames.length);
    return subject.books.words('frame');
  };

  it('is shown, the first two of a VU', () => {
    expect(shown('error: no room', 'what?', 'again')).toEqual(['error: no room', 'what?']);
  });

  it('has its place also after frames that the conversation threw on', () => {
    const { life, connection, books } = quiet();
    const { notes } = life.parts();
    for (const frame of ['{', '{{', '{{{']) notes.threwOn(connection, frame);
    notes.unexpected(connection, 'error: no room');
    expect(books.words('frame')).toEqual(['{', '{{', 'error: no room']);
  });

  it('is cut at 80 characters, with its length', () => {
    const [text] = shown('word '.repeat(30));
    expect(text).toBe(`${'word '.repeat(16)}… (150 characters)`);
  });

  it('that is binary is shown as bytes', () => {
    expect(shown(new Uint8Array([0, 1, 0xab, 0xff]).buffer)).toEqual(['binary 0001abff']);
  });

  it('shows no secret, as text or as bytes', () => {
    const [text, binary] = shown('user hunter2 is unknown', bytes('a hunter2'));
    expect(text).toBe('user *** is unknown');
    expect(binary).toBe(`binary ${hex('a ')}${'**'.repeat(7)}`);
  });

  it('leaves a login alone', () => {
    const subject = anOpen(spoken({ opened: () => undefined, received: () => undefined })).receive('anything');
    expect(subject.messages().unexpected).toBe(0);
    expect(subject.books.words('frame')).toEqual([]);
  });
});

describe('the trace', () => {
  const TRACED: Setup = { env: { WS_TRACE: '1' }, users: [{ token: 'hunter2', name: 'Zoë "Z"' }] };

  const lines = (info: { mock: { calls: unknown[][] } }) =>
    info.mock.calls.map(([line]) => String(line).replace(/\+-?\d+ms/, '+ms'));

  const traced = (setup: Setup = TRACED) => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    return { info, subject: quiet(setup, { received: (session) => session.expected() }) };
  };

  it('shows what goes in and out of the first connections, without secrets', () => {
    const { info, subject } = traced();
    subject.session.send('{"token":"hunter2"}');
    subject.receive('welcome Zoë "Z"\n\u001b').receive('{"name":"Zoë \\"Z\\""}');
    subject.session.send(new Uint8Array([1, 2, 255]));
    subject.receive(bytes('a hunter2 b')).gone(4000, 'hunter2');
    expect(lines(info)).toEqual([
      'trace 0 +ms > {"token":"***"}',
      'trace 0 +ms < welcome ***\\n\\x1b',
      'trace 0 +ms < {"name":"***"}',
      'trace 0 +ms > bin 0102ff',
      `trace 0 +ms < bin ${hex('a ')}${'**'.repeat(7)}${hex(' b')}`,
      'trace 0 +ms = closed by the other side: 4000',
    ]);
  });

  it('finds secrets in bytes by their UTF-8', () => {
    const { info, subject } = traced();
    subject.receive(bytes('<Zoë "Z">'));
    expect(lines(info)).toEqual([`trace 0 +ms < bin 3c${'**'.repeat(8)}3e`]);
  });

  it('is cut at 400 characters, or 200 bytes, of which it tells the number', () => {
    const { info, subject } = traced();
    subject
      .receive('x'.repeat(1_000))
      .receive(bytes('x'.repeat(1_000)))
      .receive('x'.repeat(438));
    expect(lines(info)).toEqual([
      `trace 0 +ms < ${'x'.repeat(400)}… (1000 characters)`,
      `trace 0 +ms < bin ${hex('x').repeat(200)}… (1000 bytes)`,
      `trace 0 +ms < ${'x'.repeat(438)}`,
    ]);
  });

  it('shows no half of a secret where it is cut', () => {
    const { info, subject } = traced();
    for (let at = 190; at <= 200; at++) subject.receive(bytes(`${'x'.repeat(at)}hunter2${'x'.repeat(50)}`));
    expect(lines(info)).toHaveLength(11);
    for (const line of lines(info)) expect(line).not.toContain(hex('h'));
  });

  it('is of so many connections as WS_TRACE says, and of no other', () => {
    const info = vi.spyOn(console, 'info').mockReturnValue();
    const setup = { env: { WS_TRACE: '2', WS_CONNECTIONS: '3' }, run: { batchDelayMs: 0 } };
    for (const index of [0, 1, 2])
      anOpen(spoken(), { ...setup, index })
        .until(START + 800)
        .receive('7')
        .gone(1006);
    expect(new Set(lines(info).map((line) => line.slice(0, 7)))).toEqual(new Set(['trace 0', 'trace 1']));
    expect(lines(info).filter((line) => line.includes('>')).length).toBeGreaterThanOrEqual(2);
  });

  it('ends after 200 lines of a connection, and says so', () => {
    const { info, subject } = traced();
    for (let i = 0; i < 250; i++) subject.receive('x');
    expect(info).toHaveBeenCalledTimes(200);
    expect(lines(info).at(-1)).toBe('trace 0 +ms < x (no more lines of this connection)');
  });
});

const HOSTILE = {
  get stack() {
    throw new Error('no stack');
  },
  toString: 1,
};

it.each([Object.create(null), { toString: 1 }, HOSTILE])('what was thrown has a text, whatever it is', (thrown) => {
  const subject = aConnecting(spoken());
  expect(subject.life.parts().notes.errorText(subject.connection, thrown)).toBe('something that has no text');
});

/** As stacks have it here. */
const SOURCES = fileURLToPath(new URL('../../../lib/', import.meta.url));

describe('the place of an error', () => {
  const shown = (stack: string) => {
    const error = Object.assign(new Error('no room'), { stack });
    const subject = aConnecting(spoken());
    return subject.life.parts().notes.errorText(subject.connection, error);
  };

  it.each([
    [
      'Error: no room\n\tat received (file:///home/me/my%20chat.ts:12:5(34))\n\tat x (file:///dist/a.js:1:1(2))',
      'my%20chat.ts:12:5',
    ],
    ['Error: no room\n\tat file:///C:/tests/chat.js:7:13(9)', 'chat.js:7:13'],
    [
      `Error: done()\n\tat done (${SOURCES}connection/session.ts:9:9(1))\n\tat file:///home/me/chat.ts:2:3(4)`,
      'chat.ts:2:3',
    ],
  ])('is that of the first file that is not ours', (stack, place) => {
    expect(shown(stack)).toBe(`Error: no room at ${place}`);
  });

  it('is left out where there is none', () => {
    expect(shown('Error: no room\n\tat native')).toBe('Error: no room');
    expect(shown('')).toBe('Error: no room');
  });
});
