import type { Connection, Life, Vu, Wire } from '../../../lib/connection/connection.ts';
import { directoryOf } from '../../../lib/connection/directory.ts';
import { kindsOf } from '../../../lib/connection/kinds.ts';
import { lifeOf } from '../../../lib/connection/life.ts';
import { attempted, begin, opened } from '../../../lib/connection/opening.ts';
import { extendSession } from '../../../lib/connection/session.ts';
import type { Conversation, Session } from '../../../lib/conversation/conversation.ts';
import { echo } from '../../../lib/conversation/echo.ts';
import { traitsOf } from '../../../lib/conversation/traits.ts';
import { type Run, runOf } from '../../../lib/plan/run.ts';
import { directoryFor } from '../../../lib/scenario/directory.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { aLedger, type FakeLedger } from './a-ledger.ts';

/** Start of the ramp: an arbitrary time. */
export const START = 1_000_000;

/** The planned close of the first connection: 250 ms ramp, 1 s hold, 250 ms lead. */
export const CLOSE_AT = START + 1_500;

export const LONG_AFTER = START + 60_000;

/** A test that makes more ticks than this hangs. */
const MAX_TICKS = 100_000;

/** What differs from one connection that is planned as CLOSE_AT says and sends each 400 ms. */
export interface Setup {
  env?: Record<string, string>;
  run?: Partial<Run>;
  /** Place in the ramp. */
  index?: number;
  users?: Record<string, string>[];
  /** One of ours that calls nothing but answered() and pushed(). */
  isLean?: boolean;
  isOverK6Ws?: boolean;
  /** What a conversation of the user's takes in frames() passes on it. */
  clock?: () => number;
}

/** What was asked of the wire. */
export class FakeWire implements Wire {
  readonly sent: (string | ArrayBuffer)[] = [];
  readonly closes: number[] = [];
  pings = 0;
  /** Called within a send, as k6/ws calls the `error` and `close` handlers of a write that fails. */
  onSend: (() => void) | null = null;

  readonly send = (text: string): void => {
    this.sent.push(text);
    this.onSend?.();
  };

  readonly sendBinary = (bytes: ArrayBuffer): void => {
    this.sent.push(bytes);
    this.onSend?.();
  };

  readonly ping = (): void => {
    this.pings += 1;
  };

  readonly close = (code: number): void => {
    this.closes.push(code);
  };
}

/** A connection under test, with what it writes down and what it does to the wire. It is its own transport, as exact as a clock can be. */
export class Subject<State> {
  readonly books: FakeLedger;
  readonly wire = new FakeWire();
  readonly vu: Vu;
  readonly life: Life;
  readonly connection: Connection;
  now: number;
  /** When it wants to be looked at; 0: never. */
  wakeAt = 0;
  #isTicking = false;

