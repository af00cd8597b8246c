import type { Dial, Directory, Given, MakeDirectory, Row } from '../connection/connection.ts';
import { userOf } from '../connection/directory.ts';
import { refusePromise } from '../connection/refuse-promise.ts';
import type { Client, Conversation } from '../conversation/conversation.ts';
import { lazily } from '../lazily.ts';
import type { Run } from '../plan/run.ts';
import type { Access } from '../settings/access.ts';
import { HANDSHAKE_HEADERS } from '../settings/handshake-headers.ts';
import { fill } from '../settings/template.ts';

/** Values shorter than this are everywhere and say nothing. */
const MIN_SECRET_LENGTH = 2;

/** Shorter parts of a header are rather settings (`q=1`). */
const MIN_PART_LENGTH = 4;

/** In an address or among sub-protocols shorter values are rather names (`?room=lobby`). */
const MIN_TOKEN_LENGTH = 8;

/** Clients and handshakes of the connections of a VU. */
export function directoryOf(
  { compression, url: plainUrl }: Pick<Run, 'compression' | 'url'>,
  access: Access,
  conversation: Conversation<unknown>,
  { users, jar, told }: Omit<Given, 'env'>,
): Directory {
  /** What secrets() has found, until a connection is dialled again: each push and each frame that is shown asks. */
  const found: Record<number, string[]> = {};
  return { urls: access.urls, client, dial, secrets };

  function client(index: number): Client {
    const user = userOf(users, index);
    const url = access.urls[index % access.urls.length] as string;
    return { index, user, url: users === null ? fill(url, {}, String) : fill(url, user, encodeURIComponent) };
  }

  function dial(index: number, previous?: unknown): Dial {
    delete found[index];
    const own = client(index);
    const asked = atOnce(conversation.handshake?.(own, previous), 'handshake') ?? {};
    const url = asked.url ?? own.url;
    if (conversation.handshake !== undefined) {
      checkHandshake(asked);
      const { headers = {}, protocols = [] } = asked;
      told[index] = [
        ...Object.values(headers).flatMap(valuesOfHeader),
        ...protocols.filter(isToken),
        ...valuesInUrl(asked.url ?? ''),
      ];
    }
    const given = access.subprotocols;
    const protocols = asked.protocols ?? (given.length > 0 ? given.map((name) => fill(name, own.user, String)) : []);
    const headers = merged(own.user, asked.headers ?? {});
    // k6/websockets takes the protocols by themselves.
    if (jar === null && protocols.length > 0) headers['Sec-WebSocket-Protocol'] = protocols.join(', ');
    const params: Record<string, unknown> = {};
    if (compression) params['compression'] = 'deflate';
    if (jar !== null) params['jar'] = jar(conversation.handshake === undefined ? null : url);
    if (plainUrl === null || asked.url !== undefined || Object.keys(headers).length > 0) {
      params['headers'] = headers;
      // Without a name k6 would take the whole address, and a token in it, as the tag.
      if (jar !== null) params['tags'] = { name: 'target' };
    }
    return {
      url,
      protocols,
      params,
      state: atOnce(conversation.begin?.(own, previous), 'begin'),
    };
  }

  /** Those of the conversation over those of WS_HEADERS, whatever the case of their names. */
  function merged(user: Row, own: Record<string, string>): Record<string, string> {
    const headers = { ...own };
    const given = Object.keys(access.headers);
    if (given.length === 0) return headers;
    const names = Object.keys(own).map((name) => name.toLowerCase());
    for (const name of given) {
      if (!names.includes(name.toLowerCase())) headers[name] = fill(access.headers[name] as string, user, String);
    }
    return headers;
  }

  function secrets(index: number): string[] {
    found[index] ??= secretsOf(index);
    return found[index];
  }

  function secretsOf(index: number): string[] {
    const user = userOf(users, index);
    const headers = Object.values(access.headers).flatMap((value) => valuesOfHeader(fill(value, user, String)));
    const ofUrl = valuesInUrl(client(index).url);
    const protocols = access.subprotocols.map((name) => fill(name, user, String)).filter(isToken);
    const values = [...Object.values(user), ...headers, ...protocols, ...ofUrl, ...(told[index] ?? [])];
    const forms = values.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
    return [...new Set(forms)].filter(({ length }) => length >= MIN_SECRET_LENGTH).sort((a, b) => b.length - a.length);
  }
}

