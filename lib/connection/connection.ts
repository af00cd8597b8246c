import type { Client, Conversation, Frame, Outgoing, Request } from '../conversation/conversation.ts';
import type { Traits } from '../conversation/traits.ts';
import type { WordKind } from '../metrics/words.ts';
import type { ClientPlan, Run } from '../plan/run.ts';
import type { ClientLedger, Ledger } from './ledger.ts';
import type { MessageFailure } from './outcome.ts';

/** Normal closure (RFC 6455, 7.4.1). */
export const NORMAL_CLOSURE = 1000;

/** Connections between two lines of progress. */
export const PROGRESS_STEP = 1_000;

/**
 * Bytes that may be under way before the server has shown that it reads, by a reply or a pong. Within it, a server
 * that no longer reads cannot fill the socket's buffers: k6's write would block for ever, and the VU and k6 with it.
 */
export const MAX_UNREAD_BYTES = 65_536;

/** k6/ws writes without a deadline: this much fits the socket's buffers when the server reads nothing (MAX_UNREAD_BYTES). */
export const MAX_FRAME_BYTES = 65_000;

/**
 * What is done to the sockets of a VU; the one that is meant comes last. Over k6/ws it is the socket itself, which has these
 * methods and needs neither that nor `this`. Closing a socket that still connects freezes k6.
 */
export interface Wire {
  send(this: void, text: string, socket: unknown): void;
  sendBinary(this: void, bytes: ArrayBuffer, socket: unknown): void;
  ping(this: void, socket: unknown): void;
  close(this: void, code: number, socket: unknown): void;
}

/** What is known of a socket; over k6/ws nothing. */
export interface Socket {
  /** The sub-protocol that the server chose. */
  readonly protocol?: string;
}

/** One kind of request, ready to be chosen. */
export interface Kind {
  name: string;
  request: Request<unknown>;
  /** The sum of the weights up to and with this one. */
  weightUpTo: number;
  awaits: boolean;
  hasReach: boolean;
  timeoutMs: number;
  /** Of its samples; undefined where there is only one kind. */
  tags: Record<string, string> | undefined;
}

/**
 * A request that waits for its reply. With an eighth field k6's engine would make its table anew when one is
 * set, 0.6 KB of garbage (Go's maps grow when they are full, whether a key is new or not).
 */
export interface Waiting {
  n: number;
  kind: Kind;
  sentAt: number;
  /** When it was to be sent by the clock of WS_MESSAGE_INTERVAL. */
  intendedAt: number;
  deadline: number;
  /** Bytes sent on the connection up to and with it: the server has read them once it answers. */
  sentBytes: number;
  /** It has had its first reply of several. */
  hasFirst?: true;
  /** The one with the next deadline. */
  next: Waiting | null;
}

/** What the event that is under way brought, for the calls that the conversation makes in its callback. */
export interface Moment {
  /** In ms since the epoch; 0: no callback is under way. */
  at: number;
  /** Tells more exactly when a frame came in, over k6/websockets; to read it is a call through Go's reflection. */
  event: { readonly timestamp: number } | null;
  /** The conversation has made a call that takes the frame into account. */
  isUsed: boolean;
}

/** What all connections of a VU share. */
export interface Vu {
  /** Place of the VU in the ramp, over all processes of the test. */
  index: number;
  run: Run;
  ledger: Ledger;
  conversation: Conversation<unknown>;
  traits: Traits;
  /** Set anew by each step, whose tag its samples carry. */
  kinds: Kind[];
  /** The tag of the step that judges what is sent then, in ms since the start of the run (steps.ts); only where there are steps. */
  judgedStep?: (elapsedMs: number) => Record<string, string> | undefined;
  /** The phase before the one whose tag the VU's samples carry (phase.ts). */
  lastPhase?: { endedAt: number; tag: Record<string, string> };
  /** Start of the ramp, or of the connection where connections arrive on their own, in ms since the epoch. */
  startedAt: number;
  /** Adds to the calls of a session what a conversation of the user's can need; null for one of ours that needs none. */
  extendSession: ((vu: Vu, life: Life, session: object) => void) | null;
  /** Where the run's one address is not all. */
  given?: Given;
  /** Who the connections are, once somebody has asked (directoryOf()). */
  directory: Directory | null;
  /** What makes that. */
  later(): { seldom(): { directoryFor: MakeDirectory } };
  /** Else over k6/websockets. There a close is known to have come about by a second finish(), and frames have a largest size. */
  isOverK6Ws: boolean;
  /** Set by the first connection that opens; `send` by itself, since each reading of it can have k6 make it anew. */
  wire: Wire;
  send: Wire['send'];
  /** Only where frames() can take time: a conversation of the user's. */
  clock?: () => number;
  /** The connection wants its tick() earlier than it said. Set by the transport. */
  wake(connection: Connection, at: number): void;
  /** Only where who fails or is dropped comes back. */
  comesBack?: ComesBack;
  /** Set by the transport, from `comesBack`. */
  clients?: Clients;
}

