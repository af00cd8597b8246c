/** A metric of a made recording: its totals or figures at a moment, in the order of AGGREGATES. */
export interface MadeMetric {
  type: 'counter' | 'gauge' | 'rate' | 'trend';
  /** null: no sample in that period. A counter tells its total. */
  at: (second: number) => number[] | null;
  /** First second in which k6 knows it. Default: from the start. */
  from?: number;
}

const AGGREGATES = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'],
};

export const START_MS = Date.parse('2026-11-26T11:00:00Z');

/** What k6 v2.2 records, unpacked: lib/report/html/recording.ts reads it. */
export function aRecording(made: Record<string, MadeMetric>, seconds: readonly number[]): string {
  const lines: object[] = [
    { event: 'param', data: { period: 1000, aggregates: AGGREGATES } },
    { event: 'metric', data: { time: { type: 'gauge', contains: 'time' } } },
    { event: 'start', data: [[START_MS]] },
  ];
  const known = new Set(['time']);
  for (const second of seconds) {
    const newbies = Object.entries(made).filter(([name, { from = 0 }]) => from <= second && !known.has(name));
    for (const [name] of newbies) known.add(name);
    if (newbies.length > 0) {
      lines.push({ event: 'metric', data: Object.fromEntries(newbies.map(([name, { type }]) => [name, { type }])) });
    }
    const data = [...known]
      .sort()
      .map((name) => (name === 'time' ? [START_MS + second * 1_000] : (made[name]?.at(second) ?? [])));
    lines.push({ event: 'cumulative', data }, { event: 'snapshot', data });
  }
  lines.push({ event: 'stop', data: [[START_MS + (seconds.at(-1) ?? 0) * 1_000]] });
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** Every second, or every `step` seconds, up to a length. */
export function secondsTo(end: number, step = 1): number[] {
  return Array.from({ length: Math.floor(end / step) }, (_, i) => (i + 1) * step);
}

/** A trend's figures around a median. */
export function aTrend(med: number): number[] {
  return [med, med * 9, med, med / 3, med * 2, med * 3, med * 6];
}
