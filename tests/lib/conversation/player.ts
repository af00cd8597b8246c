import type { Client, Conversation, Frame, Outgoing, Session } from '../../../lib/conversation/conversation.ts';

/** What carries the frames: a real connection, or a test that plays the server. */
export interface Wire {
  send(frame: Outgoing): void;
  close(code: number): void;
}

/** How a connection ended, and in whose words. */
export type End = `${'closed' | 'dropped' | 'not ready' | 'script_error'}: ${string}`;

/** A request whose outcome is not known, with what it takes. */
interface Waiting {
  reply: 'answered' | 'first' | 'none';
  timer: NodeJS.Timeout;
}

/**
 * One connection of a conversation as the contract describes it, without k6: what the session is told is counted, and tests wait for the counts.
 */
export class Player<State> {
  readonly counts = {
    ready: false,
    sent: 0,
    sentOnly: 0,
    answered: 0,
    partly: 0,
    refused: {} as Record<string, number>,
    timeout: 0,
    pushed: {} as Record<string, number>,
    delivered: 0,
    expected: 0,
    unexpected: 0,
  };
  end: End | undefined;
  readonly session: Session<State>;
  readonly #conversation: Conversation<State>;
  readonly #messageTimeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #over = new Set<number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #watchers = new Set<() => void>();
  #wire: Wire | undefined;
  #lastN = 0;
  #leaving = false;
  /** Whether the callback that runs has made a call that takes the frame. */
  #taken = false;

  constructor(conversation: Conversation<State>, client: Partial<Client> = {}, { messageTimeoutMs = 2_000 } = {}) {
    this.#conversation = conversation;
    this.#messageTimeoutMs = messageTimeoutMs;
    const known: Client = { index: 0, user: {}, url: 'ws://127.0.0.1:1/', ...client };
    this.session = { ...known, state: conversation.begin?.(known) as State, protocol: '', ...this.#calls() };
  }

  /** The handshake is done. */
  open(wire: Wire): void {
    this.#wire = wire;
    if (this.#conversation.opened) this.#run(() => this.#conversation.opened?.(this.session));
    else this.#ready();
  }

  receive(frame: Frame): void {
    if (this.end) return;
    this.#taken = false;
    this.#run(() => this.#conversation.received(this.session, frame));
    if (!this.#taken && this.counts.ready) this.counts.unexpected += 1;
    this.#changed();
  }

  /** Sends a request of this kind. Null: it had nothing to send. */
  ask(kind: string): number | null {
    const request = this.#conversation.requests?.[kind];
    if (!request) throw new Error(`no request "${kind}"`);
    if (!this.counts.ready) throw new Error('not ready');
    const n = this.#lastN + 1;
    let frames: Outgoing | Outgoing[] | null = null;
    this.#run(() => {
      frames = request.frames(this.session, n);
    });
    const list = frames === null ? [] : [frames].flat();
    if (list.length === 0) return null;
    this.#lastN = n;
    this.counts.sent += 1;
    const { reply = 'answered', timeoutMs = this.#messageTimeoutMs } = request;
    if (reply === 'none') {
      this.counts.sentOnly += 1;
    } else {
      const timer = setTimeout(() => {
        if (this.#settle(n)) this.counts.timeout += 1;
        this.#changed();
      }, timeoutMs);
      this.#waiting.set(n, { reply, timer });
    }
    for (const frame of list) this.#wire?.send(frame);
    return n;
  }

  goodbye(): void {
    this.#leaving = true;
    if (this.#conversation.goodbye) this.#run(() => this.#conversation.goodbye?.(this.session));
    else this.#finish('closed: ');
  }

  serverClosed(code: number, reason: string): void {
    const meaning = this.#conversation.closed?.(code, reason) ?? '';
    const words = [code, reason, meaning].filter((part) => part !== '').join(' ');
    if (this.#leaving) this.#finish('closed: ');
    else this.#finish(this.counts.ready ? `dropped: ${words}` : `not ready: ${words}`);
  }

  /** Resolves when the condition holds; the test's own timeout bounds it. */
  until(condition: (player: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition(this)) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
    });
  }

  #calls(): Omit<Session<State>, keyof Client | 'state' | 'protocol'> {
    const take = () => {
      this.#taken = true;
    };
    const player = this;
    return {
      send: (frame) => {
        take();
        this.#wire?.send(frame);
      },
      ping: () => take(),
      ready: () => {
        take();
        this.#ready();
      },
      answered: (n) => {
        if (this.#over.has(n)) take();
        if (!this.#settle(n)) return false;
        this.counts.answered += 1;
        take();
        return true;
      },
      partly: (n) => {
        if (this.#over.has(n)) take();
        const waiting = this.#waiting.get(n);
        if (!waiting) return;
        take();
        this.counts.partly += 1;
        if (waiting.reply === 'first' && this.#settle(n)) this.counts.answered += 1;
      },
      refused: (n, word) => {
        if (this.#over.has(n)) take();
        if (!this.#settle(n)) return;
        take();
        this.counts.refused[word] = (this.counts.refused[word] ?? 0) + 1;
      },
      pushed: (kind) => {
        take();
        this.counts.pushed[kind] = (this.counts.pushed[kind] ?? 0) + 1;
      },
      expected: () => {
        take();
        this.counts.expected += 1;
      },
      stamp: (n) => `~${this.session.index}.${n}.${Date.now()}~`,
      delivered: (text) => {
        const stamps = text.match(/~\d+\.\d+\.\d+~/g) ?? [];
        this.counts.delivered += stamps.length;
        if (stamps.length > 0) take();
        return stamps.length > 0;
      },
      after(ms, callback) {
        const timer = setTimeout(() => player.#run(() => callback(player.session)), ms);
        player.#timers.add(timer);
      },
      every(ms, callback) {
        const timer = setInterval(() => player.#run(() => callback(player.session)), ms);
        player.#timers.add(timer);
      },
      fail: (word) => {
        take();
        this.#finish(this.counts.ready ? `dropped: ${word}` : `not ready: ${word}`);
      },
      done: () => {
        take();
        this.#finish(this.#leaving ? 'closed: ' : 'script_error: done() before goodbye()');
      },
    };
  }

  #ready(): void {
    this.counts.ready = true;
    this.#changed();
  }

  #run(callback: () => void): void {
    if (this.end) return;
    try {
      callback();
    } catch (error) {
      this.#finish(`script_error: ${(error as Error).message}`);
    }
  }

  /** Whether request `n` was waiting; it waits no more. */
  #settle(n: number): boolean {
    const waiting = this.#waiting.get(n);
    if (!waiting) return false;
    clearTimeout(waiting.timer);
    this.#waiting.delete(n);
    this.#over.add(n);
    return true;
  }

  #finish(end: End): void {
    if (this.end) return;
    this.end = end;
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#wire?.close(1000);
    this.#changed();
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
