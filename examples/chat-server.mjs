// The chat that examples/chat.ts talks to: whoever logs in with a token of the users' file may join a room, and what is
// said there goes to all in the room. `node examples/chat-server.mjs --help` lists the options.
//
//   > {"type":"auth","token":"…"}              < {"type":"welcome","user":"ann"}        or close 4401 "bad token"
//   > {"type":"join","room":"r"}               < {"type":"joined","room":"r","members":1}
//   > {"type":"chat","text":"hi","ref":"m1"}   < {"type":"chat","room":"r","from":"ann","text":"hi","ref":"m1"} to all there
//   > anything else                            < {"type":"error","reason":"unknown type …","ref":"m2"}
//
// Close 4401 "login timeout" 5 s after the handshake, and "auth first" for anything before the login. It counts by
// itself, so that a load test has something to be compared with: http://127.0.0.1:PORT/stats, and one line of JSON when
// it is stopped.
//
// Exit codes: 0 stopped by signal, 1 cannot listen, 2 bad options.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from '../scripts/lib/exit-error.mjs';
import { describeOptions, parseOptions } from '../scripts/lib/options.mjs';
import { serveUntilStopped } from '../scripts/lib/serve-until-stopped.mjs';
import { listenForWebSockets } from '../scripts/lib/websocket-server.mjs';

/** @type {Record<string, import('../scripts/lib/options.mjs').Option>} */
const OPTIONS = {
  port: { kind: 'number', max: 65535, default: 8082, help: 'Port to listen on; 0 takes a free one.' },
  users: {
    kind: 'text',
    default: fileURLToPath(new URL('users.csv', import.meta.url)),
    placeholder: 'file',
    help: 'CSV file with the columns user and token.',
  },
  help: { kind: 'flag', help: 'Print this.' },
};
const EXAMPLE = 'node examples/chat-server.mjs --port 8082 --users examples/users.csv';
const LOGIN_TIMEOUT_MS = 5000;
const LOGIN_REFUSED = 4401;
const MAX_MESSAGE_BYTES = 65_536;

/**
 * @typedef {object} Stats
 * @property {number} accepted Handshakes.
 * @property {number} open
 * @property {number} peakOpen
 * @property {number} logins
 * @property {number} joins
 * @property {number} messages Chat messages taken from members of a room.
 * @property {number} deliveries Copies of them sent, the sender's own among them.
 * @property {Record<string, number>} refused Logins and messages, by reason.
 * @property {Record<string, number>} closeCodes Connections that have ended, by code.
 */

/**
 * @typedef {object} Member
 * @property {string | undefined} user Known once logged in.
 * @property {string | undefined} room
 * @property {NodeJS.Timeout} loginTimer
 */

/**
 * @param {object} options
 * @param {ReadonlyMap<string, string>} options.users User by token.
 * @param {number} [options.port] Default 0: a free one.
 * @param {number} [options.loginTimeoutMs]
 * @returns {Promise<import('../scripts/lib/websocket-server.mjs').Listening & { stats: () => Stats }>}
 */
