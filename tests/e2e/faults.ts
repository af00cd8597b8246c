import type { Behaviour } from '../servers/behaviour.mjs';
import type { Counts } from '../servers/counts.mjs';
import { type Books, healthyBooks } from './books.ts';

/**
 * A fault, and what a report must say about it by what the server counted. Each has a server of its own; a run is
 * given several as targets, so that connection i meets fault i mod n.
 */
export interface Fault {
  name: string;
  /** null: nobody listens at that address. */
  behaviour: Behaviour | null;
  /** Where the report differs from that on a healthy server. */
  books: (counts: Counts) => Partial<Books>;
  /** Over k6/websockets, where it differs from `books`: the reason is not told there. */
  booksOverWebSockets?: (counts: Counts) => Partial<Books>;
}

/** The whole expectation. */
export function expectedBooks(fault: Fault, counts: Counts, transport: 'ws' | 'websockets'): Books {
  const books = transport === 'websockets' ? (fault.booksOverWebSockets ?? fault.books) : fault.books;
  return { ...healthyBooks(counts), ...books(counts) };
}

const all = (counters: Record<string, number>) => Object.values(counters).reduce((sum, count) => sum + count, 0);

const refusedWith = (status: number, reason: string): Fault => ({
  name: `status ${status}`,
  behaviour: { handshake: { kind: 'status', status } },
  books: (counts) => ({ failed: { [reason]: counts.refused[status] ?? 0 } }),
});

/** The tables below are written for these: each message has its outcome before the next one is sent. */
export const MESSAGE_INTERVAL_MS = 700;
export const MESSAGE_TIMEOUT_MS = 500;
/** Handshakes may take this long: far longer than those that are to succeed take beside other runs on a busy machine. */
export const HANDSHAKE_TIMEOUT_MS = 2_500;

export const HANDSHAKE_FAULTS: Fault[] = [
  { name: 'none', behaviour: {}, books: () => ({}) },
  { name: 'slow, within the budget', behaviour: { handshake: { kind: 'accept', delayMs: 300 } }, books: () => ({}) },
  {
    name: 'slow, beyond the budget',
    behaviour: { handshake: { kind: 'accept', delayMs: HANDSHAKE_TIMEOUT_MS + 1_000 } },
    // The server believes it established them; the client calls them failed and closes them at once.
    books: (counts) => ({ established: 0, ready: 0, closed: 0, failed: { handshake_timeout: counts.handshakes } }),
  },
  refusedWith(401, 'http_4xx'),
  refusedWith(404, 'http_4xx'),
  refusedWith(429, 'http_4xx'),
  refusedWith(500, 'http_5xx'),
  refusedWith(503, 'http_5xx'),
  refusedWith(200, 'bad_handshake'),
  refusedWith(302, 'bad_handshake'),
  {
    name: 'wrong accept key',
    behaviour: { handshake: { kind: 'wrongAcceptKey' } },
    books: (counts) => ({ failed: { bad_handshake: counts.brokenHandshakes } }),
  },
  {
    name: 'garbage instead of HTTP',
    behaviour: { handshake: { kind: 'garbage' } },
    books: (counts) => ({ failed: { bad_handshake: counts.brokenHandshakes } }),
  },
  {
    name: 'RST before the handshake',
    behaviour: { handshake: { kind: 'resetOnConnect' } },
    books: (counts) => ({ failed: { reset: counts.handshakesReset } }),
  },
  {
    name: 'RST upon the request',
    behaviour: { handshake: { kind: 'resetOnRequest' } },
    books: (counts) => ({ failed: { reset: counts.handshakesReset } }),
  },
  {
    name: 'RST in the answer',
    behaviour: { handshake: { kind: 'resetInResponse' } },
    books: (counts) => ({ failed: { reset: counts.handshakesReset } }),
  },
  {
    name: 'FIN instead of an answer',
    behaviour: { handshake: { kind: 'endOnRequest' } },
    books: (counts) => ({ failed: { reset: counts.handshakesEnded } }),
  },
];

const closedBy = (code: number): Fault => ({
  name: `close ${code} upon the first message`,
  behaviour: { ending: { kind: 'close', code, reason: 'token=hunter2', afterMessages: 1 } },
  books: (counts) => ({
    dropped: { server_close: counts.closesSent[code] ?? 0 },
    messagesFailed: { lost: counts.received },
  }),
});

const violatedBy = (violation: Extract<NonNullable<Behaviour['ending']>, { kind: 'violate' }>['violation']): Fault => ({
  name: `violation: ${violation}`,
  behaviour: { ending: { kind: 'violate', violation, afterMessages: 1 } },
  books: (counts) => ({
    dropped: { protocol_error: counts.violations },
    messagesFailed: { lost: counts.received },
  }),
  booksOverWebSockets: (counts) => ({
    dropped: { reset: counts.violations },
    messagesFailed: { lost: counts.received },
  }),
});

/**
 * Settings for ENDING_FAULTS. A server that ends a connection cannot count what the client sends at that moment, nor
 * know whether its last reply was read. Between messages so far apart that no stall of a busy machine brings two
 * together, neither happens.
 */
