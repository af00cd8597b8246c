import type { Ledger } from '../../../lib/connection/ledger.ts';

/** A ledger that adds up its samples as k6 does, to be asked for the sums. */
export interface FakeLedger {
  ledger: Ledger;
  /** Sum of a counter's samples; with a reason, of those that carry it. */
  sum(metric: keyof Ledger, reason?: string): number;
  /** Samples of a rate that were true (or false). */
  rated(metric: keyof Ledger, value: boolean): number;
  /** All samples of a metric in order. */
  values(metric: keyof Ledger): (number | boolean)[];
  /** Names of the failed checks: the texts behind reasons. */
  details: string[];
}

const METRICS: readonly Exclude<keyof Ledger, 'check'>[] = [
  'connectAttempts',
  'connectSuccess',
  'connectFailures',
  'connectTime',
  'establishTime',
  'connectsUnattempted',
  'connectsPending',
  'connectionsOpen',
  'connectionsClosed',
  'connectionsDropped',
  'connectionsHeld',
  'messagesSent',
  'messagesPending',
  'messageSuccess',
  'messageFailures',
  'messageUnexpected',
  'messageRtt',
  'messageResponse',
  'generatorLag',
];

export function aLedger(): FakeLedger {
  const samples: { metric: keyof Ledger; value: number | boolean; reason: string | undefined }[] = [];
  const details: string[] = [];
  const ledger = {
    check(_: null, checks: Record<string, () => boolean>) {
      for (const [name, passes] of Object.entries(checks)) if (!passes()) details.push(name);
    },
  } as unknown as Ledger;
  for (const metric of METRICS) {
    ledger[metric] = (value, tags) => {
      samples.push({ metric, value, reason: tags?.['reason'] });
    };
  }
  const of = (metric: keyof Ledger) => samples.filter((sample) => sample.metric === metric);
  return {
    ledger,
    details,
    sum: (metric, reason) =>
      of(metric)
        .filter((sample) => reason === undefined || sample.reason === reason)
        .reduce((total, { value }) => total + Number(value), 0),
    rated: (metric, value) => of(metric).filter((sample) => sample.value === value).length,
    values: (metric) => of(metric).map(({ value }) => value),
  };
}
