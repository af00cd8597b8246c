import { describe, expect, it } from 'vitest';
import { settingsTable } from '../../../lib/settings/table.ts';
import { unknownNames } from '../../../lib/settings/unknown.ts';

/** Those of today, and those that are to come. */
const KNOWN = [
  ...settingsTable()
    .map(({ name }) => name as string)
    .filter((name) => name !== 'WS_PROTOCOL'),
  'WS_CONVERSATION',
  'WS_USERS',
  'WS_READY_TIMEOUT',
  'WS_MIN_READY',
  'WS_MAX_ROUND_TRIP',
  'WS_MIN_DELIVERY',
  'WS_MAX_DELIVERY_TIME',
];
const sorted = (name: string, text = 'hunter2') => unknownNames({ [name]: text }, KNOWN);

describe('a name that is no setting', () => {
  it.each([
    ['WS_CONNECTION', 'WS_CONNECTIONS'],
    ['WS_CONECTIONS', 'WS_CONNECTIONS'],
    ['WS_CONENCTIONS', 'WS_CONNECTIONS'],
    ['WS_MESSAGE_INTERVALL', 'WS_MESSAGE_INTERVAL'],
    ['WS_MESSAGES_SIZE', 'WS_MESSAGE_SIZE'],
    ['WS_HANDSHAKE_TIME_OUT', 'WS_HANDSHAKE_TIMEOUT'],
    ['WS_URLS', 'WS_URL'],
    ['WS_URI', 'WS_URL'],
    ['WS_ULR', 'WS_URL'],
    ['WS_HODL', 'WS_HOLD'],
    ['WS_USER', 'WS_USERS'],
    ['WS_HEADER', 'WS_HEADERS'],
    ['ws_hold', 'WS_HOLD'],
    ['Ws_Url', 'WS_URL'],
  ])('%s resembles %s and is refused, without its value', (name, meant) => {
    expect(sorted(name)).toEqual({ problems: [`${name} is not a setting: did you mean ${meant}?`], ignored: [] });
  });

  it.each([
    // The ws package.
    'WS_NO_BUFFER_UTIL',
    'WS_NO_UTF_8_VALIDATE',
    // Kubernetes, for services called ws and ws-server.
    'WS_SERVICE_HOST',
    'WS_SERVICE_PORT',
    'WS_SERVICE_PORT_HTTP',
    'WS_PORT',
    'WS_PORT_8080_TCP',
    'WS_PORT_8080_TCP_ADDR',
    'WS_PORT_8080_TCP_PORT',
    'WS_PORT_8080_TCP_PROTO',
    'WS_SERVER_SERVICE_HOST',
    'WS_SERVER_PORT_80_TCP_ADDR',
    // Of servers and clients.
    'WS_HOST',
    'WS_PATH',
    'WS_TOKEN',
    'WS_SECRET',
    'WS_API_KEY',
    'WS_ENDPOINT',
    'WS_ID',
    'WS_MAX_PAYLOAD',
    'WS_',
    'WS_A',
  ])('%s is of another program and is ignored', (name) => {
    expect(sorted(name)).toEqual({ problems: [], ignored: [name] });
  });

  it.each(['PATH', 'WSX', 'ws_protocol_of_another_program', 'K6_WS_URL'])('%s does not concern us', (name) => {
    expect(sorted(name)).toEqual({ problems: [], ignored: [] });
  });

  it('and is no property that every object has', () => {
    expect(sorted('WS_constructor')).toEqual({ problems: [], ignored: ['WS_constructor'] });
    expect(sorted('constructor')).toEqual({ problems: [], ignored: [] });
  });
});

it('the nearest of several is suggested, in whatever order they stand', () => {
  const known = ['WS_ABCDEFGH', 'WS_ABCDEFXY'];
  for (const names of [known, [...known].reverse()]) {
    expect(unknownNames({ WS_ABCDEFGX: '' }, names).problems).toEqual([
      'WS_ABCDEFGX is not a setting: did you mean WS_ABCDEFGH?',
    ]);
  }
});

it('each setting is itself, in whatever company', () => {
  const env = Object.fromEntries(KNOWN.map((name) => [name, 'x']));
  expect(unknownNames(env, KNOWN)).toEqual({ problems: [], ignored: [] });
});

describe('WS_PROTOCOL', () => {
  it.each([
    ['echo', 'echo'],
    [' listen ', 'listen'],
    ['send-only', 'send-only'],
    ['hunter2', 'echo'],
  ])('%s is answered with the new name', (text, conversation) => {
    expect(sorted('WS_PROTOCOL', text)).toEqual({
      problems: [`WS_PROTOCOL is now WS_CONVERSATION: write WS_CONVERSATION=${conversation}`],
      ignored: [],
    });
  });

  it('any-reply is answered with why it is gone, and what does it where it is right', () => {
    const [problem] = sorted('WS_PROTOCOL', 'any-reply').problems;
    expect(problem).toBe(
      'WS_PROTOCOL is now WS_CONVERSATION, and any-reply is gone: pushes, pings and errors were its replies; examples/next-frame.ts takes the next frame as the reply, for a server where that is right: WS_CONVERSATION=examples/next-frame.ts',
    );
  });

  it('is a setting where it is one', () => {
    expect(unknownNames({ WS_PROTOCOL: 'echo' }, ['WS_PROTOCOL'])).toEqual({ problems: [], ignored: [] });
  });
});
