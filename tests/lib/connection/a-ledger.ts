import type { Ledger } from '../../../lib/connection/ledger.ts';
import type { Traits } from '../../../lib/conversation/traits.ts';
import type { WithRequire } from '../../../lib/k6.ts';
import type { MetricName } from '../../../lib/metrics/names.ts';
import { ledgerFor } from '../../../lib/metrics/registry.ts';
import { readCheckName, type WordKind } from '../../../lib/metrics/words.ts';

export interface Sample {
  metric: MetricName;
  value: number | boolean;
  tags: Record<string, string>;
}

/** A run's own ledger, with metrics that can be asked for what was added. What the run does not have is null, as in k6. */
export interface FakeLedger {
  ledger: Ledger;
  samples: Sample[];
  /** Sum of a counter's samples, of those with these tags. */
  sum(metric: MetricName, tags?: Record<string, string>): number;
  /** Samples of a rate that were true (or false), of those with these tags. */
  rated(metric: MetricName, value: boolean, tags?: Record<string, string>): number;
  /** All samples of a metric in order. */
  values(metric: MetricName): (number | boolean)[];
  /** Words that were counted, in order. */
  words(kind: WordKind): string[];
}

export function aLedger(traits: Traits, hasSteps = false): FakeLedger {
  const samples: Sample[] = [];
  const checks: string[] = [];
  class Metric {
    readonly add: (value: number | boolean, tags?: Record<string, string>) => void;
    constructor(metric: MetricName) {
      this.add = (value, tags = {}) => {
        samples.push({ metric, value, tags });
      };
    }
  }
  const globals = globalThis as unknown as Partial<WithRequire>;
  globals.require = (() => ({ Counter: Metric, Rate: Metric, Trend: Metric })) as unknown as WithRequire['require'];
  const ledger = ledgerFor(
    traits,
    (_, named) => {
      for (const name of Object.keys(named)) {
        // As k6 does.
        if (name.includes('::')) throw new Error(`check names may not contain '::'`);
        checks.push(name);
      }
    },
    hasSteps,
  );
  delete globals.require;
  const of = (metric: MetricName, tags: Record<string, string> = {}) =>
    samples.filter(
      (sample) =>
        sample.metric === metric && Object.entries(tags).every(([name, value]) => sample.tags[name] === value),
    );
  return {
    ledger,
    samples,
    sum: (metric, tags) => of(metric, tags).reduce((total, { value }) => total + Number(value), 0),
    rated: (metric, value, tags) => of(metric, tags).filter((sample) => sample.value === value).length,
    values: (metric) => of(metric).map(({ value }) => value),
    words: (kind) =>
      checks.flatMap((name) => {
        const read = readCheckName(name);
        return read?.kind === kind ? [read.word] : [];
      }),
  };
}
