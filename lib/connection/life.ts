/**
 * The life of a connection that is open. Pure: time comes in, samples and frames go out.
 *
 * This is what every healthy connection does, in order: it sends, it is answered, it closes as planned. How it came to be
 * open is in opening.ts; what only some do in stages.ts (a login, a goodbye, timers), fan-out.ts and flow.ts, what goes wrong in requests.ts and
 * endings.ts.
 *
 * It is the one place that is tuned, for what runs with each message of 10,000 connections. Over k6/ws a VU holds one
 * connection, and each function that it keeps weighs 0.7 KB: so there are few here, and of what a VU never needs it makes
 * none. Variables are read by their place and properties by their name, which k6's engine does four times as slowly, and
 * from memory that no cache holds where 10,000 VUs take turns: what is the same for all connections of a VU is a variable
 * (a sixth of the CPU of a message, measured).
 */
import type { Frame, Outgoing } from '../conversation/conversation.ts';
import { lazily } from '../lazily.ts';
import {
  type Connection,
  type Kind,
  type Life,
  type Moment,
  NORMAL_CLOSURE,
  type Parts,
  type Vu,
  type Waiting,
  type Wire,
} from './connection.ts';
import type { MessageLedger } from './ledger.ts';

export const onDemand = lazily(() => require('./on-demand.ts') as typeof import('./on-demand.ts'));

/** So much may be under way on a connection in any case. */
const LITTLE_BYTES = 4_096;

/** A text that no transport minds, in UTF-16 units: at most 15,000 bytes. */
const SMALL_TEXT = 5_000;

