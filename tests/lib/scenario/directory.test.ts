import { describe, expect, it } from 'vitest';
import type { MakeJar } from '../../../lib/connection/connection.ts';
import type { Conversation } from '../../../lib/conversation/conversation.ts';
import { directoryFor, directoryOf } from '../../../lib/scenario/directory.ts';
import { accessOf } from '../../../lib/settings/access.ts';

const USERS = [
  { user: 'ann', token: 'a b' },
  { user: 'bob', token: 'c/d' },
];

interface Given {
  env?: Record<string, string>;
  conversation?: Partial<Conversation<unknown>>;
  users?: Record<string, string>[] | null;
  jar?: MakeJar | null;
  compression?: boolean;
  /** The run's, if it is the only target and nothing about it is the user's. */
  url?: string | null;
}

function aDirectory({
  env = {},
  conversation = {},
  users = null,
  jar = null,
  compression = false,
  url = null,
}: Given = {}) {
  const spoken = { received: () => undefined, ...conversation };
  return directoryOf({ compression, url }, accessOf(env), spoken, { users, jar, told: {} });
}

describe('a client', () => {
  it('has its user and its target by its place in the ramp', () => {
    const { client } = aDirectory({ users: USERS, env: { WS_URL: 'ws://a/?t={token},ws://b/{user},ws://c/{{}}' } });
    expect([0, 1, 2, 3].map((index) => client(index))).toEqual([
      { index: 0, user: USERS[0], url: 'ws://a/?t=a%20b' },
      { index: 1, user: USERS[1], url: 'ws://b/bob' },
      { index: 2, user: USERS[0], url: 'ws://c/%7B%7D' },
      { index: 3, user: USERS[1], url: 'ws://a/?t=c%2Fd' },
    ]);
  });

  it('without users has an empty one', () => {
    expect(aDirectory({ env: { WS_URL: 'ws://a/' } }).client(7)).toEqual({ index: 7, user: {}, url: 'ws://a/' });
  });
});

describe('a handshake', () => {
  const env = {
    WS_URL: 'ws://a/{user}',
    WS_HEADERS: '{"Authorization":"Bearer {token}","X-Kind":"load {user}"}',
    WS_SUBPROTOCOL: 'v1-{user}, v0',
  };

  it('is as the settings say, with what the user has', () => {
    expect(aDirectory({ env, users: USERS }).dial(1)).toEqual({
      url: 'ws://a/bob',
      protocols: ['v1-bob', 'v0'],
      params: {
        headers: { Authorization: 'Bearer c/d', 'X-Kind': 'load bob', 'Sec-WebSocket-Protocol': 'v1-bob, v0' },
      },
      state: undefined,
    });
  });

  it('takes what the conversation says differently, headers whatever their case', () => {
    const handshake: Conversation<unknown>['handshake'] = ({ index, user }) => ({
      url: `ws://other/${index}`,
      headers: { authorization: `Basic ${user['user']}`, 'X-New': '1' },
      protocols: ['mqtt'],
    });
    expect(aDirectory({ env, users: USERS, conversation: { handshake } }).dial(0)).toEqual({
      url: 'ws://other/0',
      protocols: ['mqtt'],
      params: {
        headers: {
          'X-Kind': 'load ann',
          authorization: 'Basic ann',
          'X-New': '1',
          'Sec-WebSocket-Protocol': 'mqtt',
        },
      },
    });
  });

  it('asks for no sub-protocol where the conversation wants none', () => {
    const { protocols, params } = aDirectory({
      env,
      users: USERS,
      conversation: { handshake: () => ({ protocols: [] }) },
    }).dial(0);
    expect(protocols).toEqual([]);
    expect(params?.['headers']).not.toHaveProperty('Sec-WebSocket-Protocol');
  });

  it('over k6/websockets has cookies of its own, a name for its address, and no header of sub-protocols', () => {
    let jars = 0;
    const jar = () => {
      jars += 1;
      return `jar ${jars}`;
    };
    const { dial } = aDirectory({ env: { WS_SUBPROTOCOL: 'mqtt' }, jar });
    expect([dial(0), dial(1)].map(({ params }) => params)).toEqual([
      { headers: {}, jar: 'jar 1', tags: { name: 'target' } },
      { headers: {}, jar: 'jar 2', tags: { name: 'target' } },
    ]);
  });

  it('to a plain target needs no name for it', () => {
    const given: Given = { env: { WS_URL: 'ws://a/' }, url: 'ws://a/', jar: () => 'a jar' };
    expect(aDirectory(given).dial(0)).toEqual({
      url: 'ws://a/',
      protocols: [],
      params: { jar: 'a jar' },
      state: undefined,
    });
    for (const asked of [{ url: 'ws://a/?token=1' }, { headers: { X: 'secret' } }]) {
      const { params } = aDirectory({ ...given, conversation: { handshake: () => asked } }).dial(0);
      expect(params).toMatchObject({ tags: { name: 'target' } });
    }
  });

  it('is compressed if that is set', () => {
    expect(aDirectory({ compression: true }).dial(0).params).toMatchObject({ compression: 'deflate' });
  });

  it('comes before begin(), which makes a state for each connection', () => {
    const calls: string[] = [];
    const conversation: Partial<Conversation<unknown>> = {
      handshake({ index }) {
        calls.push(`handshake ${index}`);
        return {};
      },
      begin({ index }) {
        calls.push(`begin ${index}`);
        return { index };
      },
    };
    const { dial } = aDirectory({ conversation });
    expect([dial(0).state, dial(1).state]).toEqual([{ index: 0 }, { index: 1 }]);
    expect(calls).toEqual(['handshake 0', 'begin 0', 'handshake 1', 'begin 1']);
  });

  it('lets out what the conversation throws', () => {
    const handshake = () => {
      throw new Error('no token');
    };
    expect(() => aDirectory({ conversation: { handshake } }).dial(0)).toThrow('no token');
  });
});