/** What the clients of a run that come back have to know, and their own books. */
export interface ComesBack {
  plan: ClientPlan;
  ledger: ClientLedger;
}

/** Those who have one connection after the other, each by its place in the ramp (client.ts). */
export interface Clients {
  /** The next attempt of a client begins, and is written into the books; false: its planned end has come. */
  attempt(index: number): boolean;
  /** Ends the outages of clients that have been ready for long enough; returns when it wants to be called again, or 0 for never. */
  settle(now: number): number;
  /** It has had no other attempt than the one that is under way. */
  isFirst(index: number): boolean;
  /** The conversation's own, as the connection before left it; undefined: there was none. */
  previous(index: number): unknown;
  /** Requests that its connections before have made. */
  madeBefore(index: number): number;
  /** The handshake succeeded in time; whether it is the client's first that did. */
  established(connection: Connection): boolean;
  ready(connection: Connection, now: number): void;
  /** The attempt failed, or the connection, whose handshake had succeeded if `wasOpen`, ended otherwise than planned. */
  failed(connection: Connection, reason: string, wasOpen: boolean): void;
  /** It ended as planned. */
  closed(connection: Connection): void;
}

/** Who a connection is, and what it is dialled with. */
export interface Directory {
  client(index: number): Client;
  /**
   * Asks the conversation for the handshake and the state of a connection; throws what it throws.
   *
   * @param previous - the state of the client's connection before.
   */
  dial(index: number, previous?: unknown): Dial;
  /** The targets as they were written, in the order in which connections take them. */
  urls: readonly string[];
  /** Texts that must never be shown, longest first: values of the user's row and of headers. */
  secrets(index: number): string[];
}

/** A row of the users' file. */
export type Row = Readonly<Record<string, string>>;

/** What a directory is made of besides the run and the conversation; kept apart from it, since it is made anew where few ask. */
export interface Given {
  /** With addresses, headers and sub-protocols; null where the run's one address is all. */
  env: Record<string, string | undefined> | null;
  /** Rows of WS_USERS; null: there are none. */
  users: ArrayLike<Row> | null;
  /** null where the transport keeps none. */
  jar: MakeJar | null;
  /** What the newest handshake() of a connection told that may be secret. */
  told: Record<number, string[]>;
}

/** Makes the directory of a VU. */
export type MakeDirectory = (vu: Pick<Vu, 'run' | 'conversation' | 'given'>) => Directory;

/**
 * Makes cookies of its own for a connection.
 *
 * @param url - the address of one whose handshake() may have logged in by HTTP: what cookies the VU has for it are taken over.
 */
export type MakeJar = (url: string | null) => unknown;

/** What a connection is dialled with. */
export interface Dial {
  url: string;
  /** Sub-protocols that are asked for. */
  protocols: string[];
  /** k6's parameters of the connection; null: none. */
  params: Record<string, unknown> | null;
  /** What the conversation's begin() returned. */
  state: unknown;
}

/** Requests that many connections are to receive (fan-out.ts). */
export interface FanOut {
  /** A request is about to be made that so many are to receive. */
  begin(connection: Connection, reach: NonNullable<Request<unknown>['reach']>): void;
  /** It has been made (null: it was not, after all). Throws if it has no stamp. */
  sent(kind: string | null): void;
  stamp(connection: Connection, n: number): string;
  delivered(connection: Connection, text: string): boolean;
}

/** What few connections need, made when first needed. */
export interface Rare {
  establishedAt: number;
  /** When the login was complete, in ms since the epoch; 0: not yet. */
  readyAt: number;
  /** Of the stage it is in: the login, or the goodbye. 0: none. */
  deadline: number;
  /** In order of time. */
  timers: Timer[];
  /** Callbacks of timers in the second that began at `secondAt`. */
  callbacks: number;
  secondAt: number;
  /** What waits for a server that reads nothing. */
  outbox: Outgoing[];
  /** Bytes sent before the ping that is under way; 0: none is. */
  pingedBytes: number;
  isHeldBack: boolean;
  /** When a request that was due was last held back, in ms since the epoch; 0: never. */
  heldBackAt: number;
  /** Requests that are over although a reply may still come. */
  silent: Uint32Array | null;
  /** Requests that want no reply, beside others that do: the newest. */
  sentOnly: Uint32Array | null;
  /** Of stamps received: the newest and those shortly before it, by sender. */
  seen: { bySender: Record<number, number>; senders: number[] } | null;
  traced: number;
  /** A call outside of a callback was told: promises can make one for each message. */
  isToldOutside: boolean;
}