  constructor(conversation: Conversation<State>, setup: Setup = {}) {
    const env = {
      WS_CONNECTIONS: '1',
      WS_BATCH_SIZE: '1',
      WS_BATCH_DELAY: '250ms',
      WS_HOLD: '1s',
      WS_HANDSHAKE_TIMEOUT: '1s',
      WS_MESSAGE_INTERVAL: '400ms',
      WS_MESSAGE_TIMEOUT: '300ms',
      ...setup.env,
    };
    const settings = parseSettings(env);
    const given = conversation as Conversation<unknown>;
    const { users = null, index = 0, isLean = false } = setup;
    const traits = { ...traitsOf(given), isLean };
    const run = { ...runOf(settings, 1, traits), sampleShare: 1, lagStep: 20, readyTimeoutMs: 500, ...setup.run };
    this.books = aLedger(traits);
    this.vu = {
      index: 0,
      run,
      ledger: this.books.ledger,
      conversation: given,
      traits,
      kinds: kindsOf(given, traits, run.messageTimeoutMs),
      startedAt: START,
      extendSession: isLean ? null : extendSession,
      given: { env, users, jar: () => 'a jar', told: {} },
      directory: null,
      later: () => ({ seldom: () => ({ directoryFor }) }),
      isOverK6Ws: setup.isOverK6Ws ?? false,
      wire: null as never,
      send: null as never,
      wake: (_connection, at) => {
        // The one that acts says by itself when it wants to come again.
        if (!this.#isTicking && at > 0 && (this.wakeAt === 0 || at < this.wakeAt)) this.wakeAt = at;
      },
    };
    if (setup.clock !== undefined) this.vu.clock = setup.clock;
    this.life = lifeOf(this.vu);
    this.now = START + Math.floor(index / settings.batchSize) * settings.batchDelayMs;
    attempted(this.vu, 1);
    this.connection = begin(this.vu, this.life, index, this.now);
    try {
      this.connection.state = directoryOf(this.vu).dial(index).state;
      this.wakeAt = this.life.tick(this.connection, this.now);
    } catch (error) {
      this.life.parts().endings.scriptError(this.connection, error);
    }
  }

  /** What the conversation gets; each call is made as if from a callback of its own. */
  get session(): Session<State> {
    return new Proxy(this.connection, {
      get: (connection, key) => {
        const value: unknown = Reflect.get(connection, key, connection);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => this.inCallback(() => value.apply(connection, given));
      },
    }) as unknown as Session<State>;
  }

  /** As if the conversation did this in a callback. */
  inCallback<Value>(act: () => Value): Value {
    const { moment } = this.life.parts();
    const before = moment.at;
    moment.at = before || this.now;
    try {
      return act();
    } finally {
      moment.at = before;
    }
  }

  get phase(): Connection['phase'] {
    return this.connection.phase;
  }

  get ended(): boolean {
    return this.connection.phase === 'ended';
  }

  /** Texts that were sent. */
  get texts(): string[] {
    return this.wire.sent.map((frame) => (typeof frame === 'string' ? frame : Buffer.from(frame).toString('latin1')));
  }

  /** The handshake succeeds. */
  open(at = this.now, protocol = ''): this {
    this.now = at;
    this.wakeAt = opened(this.vu, this.life, this.connection, this.wire, { protocol }, at);
    return this;
  }

  tick(at = this.now): number {
    this.now = at;
    this.#isTicking = true;
    try {
      this.wakeAt = this.life.tick(this.connection, at);
    } finally {
      this.#isTicking = false;
    }
    return this.wakeAt;
  }

  /** Time passes, up to and with this one; what is due is done. */
  until(end: number): this {
    for (let ticks = 0; this.wakeAt > 0 && this.wakeAt <= end; ticks++) {
      if (ticks > MAX_TICKS) throw new Error(`more than ${MAX_TICKS} ticks until ${end}, now ${this.now}`);
      this.tick(Math.max(this.wakeAt, this.now));
    }
    this.now = Math.max(this.now, end);
    return this;
  }

  /** A frame comes in; `timestamp` as k6/websockets tells it, when k6 read it. */
  receive(frame: string | ArrayBuffer, timestamp?: number): this {
    this.life.received(this.connection, frame, this.now, timestamp === undefined ? null : { timestamp });
    return this;
  }

  /** The server closes, or the network does. */
  gone(code: number | undefined, reason = '', error = ''): this {
    this.life.parts().endings.gone(this.connection, code, error, reason, this.now);
    return this;
  }

  pong(): this {
    this.life.parts().flow.ponged(this.connection);
    return this;
  }

  messages() {
    const { sum, rated } = this.books;
    const failed = (reason: string) => sum('ws_message_failures', { reason });
    return {
      sent: sum('ws_messages_sent'),
      answered: rated('ws_message_success', true),
      timeout: failed('timeout'),
      refused: failed('refused'),
      lost: failed('lost'),
      scriptError: failed('script_error'),
      unexpected: sum('ws_message_unexpected'),
    };
  }
}

/** What messages() says when nothing has happened. */
export const NO_MESSAGES = { sent: 0, answered: 0, timeout: 0, refused: 0, lost: 0, scriptError: 0, unexpected: 0 };

/** A connection that is about to be established. */
export function aConnecting<State = undefined>(conversation: Conversation<State>, setup?: Setup): Subject<State> {
  return new Subject(conversation, setup);
}

/** An established one. Its first message is due at once where Math.random() is 0. */
export function anOpen<State = undefined>(conversation: Conversation<State>, setup?: Setup): Subject<State> {
  return new Subject(conversation, setup).open();
}

/** `echo` as the product has it. */
export function anEcho(setup: Setup = {}) {
  return anOpen(echo(), { isLean: true, ...setup });
}

/**
 * Requests `n` as text; a frame "4" is the reply to request 4, and a frame that is code calls the session:
 * `refused 4 no room`, `partly 4`, `pushed news`, `expected`, `fail word`, `ready`, `done`, `throw text`.
 */
export function spoken(more: Partial<Conversation> = {}): Conversation {
  return {
    requests: { ask: { frames: (_session, n) => String(n) } },
    received(session, frame) {
      const [what = '', first = '', ...rest] = String(frame).split(' ');
      const words = [first, ...rest].join(' ');
      if (what === 'refused') session.refused(Number(first), rest.join(' '));
      else if (what === 'partly') session.partly(Number(first));
      else if (what === 'pushed') session.pushed(words);
      else if (what === 'expected') session.expected();
      else if (what === 'fail') session.fail(words);
      else if (what === 'ready') session.ready();
      else if (what === 'done') session.done();
      else if (what === 'throw') throw new Error(words);
      else if (/^\d+$/.test(what)) session.answered(Number(what));
    },
    ...more,
  };
}