it('handshake() and begin() get the state of the connection before, undefined at the first', () => {
  const { dial } = aDirectory({
    conversation: {
      handshake: (_client, previous) => ({ headers: { Resume: String(previous) } }),
      begin: (_client, previous) => [previous],
    },
  });
  expect(dial(0)).toMatchObject({ params: { headers: { Resume: 'undefined' } }, state: [undefined] });
  expect(dial(0, 'token')).toMatchObject({ params: { headers: { Resume: 'token' } }, state: ['token'] });
});

describe('secrets', () => {
  it('are the values of the user and of headers, in all forms, the longest first', () => {
    const env = { WS_HEADERS: '{"Authorization":"Bearer top secret","X":"y"}' };
    const { secrets } = aDirectory({ env, users: [{ token: 'a "b"', short: 'x' }] });
    expect(secrets(0)).toEqual([
      'Bearer%20top%20secret',
      'Bearer top secret',
      'top%20secret',
      'a%20%22b%22',
      'top secret',
      'a \\"b\\"',
      'a "b"',
    ]);
  });

  it.each([
    ['Cookie', 'theme=dark; session=s3ss="x"', ['dark', 's3ss="x"']],
    ['Authorization', 'Token token="abcd1234", id=7', ['abcd1234']],
    ['X-Keys', 'first-key, second-key', ['first-key', 'second-key']],
    ['Authorization', `Basic ${btoa('ann:open sesame?')}`, ['ann:open sesame?', 'open sesame?']],
    ['Authorization', 'basic YW5uOm9wZW4', ['ann:open', 'open']],
  ])('are the parts of a header: %s: %s', (name, value, parts) => {
    const { secrets } = aDirectory({ env: { WS_HEADERS: JSON.stringify({ [name]: value }) } });
    expect(secrets(0)).toEqual(expect.arrayContaining([value, ...parts]));
    expect(secrets(0)).not.toContain('7');
  });

  it.each([
    ['?pw=hunt3r', 'hunt3r'],
    ['?a=b;token=t0k;c=d', 't0k'],
    ['?access_token=open+sesame', 'open sesame'],
    ['?flag&eyJ0b2tlbiI6MX0', 'eyJ0b2tlbiI6MX0'],
  ])('are values of the query that are short, but have a telling name: %s', (query, secret) => {
    const { secrets } = aDirectory({ env: { WS_URL: `ws://a/${query}` } });
    expect(secrets(0)).toContain(secret);
    expect(secrets(0)).not.toContain('b');
    expect(secrets(0)).not.toContain('flag');
  });

  it('are of the connection’s own user', () => {
    const { secrets } = aDirectory({ users: USERS });
    expect(secrets(1)).toContain('bob');
    expect(secrets(1)).not.toContain('ann');
    expect(aDirectory().secrets(0)).toEqual([]);
  });

  it('are the longer values of the address’ query, but nothing of its path', () => {
    const env = { WS_URL: 'ws://a/a-long-room-name?room=lobby&token=abc%2Bdefgh&key={token}' };
    const { secrets } = aDirectory({ env, users: [{ token: 'c/d/e/f/g' }] });
    expect(secrets(0)).toEqual(expect.arrayContaining(['abc%2Bdefgh', 'abc+defgh', 'c/d/e/f/g', 'c%2Fd%2Fe%2Ff%2Fg']));
    expect(secrets(0)).not.toContain('lobby');
    expect(secrets(0).join()).not.toContain('room');
  });

  it('are sub-protocols that are tokens, not those that are names', () => {
    const env = { WS_SUBPROTOCOL: 'graphql-transport-ws, bearer, eyJ0b2tlbiI6MX0' };
    expect(aDirectory({ env }).secrets(0)).toEqual(['eyJ0b2tlbiI6MX0']);
    const conversation = { handshake: () => ({ protocols: ['bearer', 'ticket-of-4711'] }) };
    const { dial, secrets } = aDirectory({ conversation });
    dial(0);
    expect(secrets(0)).toEqual(['ticket-of-4711']);
  });

  it('are what the newest handshake() gave the connection', () => {
    const conversation = {
      handshake: ({ index }: { index: number }, previous: unknown) => ({
        url: `ws://a/?ticket=ticket-${index}-${previous}`,
        headers: { Authorization: `Bearer session-${index}-${previous}` },
      }),
    };
    const { dial, secrets } = aDirectory({ conversation });
    dial(3, 'first');
    dial(4, 'first');
    dial(3, 'again');
    expect(secrets(3)).toEqual(expect.arrayContaining(['ticket-3-again', 'session-3-again']));
    expect(secrets(3).join()).not.toContain('first');
    expect(secrets(4)).toContain('session-4-first');
  });
});