/** A callback of the conversation's own. */
export interface Timer {
  at: number;
  /** 0: once. */
  everyMs: number;
  callback: (session: never) => unknown;
}

/**
 * late: failed already, the socket still connects. login: until the conversation says ready. draining: no new requests,
 * replies are awaited. closing: closed as planned, the transport has not confirmed it yet.
 */
export type Phase = 'connecting' | 'late' | 'login' | 'ready' | 'draining' | 'goodbye' | 'closing' | 'ended';

/** Whether the conversation can still do something on the connection. */
export function isUp({ phase }: Pick<Connection, 'phase'>): boolean {
  return phase === 'login' || phase === 'ready' || phase === 'draining' || phase === 'goodbye';
}

/** One connection; its conversation gets it as the Session, with the VU's calls as prototype. */
export interface Connection {
  /** Place in the ramp, over all processes of the test. */
  readonly index: number;
  /** The conversation's own. */
  state: unknown;
  phase: Phase;
  /** null until it is established. */
  socket: Socket | null;
  begunAt: number;
  /** When it is to close, in ms since the epoch. */
  closeAt: number;
  nextSendAt: number;
  /** Requests made. */
  n: number;
  /** The request without an outcome whose deadline comes first; the others follow it. */
  waiting: Waiting | null;
  /** Of its requests, how many wait by the last sample of `ws_messages_pending`. */
  pendingReported: number;
  sentBytes: number;
  /** Of those sent, what the server is known to have read. */
  readBytes: number;
  rare: Rare | null;
}

/** The life of a connection that is open (life.ts); `now` is in ms since the epoch. */
export interface Life {
  /** What the conversation can call: the prototype of its connections. */
  session: object;
  /**
   * Does what is due: gives up, expires, sends, drains, closes.
   *
   * @returns when it wants to be called again, in ms since the epoch; 0: never.
   */
  tick(connection: Connection, now: number): number;
  /** A frame came in. */
  received(connection: Connection, frame: string | ArrayBuffer, now: number, event: Moment['event']): void;
  /** Request `n` has its reply; false and no effect: it does not wait. */
  answered(this: Connection, n: number): boolean;
  /** The planned end: closes the socket and writes the outcome. Of one that is closing already the outcome alone. */
  finish(connection: Connection): void;
  /** What happens beside the plain course: made on the first call. */
  parts(): Parts;
  /** Those; null: not yet, or let go. */
  made: Parts | null;
}

/** What happens beside the plain course (parts.ts), each made when it is first needed. */
export interface Parts {
  readonly moment: Moment;
  /** Whether one that is made anew would not know what this one does. */
  hasMemory(): boolean;
  /** Over k6/ws, where the VU watches its own lateness: `receive`, and beside it the beats (pulse.ts). */
  watched<Received>(
    receive: (frame: Received) => void,
    setTimeout: (callback: () => void, ms: number) => void,
  ): (frame: Received) => void;
  readonly endings: Endings;
  readonly requests: Requests;
  readonly stages: Stages;
  readonly flow: Flow;
  readonly notes: Notes;
  readonly fanOut: FanOut;
}

/** How a connection ends otherwise than planned (endings.ts). */
export interface Endings {
  /** The attempt failed for this reason; a second outcome is ignored. */
  failed(connection: Connection, reason: string, detail: string): void;
  /** The attempt failed with k6's error text, or the server's HTTP status (0: none) and the extensions of its answer. */
  refusedHandshake(connection: Connection, error: string, status: number, now: number, extensions?: string): void;
  /** k6 says what became of a handshake that was given up: TCP was never answered. Its failure is counted under that reason. */
  refusedLate(connection: Connection, error: string): void;
  /** The socket went without our doing: close code (undefined: none came), the last error's text, the server's reason. */
  gone(connection: Connection, code: number | undefined, error: string, reason: string, now: number): void;
  /** The connection ends here and now for this reason, and with it what waits. The socket is the caller's. */
  end(connection: Connection, reason: string, detail: string): void;
  /** The conversation breaks off, for a word of its own. */
  broken(connection: Connection, word: string): void;
  /** The conversation, or this package, threw. */
  scriptError(connection: Connection, error: unknown): void;
  /** What is wrong with the sub-protocol that the server chose, or null (subprotocol.ts). */
  subprotocolProblem(asked: readonly string[], chosen: string): string | null;
}