export const ENDING_PACE = { WS_MESSAGE_INTERVAL: '1400ms', WS_MESSAGE_TIMEOUT: '1200ms' };

export const ENDING_FAULTS: Fault[] = [
  ...[1000, 1001, 1008, 1011, 4321].map(closedBy),
  {
    name: 'close 1011 with the handshake',
    behaviour: { ending: { kind: 'close', code: 1011 } },
    books: (counts) => ({ dropped: { server_close: counts.closesSent[1011] ?? 0 } }),
  },
  {
    name: 'FIN without a close frame',
    behaviour: { ending: { kind: 'vanish', afterMessages: 2 } },
    books: (counts) => ({ dropped: { reset: counts.vanished }, messagesFailed: { lost: counts.vanished } }),
  },
  {
    name: 'RST',
    behaviour: { ending: { kind: 'reset', afterMessages: 2 } },
    books: (counts) => ({ dropped: { reset: counts.reset }, messagesFailed: { lost: counts.reset } }),
  },
  {
    name: 'RST with the handshake',
    behaviour: { ending: { kind: 'reset' } },
    books: (counts) => ({ dropped: { reset: counts.reset } }),
  },
  {
    name: 'never answers a close frame',
    behaviour: { ending: { kind: 'ignoreClose' } },
    books: () => ({}),
  },
  ...(
    ['badOpcode', 'masked', 'reservedBit', 'badCloseCode', 'badCloseUtf8', 'longControl', 'strayContinuation'] as const
  ).map(violatedBy),
];

/** A reply of the right content, whatever its form. */
const wellAnswered = (talk: NonNullable<Behaviour['talk']>): Fault => ({
  name: `replies: ${talk.kind}`,
  behaviour: { talk },
  books: () => ({}),
});

export const REPLY_FAULTS: Fault[] = [
  wellAnswered({ kind: 'echo' }),
  wellAnswered({ kind: 'fragmented' }),
  wellAnswered({ kind: 'binary' }),
  wellAnswered({ kind: 'pingFlood', pings: 50 }),
  {
    name: 'replies: none',
    behaviour: { talk: { kind: 'silent' } },
    books: (counts) => ({ messagesFailed: { timeout: counts.received } }),
  },
  {
    // Ended by the server, as the next one: a frame that comes when the client is already closing counts nowhere.
    name: 'replies: late',
    behaviour: {
      talk: { kind: 'late', delayMs: MESSAGE_TIMEOUT_MS + 100 },
      ending: { kind: 'close', code: 1000, afterMessages: 3 },
    },
    books: (counts) => ({
      dropped: { server_close: counts.closesSent[1000] ?? 0 },
      messagesFailed: {
        lost: counts.closesSent[1000] ?? 0,
        timeout: counts.received - (counts.closesSent[1000] ?? 0),
      },
      unexpected: counts.replies['late'] ?? 0,
    }),
  },
  {
    name: 'replies: two to each',
    behaviour: { talk: { kind: 'twice' }, ending: { kind: 'close', code: 1000, afterMessages: 3 } },
    books: (counts) => ({
      dropped: { server_close: counts.closesSent[1000] ?? 0 },
      messagesFailed: { lost: counts.closesSent[1000] ?? 0 },
      unexpected: counts.replies['duplicate'] ?? 0,
    }),
  },
  {
    name: 'replies: foreign id',
    behaviour: { talk: { kind: 'foreignId' } },
    books: ({ replies: { foreign = 0 } }) => ({ messagesFailed: { timeout: foreign }, unexpected: foreign }),
  },
  {
    name: 'replies: garbage',
    behaviour: { talk: { kind: 'garbage' } },
    books: ({ replies: { garbage = 0 } }) => ({ messagesFailed: { timeout: garbage }, unexpected: garbage }),
  },
  {
    // The reply of echo is the message, to the last byte.
    name: 'replies: the message, and more',
    behaviour: { talk: { kind: 'large', bytes: 1_000_000 } },
    books: ({ replies: { echo = 0 } }) => ({ answered: 0, messagesFailed: { timeout: echo }, unexpected: echo }),
  },
  {
    name: 'replies: a stray before each',
    behaviour: { talk: { kind: 'strayFirst' } },
    books: (counts) => ({ unexpected: counts.replies['garbage'] ?? 0 }),
  },
  {
    name: 'pushes',
    behaviour: { talk: { kind: 'push', frames: 3 } },
    books: (counts) => ({ unexpected: counts.replies['push'] ?? 0 }),
  },
];

/** For a message timeout that is longer than the interval. */
export const ORDER_FAULTS: Fault[] = [
  {
    name: 'replies: in reverse, pair by pair',
    behaviour: { talk: { kind: 'swapped' } },
    // The last of an odd number is held back for ever.
    books: (counts) => ({ messagesFailed: { timeout: counts.received - all(counts.replies) } }),
  },
  wellAnswered({ kind: 'echo' }),
];