/** The life of all connections of a VU. */
export function lifeOf(vu: Vu): Life {
  const { run, ledger, conversation, kinds, traits } = vu;
  const { messageIntervalMs, messageSize, sampleShare, lagStep, trace } = run;
  const { isLean } = traits;
  const clock = vu.clock ?? null;
  // Without requests there are none of these, and none is called.
  const { sent, success, rtt, response } = ledger.messages ?? ({} as MessageLedger);
  const { lag } = ledger;
  // Each step has kinds of its own.
  const onlyKind = kinds.length === 1 && run.steps === null ? (kinds[0] as Kind) : null;
  /** Of the newest request; where there is one kind the same for all. */
  let kind = onlyKind as Kind;
  let { request: spoken, tags, awaits: isAwaited, hasReach, timeoutMs } = onlyKind ?? ({} as Kind);
  let send: Wire['send'] | null = null;
  const { random } = Math;
  // The moment: what the event that is under way brought, for the calls that the conversation makes meanwhile. Outside of its
  // callbacks it is 0.
  let at = 0;
  let event: Moment['event'] = null;
  let isUsed = false;
  /** A request that has had its reply, to be used again: one that is made is 0.7 KB of the 2.4 that a message leaves behind. */
  let spare: Waiting | null = null;
  /** What the conversation can call: the prototype of its connections. */
  const session: Record<string, unknown> = { answered, padding: run.padding };
  // Made only where it can be called.
  if (!isLean || kinds.length === 0) {
    session['pushed'] = function (this: Connection, kind: string) {
      if (at === 0) parts().stages.outside(this);
      else parts().notes.pushed(this, kind);
    };
  }

  function tick(connection: Connection, now: number): number {
    const { rare, closeAt } = connection;
    const first = rare === null ? undefined : rare.timers[0];
    if (connection.phase !== 'ready' || (first !== undefined && first.at <= now)) {
      // The end of the hold comes after what is owed until then.
      if (connection.phase === 'ready') parts().stages.runTimers(connection, now);
      else parts().stages.tickStage(connection, now);
      if (connection.phase !== 'ready') return parts().stages.dueAt(connection);
    }
    const { waiting } = connection;
    if (waiting !== null && now > waiting.deadline) parts().requests.expire(connection, now);
    // A request that is answered before the next one costs no sample here: a sample takes 1 KB until it is collected.
    if (connection.waiting !== null || connection.pendingReported !== 0) parts().requests.reportPending(connection);
    let intendedAt = connection.nextSendAt;
    while (intendedAt <= now && intendedAt < closeAt) {
      const unread = connection.sentBytes - connection.readBytes;
      if (unread > LITTLE_BYTES && parts().flow.mustWait(connection, now)) {
        intendedAt = connection.nextSendAt;
        break;
      }
      connection.nextSendAt = intendedAt + messageIntervalMs;
      request(connection, now, intendedAt);
      // What it sends can end the connection before the call returns.
      if (connection.phase !== 'ready') return 0;
      intendedAt += messageIntervalMs;
    }
    if (now >= closeAt) {
      if (connection.waiting === null && conversation.goodbye === undefined) {
        finish(connection);
        return 0;
      }
      parts().stages.tickStage(connection, now);
      return parts().stages.dueAt(connection);
    }
    // Held back: again after an interval.
    const next = intendedAt > now ? intendedAt : now + messageIntervalMs;
    const due = next < closeAt ? next : closeAt;
    const timer = connection.rare?.timers[0];
    return timer !== undefined && timer.at < due ? timer.at : due;
  }

  function request(connection: Connection, now: number, intendedAt: number): void {
    if (onlyKind === null) {
      kind = parts().requests.chosen();
      ({ request: spoken, tags, awaits: isAwaited, hasReach, timeoutMs } = kind);
    }
    const n = connection.n + 1;
    let frames: Outgoing | Outgoing[] | null;
    at = now;
    event = null;
    try {
      frames = hasReach ? parts().flow.stamped(connection, kind, n) : spoken.frames(connection as never, n);
      if (!isLean && !hasReach && (typeof frames !== 'string' || frames.length > SMALL_TEXT)) {
        frames = parts().flow.checked(frames, kind.name);
      }
    } catch (error) {
      parts().endings.scriptError(connection, error);
      at = 0;
      return;
    }
    at = 0;
    if (frames === null) parts().requests.unused(kind);
    // What the conversation called meanwhile can have ended the connection.
    if (frames === null || connection.phase !== 'ready') return;
    connection.n = n;
    // What the conversation took to make them is no time of the server's.
    const sentAt = clock === null ? now : clock();
    sent(1, tags);
    // What was held back was not late by the generator's doing.
    if (
      (n + connection.index) % lagStep === 0 &&
      !(connection.rare !== null && intendedAt <= connection.rare.heldBackAt)
    ) {
      lag(now - intendedAt);
    }
    let waits: Waiting | null = null;
    if (isAwaited) {
      waits = spare ?? ({} as Waiting);
      spare = null;
      waits.n = n;
      waits.kind = kind;
      waits.sentAt = sentAt;
      waits.intendedAt = intendedAt;
      waits.deadline = sentAt + timeoutMs;
      waits.next = null;
      if (connection.waiting === null) connection.waiting = waits;
      else parts().requests.queue(connection, waits);
    } else if (!isLean && traits.awaits) parts().requests.wantsNone(connection, n);
    // Behind what waits for the server to read.
    const isNext = isLean || connection.rare === null || connection.rare.outbox.length === 0;
    if (typeof frames === 'string' && isNext) {
      if (trace > 0 && connection.index < trace) parts().notes.trace(connection, '>', frames);
      // To ask a text for its length costs a VU 3.5 KB.
      connection.sentBytes += isLean ? messageSize : frames.length;
      if (send === null) send = vu.send;
      send(frames, connection.socket);
    } else parts().flow.transmitAll(connection, frames);
    if (waits !== null) waits.sentBytes = connection.sentBytes;
  }

  function received(connection: Connection, frame: Frame, now: number, arrival: Moment['event']): void {
    const { phase } = connection;
    if (phase === 'closing' || phase === 'ended') return;
    if (trace > 0 && connection.index < trace) parts().notes.trace(connection, '<', frame);
    at = now;
    event = arrival;
    isUsed = phase === 'login';
    try {
      const given: unknown = conversation.received(connection as never, frame);
      if (typeof given === 'object' && given !== null) parts().stages.refuseLater(given, 'received');
    } catch (error) {
      // Mostly one that it does not expect. That of a login can hold what nobody may see.
      if (phase !== 'login') parts().notes.threwOn(connection, frame);
      parts().endings.scriptError(connection, error);
      at = 0;
      return;
    }
    at = 0;
    if (!isUsed) parts().notes.unexpected(connection, frame);
    if (phase === 'draining' && connection.phase === 'draining' && connection.waiting === null) {
      parts().stages.drained(connection, now);
    }
  }

  /** As the conversation calls it: see Session in lib/conversation/conversation.ts. */
  function answered(this: Connection, n: number): boolean {
    if (at === 0) return parts().stages.outside(this);
    let waits = this.waiting;
    if (waits !== null && at > waits.deadline) {
      parts().requests.expire(this, event === null ? at : event.timestamp);
      waits = this.waiting;
    }
    if (waits !== null && waits.n !== n) waits = parts().requests.taken(this, n);
    else if (waits !== null) this.waiting = waits.next;
    if (waits === null) return parts().requests.answeredAnyway(this, n);
    isUsed = true;
    if (waits.sentBytes > this.readBytes) this.readBytes = waits.sentBytes;
    const itsTags = vu.lastPhase === undefined ? waits.kind.tags : parts().requests.tagsOf(waits);
    success(true, itsTags);
    if (sampleShare === 1 || random() < sampleShare) {
      const arrivedAt = event === null ? at : event.timestamp;
      rtt(arrivedAt > waits.sentAt ? arrivedAt - waits.sentAt : 0, itsTags);
      response(arrivedAt > waits.intendedAt ? arrivedAt - waits.intendedAt : 0, itsTags);
    }
    if (isLean) spare = waits;
    else {
      if (waits.kind.request.reply === 'first') parts().requests.silence(this, n);
      if (waits.hasFirst === undefined) spare = waits;
    }
    return true;
  }

  function finish(connection: Connection): void {
    if (connection.phase !== 'closing') {
      if (connection.pendingReported !== 0) parts().requests.reportPending(connection);
      connection.phase = 'closing';
      vu.wire.close(NORMAL_CLOSURE, connection.socket);
      if (vu.isOverK6Ws) return;
    }
    connection.phase = 'ended';
    ledger.open(-1);
    ledger.closed(1);
    ledger.held(true);
    vu.clients?.closed(connection);
  }

  function parts(): Parts {
    life.made ??= onDemand()
      .partsModule()
      .partsOf(vu, life, {
        get at() {
          return at;
        },
        set at(value) {
          at = value;
        },
        get event() {
          return event;
        },
        set event(value) {
          event = value;
        },
        set isUsed(value: boolean) {
          isUsed = value;
        },
      });
    return life.made;
  }

  const life: Life = { session, tick, received, answered, finish, parts, made: null };
  // Last, since it calls upon the rest.
  if (vu.extendSession !== null) vu.extendSession(vu, life, session);
  return life;
}
