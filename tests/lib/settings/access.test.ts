import { expect, it } from 'vitest';
import { accessOf } from '../../../lib/settings/access.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

it.each([
  {},
  { WS_URL: '', WS_HEADERS: '' },
  { WS_URL: ' ', WS_HEADERS: ' ' },
  { WS_URL: 'ws://a/?token=1, ws://b/ ,wss://c' },
  { WS_HEADERS: '{"Authorization":"Bearer x"}' },
])('a VU reads the same targets and headers as the first init did: %j', (env) => {
  const { urls, headers } = parseSettings(env);
  expect(accessOf(env)).toEqual({ urls, headers });
});
