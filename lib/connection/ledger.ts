/** Adds one sample to a metric. */
export type Add = (value: number | boolean, tags?: Record<string, string>) => void;

/** Where a connection writes its books: one `Add` for each metric it feeds, named as in lib/metrics/registry.ts. */
export interface Ledger {
  connectAttempts: Add;
  connectSuccess: Add;
  connectFailures: Add;
  connectTime: Add;
  establishTime: Add;
  connectsUnattempted: Add;
  connectsPending: Add;
  connectionsOpen: Add;
  connectionsClosed: Add;
  connectionsDropped: Add;
  connectionsHeld: Add;
  messagesSent: Add;
  messagesPending: Add;
  messageSuccess: Add;
  messageFailures: Add;
  messageUnexpected: Add;
  messageRtt: Add;
  messageResponse: Add;
  generatorLag: Add;
  /** k6's check(): a failed one counts its name, here the text behind a reason. */
  check: (value: null, checks: Record<string, () => boolean>) => unknown;
}