/** What becomes of requests besides that they are answered at once (requests.ts). */
export interface Requests {
  /** Takes a request out of those that wait; null: it does not wait. */
  taken(connection: Connection, n: number): Waiting | null;
  /** Fails those whose time is over at `now`. */
  expire(connection: Connection, now: number): void;
  /** Fails all that wait. */
  lose(connection: Connection, reason: MessageFailure): void;
  /** The tags of what comes of a request: its kind's, and that of the phase before if it was sent in that. */
  tagsOf(request: Waiting): Kind['tags'];
  /** A turn in which the conversation had nothing to send. */
  unused(kind: Kind): void;
  /** Request `n` was answered and does not wait; always false. */
  answeredAnyway(connection: Connection, n: number): false;
  refused(connection: Connection, n: number, word: string): void;
  partly(connection: Connection, n: number): void;
  /** Requests that are due and held back: those whose reply could no longer come in time have timed out, at the planned end all. */
  withhold(connection: Connection, now: number): void;
  /** More replies to request `n` can come and are to be expected. */
  silence(connection: Connection, n: number): void;
  /** Writes how many more requests wait than the last time, or fewer. */
  reportPending(connection: Connection): void;
  /** Request `n`, which wants no reply, was made in a conversation some of whose requests want one. */
  wantsNone(connection: Connection, n: number): void;
  /** A kind of request by weight, of several. */
  chosen(): Kind;
  /** Puts a request among those that wait, where its deadline belongs. */
  queue(connection: Connection, request: Waiting): void;
}

/** Stages and timers of a conversation (stages.ts). */
export interface Stages {
  login(connection: Connection, now: number): void;
  /** The login is complete; too late, it has failed all the same. */
  ready(connection: Connection, now: number): void;
  /** Runs the timers that are due, and does what is due in a stage of its own: connecting, login, the end of the hold, draining, goodbye. */
  tickStage(connection: Connection, now: number): void;
  /** Calls back what is due of after() and every(). */
  runTimers(connection: Connection, now: number): void;
  /** Nothing waits any more at the planned end. */
  drained(connection: Connection, now: number): void;
  addTimer(connection: Connection, timer: Timer): void;
  /** The conversation has called its session although no callback is under way: a script error. */
  outside(connection: Connection): false;
  /** Throws if this, which a callback returned, is a promise: nobody would wait for it, or see what it throws. */
  refuseLater(given: unknown, callback: string): void;
  /** When tick() is due next, in ms since the epoch; 0: never. */
  dueAt(connection: Connection): number;
}

/** Frames on their way out (flow.ts). */
export interface Flow {
  /**
   * Much is under way and a request is due: asks the server for a pong; true while it must answer before more is sent. What
   * is held back for longer than its reply may take has timed out.
   */
  mustWait(connection: Connection, now: number): boolean;
  /** The server answered a ping: it has read what was sent before that. */
  ponged(connection: Connection): void;
  /** Sends what is no request, as soon as the server reads. */
  send(connection: Connection, frame: Outgoing): void;
  /** The frames of a request with a reach, as checked() gives them. Throws what it or the conversation throws, or that there is no stamp. */
  stamped(connection: Connection, kind: Kind, n: number): Outgoing | Outgoing[] | null;
  /** Frames that can be sent, or null: none. Throws what is wrong with them. */
  checked(frames: Outgoing | Outgoing[] | null, kind: string): Outgoing | Outgoing[] | null;
  transmitAll(connection: Connection, frames: Outgoing | Outgoing[]): void;
}

/** What is counted or shown in words (notes.ts). */
export interface Notes {
  /** Counts a failure or drop, by its target where there are several: what became of it. */
  atTarget(connection: Connection, outcome: string): void;
  /** Which of a name's addresses it was, where Go's text has it: a dial that failed, a connection that was reset. */
  atAddress(connection: Connection, outcome: string, error: string): void;
  /** The other side ended a connection: counts how old it was. */
  aged(connection: Connection, now: number): void;
  /** Counts a word of the conversation's or the server's; returns it as it is counted. */
  count(connection: Connection, kind: WordKind, word: string): string;
  /** A word of the conversation's as it would be counted, but for its length. */
  wordOf(connection: Connection, word: unknown): string;
  pushed(connection: Connection, kind: string): void;
  /** A frame that led to no call. */
  unexpected(connection: Connection, frame: Frame): void;
  /** Shows a frame on which the conversation threw, if few were shown before. */
  threwOn(connection: Connection, frame: Frame): void;
  /** The text of an error and its place in the conversation's file. */
  errorText(connection: Connection, error: unknown): string;
  /** A text of the server's or an error, fit to be shown. */
  shown(connection: Connection, text: string, length: number): string;
  /** A text without the values of the user's row and of headers. */
  masked(connection: Connection, text: string): string;
  trace(connection: Connection, direction: '>' | '<' | '=', frame: unknown): void;
  /** VUs share no memory, so the place in the ramp stands for the count. */
  logProgress(connection: Connection): void;
}