const EXAMPLE = 'for example { headers: { Authorization: client.user.token } }';

/** Throws what is wrong with what handshake() returned. */
function checkHandshake(asked: unknown): void {
  const fail = (problem: string) => {
    throw new TypeError(`handshake() returned ${problem}, ${EXAMPLE}`);
  };
  if (typeof asked !== 'object') fail(`${typeof asked}, expected an object of url, headers and protocols`);
  const { url, headers = {}, protocols = [], ...others } = asked as Record<string, unknown>;
  for (const key of Object.keys(others)) fail(`${key}, expected url, headers or protocols`);
  if (url !== undefined && !(typeof url === 'string' && /^wss?:\/\//i.test(url)))
    fail('an url that does not begin with ws:// or wss://');
  if (!Array.isArray(protocols) || protocols.some((name) => typeof name !== 'string'))
    fail('protocols that are no list of texts');
  if (typeof headers !== 'object' || headers === null) fail(`headers that are ${typeof headers}, expected an object`);
  for (const [name, value] of Object.entries(headers as object)) {
    const known = name.toLowerCase();
    const instead = known === 'sec-websocket-protocol' ? 'return it as protocols' : 'leave it out';
    if (HANDSHAKE_HEADERS.includes(known)) fail(`the header ${name}, which the handshake sets itself: ${instead}`);
    if (typeof value !== 'string' && typeof value !== 'number')
      fail(`the header ${name} as ${value === null ? 'null' : typeof value}, expected a text`);
  }
}

/** What a callback returned, if it is no promise. */
function atOnce<Value>(value: Value, callback: string): Value {
  refusePromise(value, `${callback}()`, 'what it promises');
  return value;
}

/** A header's value, with and without its scheme (`Bearer `), what its parts are set to, and what `Basic` encodes. */
function valuesOfHeader(value: unknown): string[] {
  const text = String(value);
  const bare = text.replace(/^\w+\s+/, '');
  const basic = /^basic\s/i.test(text) ? ofBase64(bare) : '';
  const set = text.split(/[;,]\s*/).map((part) => part.replace(/^[^=]*=\s*/, '').replace(/^"(.*)"$/, '$1'));
  const parts = [...set, basic, basic.slice(basic.indexOf(':') + 1)];
  return [text, bare, ...parts.filter(({ length }) => length >= MIN_PART_LENGTH)];
}

/** What base64 (RFC 4648, 4) encodes, a character for each byte; k6's engine has no atob(). */
function ofBase64(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let bits = 0;
  let count = 0;
  let decoded = '';
  for (const character of text.replace(/[^\w+/]/g, '')) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += String.fromCharCode((bits >> count) & 0xff);
  }
  return decoded;
}

/** A sub-protocol that is a token, as some servers want it, and no name such as `graphql-transport-ws`. */
function isToken(protocol: string): boolean {
  return protocol.length >= MIN_TOKEN_LENGTH && /\d/.test(protocol);
}

/** What may be a secret in an address: longer values of its query, and those of a telling name, as they stand and decoded. */
function valuesInUrl(url: string): string[] {
  const query = url.split('?').slice(1).join('?');
  return query.split(/[&;]/).flatMap((pair) => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const isTelling = value !== '' && /auth|code|jwt|key|pass|pw|pin|secret|session|sid|sig|ticket|token/i.test(name);
    const least = isTelling ? MIN_SECRET_LENGTH : MIN_TOKEN_LENGTH;
    const text = value === '' ? name : value;
    return [text, decoded(text), decoded(text.replace(/\+/g, ' '))].filter(({ length }) => length >= least);
  });
}

/** A value of a query as it was before it was encoded; as it stands where it is not well encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Apart: it reads addresses by regular expressions, the first of which costs a VU 16 KB. */
const accessModule = lazily(() => require('../settings/access.ts') as typeof import('../settings/access.ts'));

/** As MakeDirectory in lib/connection/connection.ts says. */
export const directoryFor: MakeDirectory = ({ run, conversation, given = NOTHING }) => {
  const { env } = given;
  const known =
    env === null ? { urls: [run.url as string], headers: {}, subprotocols: [] } : accessModule().accessOf(env);
  return directoryOf(run, known, conversation, given);
};

const NOTHING: Given = { env: null, users: null, jar: null, told: {} };
