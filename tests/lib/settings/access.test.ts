import { expect, it } from 'vitest';
import { accessOf } from '../../../lib/settings/access.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

it.each<[Record<string, string>, string[]]>([
  [{}, []],
  [{ WS_URL: '', WS_HEADERS: '', WS_SUBPROTOCOL: '' }, []],
  [{ WS_URL: ' ', WS_HEADERS: ' ', WS_SUBPROTOCOL: ' ' }, []],
  [{ WS_URL: 'ws://a/?token=1, ws://b/ ,wss://c' }, []],
  [{ WS_HEADERS: '{"Authorization":"Bearer x"}' }, []],
  [{ WS_SUBPROTOCOL: 'mqtt' }, ['mqtt']],
  [{ WS_SUBPROTOCOL: ' v12.stomp ,v11.stomp' }, ['v12.stomp', 'v11.stomp']],
  [{ WS_URL: 'ws://a/{token}', WS_SUBPROTOCOL: 'v1-{user}', WS_USERS: 'users.csv' }, ['v1-{user}']],
])('a VU reads the same targets and headers as the first init did: %j', (env, subprotocols) => {
  const { urls, headers } = parseSettings(env);
  expect(accessOf(env)).toEqual({ urls, headers, subprotocols });
});