export async function startChatServer({ users, port = 0, loginTimeoutMs = LOGIN_TIMEOUT_MS }) {
  const counts = { accepted: 0, open: 0, peakOpen: 0, logins: 0, joins: 0, messages: 0, deliveries: 0 };
  /** @type {Map<string, number>} */
  const refused = new Map();
  /** @type {Map<string, number>} */
  const closeCodes = new Map();
  /** @type {Map<WebSocket, Member>} */
  const members = new Map();
  /** @type {Map<string, Set<WebSocket>>} */
  const rooms = new Map();
  const stats = () => ({
    ...counts,
    refused: Object.fromEntries(refused),
    closeCodes: Object.fromEntries(closeCodes),
  });

  const send = (/** @type {WebSocket} */ client, /** @type {object} */ message) => client.send(JSON.stringify(message));
  const turnAway = (/** @type {WebSocket} */ client, /** @type {string} */ reason) => {
    countIn(refused, reason);
    client.close(LOGIN_REFUSED, reason);
  };
  const refuse = (
    /** @type {WebSocket} */ client,
    /** @type {unknown} */ ref,
    /** @type {string} */ reason,
    detail = '',
  ) => {
    countIn(refused, reason);
    send(client, { type: 'error', reason: detail ? `${reason} ${detail}` : reason, ref });
  };

  /** @type {Record<string, (client: WebSocket, member: Member, message: Record<string, unknown>) => void>} */
  const answers = {
    join(client, member, { room, ref }) {
      if (typeof room !== 'string') return refuse(client, ref, 'no room');
      leave(rooms, client, member);
      const those = rooms.get(room) ?? new Set();
      rooms.set(room, those.add(client));
      member.room = room;
      counts.joins += 1;
      send(client, { type: 'joined', room, members: those.size });
    },
    chat(_client, member, { text, ref }) {
      const { user, room } = member;
      if (room === undefined) return refuse(_client, ref, 'join first');
      counts.messages += 1;
      // Made once, not once for each member.
      const frame = JSON.stringify({ type: 'chat', room, from: user, text, ref });
      for (const client of rooms.get(room) ?? []) {
        if (client.readyState !== WebSocket.OPEN) continue;
        client.send(frame);
        counts.deliveries += 1;
      }
    },
  };

  const logIn = (
    /** @type {WebSocket} */ client,
    /** @type {Member} */ member,
    /** @type {Record<string, unknown>} */ message,
  ) => {
    if (message['type'] !== 'auth') return turnAway(client, 'auth first');
    const user = users.get(String(message['token']));
    if (user === undefined) return turnAway(client, 'bad token');
    clearTimeout(member.loginTimer);
    member.user = user;
    counts.logins += 1;
    send(client, { type: 'welcome', user });
  };

  /** @this {WebSocket} @param {import('ws').RawData} data */
  function onMessage(data) {
    const member = members.get(this);
    // One that was turned away may still be sending.
    if (!member || this.readyState !== WebSocket.OPEN) return;
    const message = parsed(String(data));
    if (member.user === undefined) return logIn(this, member, message);
    const type = String(message['type']);
    if (Object.hasOwn(answers, type)) return answers[type]?.(this, member, message);
    refuse(this, message['ref'], 'unknown type', type.slice(0, 40));
  }
  /** @this {WebSocket} @param {number} code */
  function onClose(code) {
    const member = members.get(this);
    if (!member) return;
    clearTimeout(member.loginTimer);
    leave(rooms, this, member);
    members.delete(this);
    counts.open -= 1;
    countIn(closeCodes, String(code));
  }
  const onOpen = (/** @type {WebSocket} */ client) => {
    counts.accepted += 1;
    counts.open += 1;
    counts.peakOpen = Math.max(counts.peakOpen, counts.open);
    const loginTimer = setTimeout(turnAway, loginTimeoutMs, client, 'login timeout');
    members.set(client, { user: undefined, room: undefined, loginTimer });
    client.on('message', onMessage);
    // What is wrong with the connection ends it; that is counted there.
    client.on('error', () => {});
    client.on('close', onClose);
  };

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const listening = await listenForWebSockets({
    host: '127.0.0.1',
    port,
    what: 'a chat for load tests',
    stats,
    sockets,
    upgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, onOpen),
  });
  return { ...listening, stats };
}

/**
 * @param {Map<string, Set<WebSocket>>} rooms
 * @param {WebSocket} client
 * @param {Member} member
 */
function leave(rooms, client, member) {
  if (member.room === undefined) return;
  const those = rooms.get(member.room);
  those?.delete(client);
  if (those?.size === 0) rooms.delete(member.room);
  member.room = undefined;
}

/**
 * @param {Map<string, number>} counts
 * @param {string} what
 */
function countIn(counts, what) {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/**
 * @param {string} text
 * @returns {Record<string, unknown>} Empty for what is no object in JSON.
 */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * The users of a CSV file with a header line, by token. No quotes: neither names nor tokens have commas.
 *
 * @param {string} file
 * @returns {Map<string, string>}
 * @throws {ExitError} With code 2 if it cannot be read or lacks a column. Shows nothing of what is in it.
 */
export function readUsers(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new ExitError(`--users ${file}: cannot be read (${code}). Example: ${EXAMPLE}`, EXIT_BAD_INPUT);
  }
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = head.split(',').map((name) => name.trim());
  const [user, token] = ['user', 'token'].map((name) => columns.indexOf(name));
  if (user === undefined || token === undefined || user < 0 || token < 0) {
    throw new ExitError(`--users ${file}: expected a first line with the columns user and token`, EXIT_BAD_INPUT);
  }
  const rows = lines.map((line) => line.split(',').map((cell) => cell.trim()));
  return new Map(rows.flatMap((cells) => (cells[token] ? [[cells[token], cells[user] ?? '']] : [])));
}

/** @param {string[]} args */
async function main(args) {
  const given = parseOptions(args, OPTIONS, EXAMPLE);
  if (given.help) {
    process.stdout.write(`Usage: node examples/chat-server.mjs [options]\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  const users = readUsers(given.users);
  const server = await startChatServer({ users, port: given.port }).catch((error) => {
    throw new ExitError(`Cannot listen on port ${given.port}: ${error.message}.`, 1);
  });
  await serveUntilStopped(server);
  return 0;
}

await runAsScript(import.meta.url, main);