it('secrets are what is sent, and those of the newest handshake', () => {
  const env = {
    WS_URL: 'ws://a/',
    WS_HEADERS: '{"X-Auth":"{{top-secret}}","X-User":"of {user}"}',
    WS_SUBPROTOCOL: 'bearer.{token}',
  };
  const users = [{ user: 'ann', token: 'abcd-1234' }];
  const handshake = (_client: unknown, previous?: unknown) => ({ url: `ws://a/?ticket=${previous ?? 'first-ticket'}` });
  const { dial, secrets } = aDirectory({ env, users, conversation: { handshake } });
  dial(0);
  expect(secrets(0)).toEqual(
    expect.arrayContaining(['{top-secret}', 'of ann', 'abcd-1234', 'bearer.abcd-1234', 'first-ticket']),
  );
  dial(0, 'second-ticket');
  expect(secrets(0)).toContain('second-ticket');
});

it.each<[unknown, string]>([
  ['token', 'handshake() returned string, expected an object of url, headers and protocols, for example {'],
  [{ header: { a: 'b' } }, 'handshake() returned header, expected url, headers or protocols'],
  [{ headers: { 'X-B': undefined } }, 'handshake() returned the header X-B as undefined, expected a text'],
  [
    { headers: { Upgrade: 'x' } },
    'handshake() returned the header Upgrade, which the handshake sets itself: leave it out',
  ],
  [{ headers: { 'sec-websocket-protocol': 'x' } }, 'which the handshake sets itself: return it as protocols'],
  [{ headers: 'x' }, 'handshake() returned headers that are string, expected an object'],
  [{ headers: null }, 'handshake() returned headers that are object'],
  [{ protocols: 'chat' }, 'handshake() returned protocols that are no list of texts'],
  [{ protocols: [1] }, 'handshake() returned protocols that are no list of texts'],
  [{ url: 'http://a/' }, 'handshake() returned an url that does not begin with ws:// or wss://'],
])('handshake() must not return %j', (given, problem) => {
  expect(() => aDirectory({ conversation: { handshake: () => given as never } }).dial(0)).toThrow(problem);
});

it('what a login by HTTP left for an address goes with the connection alone', () => {
  const asked: unknown[] = [];
  const jar = (url: string | null) => asked.push(url);
  aDirectory({ jar }).dial(0);
  aDirectory({ jar, conversation: { handshake: () => ({}) } }).dial(0);
  aDirectory({ jar, conversation: { handshake: () => ({ url: 'ws://b/' }) } }).dial(0);
  expect(asked).toEqual([null, 'ws://localhost:8081/', 'ws://b/']);
});

it.each([
  ['handshake', { handshake: async () => ({}) }],
  ['begin', { begin: () => Promise.resolve(1) }],
] as [string, Partial<Conversation<unknown>>][])(
  '%s() must not return a promise, for which nobody would wait',
  (name, conversation) => {
    expect(() => aDirectory({ conversation }).dial(0)).toThrow(
      `${name}() returned a promise, expected what it promises`,
    );
  },
);

it('what handshake() told is a secret for the directory that is made after it, too', () => {
  const conversation: Conversation<unknown> = {
    received: () => undefined,
    handshake: () => ({ headers: { Authorization: 'Bearer opensesame' } }),
  };
  const given = { env: {}, users: null, jar: null, told: {} };
  const vu = { run: { compression: false, url: null } as never, conversation, given };
  directoryFor(vu).dial(0);
  expect(directoryFor(vu).secrets(0)).toContain('opensesame');
});
