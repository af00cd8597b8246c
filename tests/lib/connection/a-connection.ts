import type { Connection, Wire } from '../../../lib/connection/connection.ts';
import { type Course, courseOf } from '../../../lib/connection/course.ts';
import { type Run, runOf } from '../../../lib/plan/run.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { aLedger, type FakeLedger } from './a-ledger.ts';

/** What was asked of the wire. */
export class FakeWire implements Wire {
  readonly sent: string[] = [];
  readonly closes: number[] = [];
  pings = 0;
  /** Called within send(), as k6 calls the `error` and `close` handlers of a write that fails. */
  onSend: ((text: string) => void) | null = null;

  readonly send = (text: string): void => {
    this.sent.push(text);
    this.onSend?.(text);
  };

  ping(): void {
    this.pings += 1;
  }

  close(code: number): void {
    this.closes.push(code);
  }
}

/** A connection under test, with what it writes down and what it does to the wire. */
export interface Subject {
  course: Course;
  connection: Connection;
  books: FakeLedger;
  wire: FakeWire;
  /** When tick() wants to be called; 0: never. */
  wakeAt: number;
}

/** Start of the ramp: an arbitrary time. */
export const START = 1_000_000;

/** One connection that closes 1,500 ms after the start: 1 s hold, batches of 1 each 250 ms; messages as given. */
export function aConnecting(env: Record<string, string> = {}, index = 0, run: Partial<Run> = {}): Subject {
  const settings = parseSettings({
    WS_CONNECTIONS: '1',
    WS_BATCH_SIZE: '1',
    WS_BATCH_DELAY: '250ms',
    WS_HOLD: '1s',
    WS_HANDSHAKE_TIMEOUT: '1s',
    WS_MESSAGE_INTERVAL: '400ms',
    WS_MESSAGE_TIMEOUT: '300ms',
    ...env,
  });
  const books = aLedger();
  const course = courseOf({
    run: { ...runOf(settings, 1), sampleShare: 1, ...run },
    ledger: books.ledger,
    startedAt: START,
  });
  const offset = Math.floor(index / settings.batchSize) * settings.batchDelayMs;
  course.attempted(1);
  const connection = course.begin(index, START + offset);
  return { course, connection, books, wire: new FakeWire(), wakeAt: course.tick(connection, START + offset) };
}

/** The same, established at once. Its first message is due upon the first tick: Math.random() has to be 0. */
export function anOpen(env: Record<string, string> = {}, run: Partial<Run> = {}): Subject {
  const subject = aConnecting(env, 0, run);
  subject.wakeAt = subject.course.opened(subject.connection, subject.wire, null, START);
  return subject;
}

/** Calls tick() whenever it asked for it, until after `end` it has nothing more to do before then. */
export function runUntil(subject: Subject, end: number): void {
  while (subject.wakeAt > 0 && subject.wakeAt <= end)
    subject.wakeAt = subject.course.tick(subject.connection, subject.wakeAt);
}
