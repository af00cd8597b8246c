/** Adds one sample to a metric. */
export type Add = (value: number | boolean, tags?: Record<string, string>) => void;

/** Of attempts, until a connection is established. */
export interface AttemptLedger {
  attempts: Add;
  unattempted: Add;
  pending: Add;
  success: Add;
  failures: Add;
  time: Add;
  establishTime: Add;
}

/** Of logins. */
export interface ReadyLedger {
  success: Add;
  time: Add;
  failures: Add;
  pending: Add;
}

/** Of requests. */
export interface MessageLedger {
  sent: Add;
  pending: Add;
  success: Add;
  failures: Add;
  rtt: Add;
  response: Add;
  firstReply: Add;
}

/** Of requests that many are to receive. */
export interface DeliveryLedger {
  expected: Add;
  delivered: Add;
  duplicate: Add;
  success: Add;
  time: Add;
}

/** Of all connections up to a step, at its end. */
export interface StepLedger {
  planned: Add;
  connected: Add;
  ready: Add;
  held: Add;
}

/** Of clients that come back. */
export interface ClientLedger {
  connected: Add;
  up: Add;
  ready: Add;
  availability: Add;
  givenUp: Add;
  attempts: Add;
  outages: Add;
  outagesOpen: Add;
  overdue: Add;
  recoveryTime: Add;
  recoveryAttempts: Add;
  withheld: Add;
}

/**
 * Where a connection writes its books: an `Add` for each metric it feeds; the metrics' names are in lib/metrics/names.ts. A
 * part that this run cannot have is null.
 */
export interface Ledger {
  attempts: AttemptLedger;
  open: Add;
  closed: Add;
  dropped: Add;
  held: Add;
  ready: ReadyLedger | null;
  messages: MessageLedger | null;
  deliveries: DeliveryLedger | null;
  /** Only of a run in steps: the others have no place for it, which would cost each VU more than a null. */
  steps?: StepLedger;
  unexpected: Add;
  pushes: Add;
  scriptErrors: Add;
  lag: Add;
  busy: Add;
  /** k6's check(), which counts its name: the only names made at run time that k6 adds up for the summary. */
  check: (value: null, checks: Record<string, () => boolean>) => unknown;
}
