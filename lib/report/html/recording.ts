/** The series of one metric: a value at each of the recording's times; null: no sample by then, or in that period. */
export interface RecordedMetric {
  type: string;
  /** Of all samples up to each time, by aggregate. */
  total: Record<string, (number | null)[]>;
  /** Of the samples of each period by themselves. */
  period: Record<string, (number | null)[]>;
}

/** What k6's web dashboard wrote down: a figure for each metric and period. */
export interface Recording {
  /** Milliseconds since 1970. */
  startMs: number;
  /** Ends of the periods, in seconds since the start. */
  times: number[];
  metrics: Map<string, RecordedMetric>;
}

interface Row {
  atMs: number;
  total: Figures;
  period: Figures | null;
}

type Figures = Map<string, readonly number[]>;

/**
 * Reads what `K6_WEB_DASHBOARD_RECORD` leaves, unpacked: a line for each event. Lists of figures come without names, in the
 * order of the names of all metrics so far. A recording that breaks off is read as far as it goes.
 *
 * @returns null when nothing is in it.
 */
export function readRecording(text: string): Recording | null {
  const types = new Map<string, string>();
  let aggregates: Record<string, string[]> = {};
  let names: string[] = [];
  let startMs: number | null = null;
  const rows: Row[] = [];
  for (const line of text.split('\n')) {
    const { event, data } = parsed(line);
    if (event === 'param') aggregates = (data as { aggregates?: Record<string, string[]> })?.aggregates ?? {};
    else if (event === 'start') startMs = (data as number[][] | undefined)?.[0]?.[0] ?? null;
    else if (event === 'metric') {
      for (const [name, { type }] of Object.entries(data as Record<string, { type: string }>)) types.set(name, type);
      names = [...types.keys()].sort(byBytes);
    } else if (event === 'cumulative' || event === 'snapshot') {
      const figures = named(data as number[][], names);
      const atMs = figures?.get('time')?.[0];
      if (!figures || atMs === undefined) continue;
      const last = rows.at(-1);
      // A snapshot is of the same moment as the totals before it.
      if (event === 'cumulative') rows.push({ atMs, total: figures, period: null });
      else if (last) last.period = figures;
    }
  }
  if (startMs === null || rows.length === 0) return null;
  const start = startMs;
  return {
    startMs: start,
    times: rows.map(({ atMs }) => Math.max(0, (atMs - start) / 1_000)),
    metrics: new Map(
      [...types].map(([name, type]) => [name, columnsOf(name, type, aggregates[type] ?? [], rows)] as const),
    ),
  };
}

function columnsOf(name: string, type: string, aggregates: readonly string[], rows: readonly Row[]): RecordedMetric {
  const column = (of: (row: Row) => Figures | null) =>
    Object.fromEntries(aggregates.map((stat, i) => [stat, rows.map((row) => of(row)?.get(name)?.[i] ?? null)]));
  // k6 leaves out the last period, which is not a whole one. A run that is shorter than one has its totals to show.
  const isShort = rows.every(({ period }) => period === null);
  return {
    type,
    total: column(({ total }) => total),
    period: column(({ total, period }) => (isShort ? total : period)),
  };
}

/** Null where there are not as many figures as metrics: then nobody knows whose they are. */
function named(figures: readonly (readonly number[])[], names: readonly string[]): Figures | null {
  if (!Array.isArray(figures) || figures.length !== names.length) return null;
  return new Map(names.map((name, i) => [name, figures[i] ?? []]));
}

function parsed(line: string): { event?: string; data?: unknown } {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

/** As Go sorts texts: by their bytes in UTF-8, which is by code points. */
function byBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
