import type { Add } from '../connection/ledger.ts';
import type { Watched } from '../plan/options.ts';
import { type BesidePlan, readingsOf } from '../plan/readings.ts';
import { hostFiguresIn } from './host-figures.ts';
import { type Moment, type Pace, running } from './running.ts';
import { type TargetFigures, targetFiguresIn } from './target-figures.ts';

/** What is needed of k6, handed in; the metrics only where their setting is given. */
export interface BesideParts {
  request: (
    method: string,
    url: string,
    body: null,
    params: typeof READ_METRICS,
  ) => Promise<{ status: number; body: unknown }>;
  sleep: (seconds: number) => void;
  /** Keeps a word for the report (lib/metrics/words.ts). */
  say: (word: string) => void;
  target: Record<'memory' | 'cpu' | 'openFiles' | 'goroutines' | 'eventLoopLag', Add> | null;
  host: HostMetrics | null;
}

export type HostMetrics = Record<
  'cpu' | 'saturated' | 'cores' | 'memory' | 'memoryTotal' | 'networkIn' | 'networkOut' | 'tcp' | 'k6Cpu' | 'k6Memory',
  Add
>;

/**
 * With `throw` k6 logs nothing of a request that fails: the address can hold a secret. The name keeps it out of the tags, too;
 * without a response callback such a request is no failure of k6's `http_req_failed`.
 */
export const READ_METRICS = {
  throw: true,
  responseType: 'text',
  responseCallback: null,
  timeout: '2s',
  redirects: 3,
  headers: { Accept: 'text/plain' },
  tags: { name: 'beside' },
};

/** A longer answer is no exporter's, and would cost k6 what is measured. */
const MAX_LENGTH = 8_000_000;

/** A reading this late is none of its time. */
const LATE_MS = 1_000;

/** A host that has less to spare is no measure of a server. */
const SATURATED = 0.9;

/** A Gauge without samples is 0 in k6's summary: what was measured is more. */
const NONE = 1e-9;

/** Which reading it is: before the first connection, after the last close, or one between. */
export type When = 'before' | 'after' | null;

/**
 * Reads what target and host tell of themselves, into the metrics. What does not answer is said, and does no harm.
 *
 * Samples with the tag `phase` are of a phase: `before` and `after` the readings then, `hold` the average of the hold so far. Those
 * without are as read. Of several targets the sum comes last, with the tag `target: all`: k6's dashboard draws the last.
 *
 * @param urls - of the targets.
 */
export function besideReader(parts: BesideParts, urls: readonly string[], hostUrl: string | null) {
  const targets = urls.map((url, i) => ({ url, tag: String(i + 1), cpu: running(), lag: average() }));
  const host = { url: hostUrl ?? '', tag: 'host' };
  const paces = { busy: running(), all: running(), received: running(), sent: running(), k6: running() };
  /** Those whose answer was too long. */
  const givenUp: string[] = [];

  return async (when: When, holdFromMs: number | null): Promise<void> => {
    // All at once; each tells itself when its answer was there.
    const answers = parts.target === null ? [] : targets.map(textOf);
    const hostAnswer = parts.host === null ? null : textOf(host);
    const told: Told[] = [];
    for (const [i, answer] of answers.entries()) {
      told.push(figuresOf(targets[i] as (typeof targets)[number], await answer, holdFromMs));
    }
    for (const [i, one] of told.entries()) addTarget(one, String(i + 1), when);
    if (told.length > 1) addTarget(sumOf(told), 'all', when);
    const text = await hostAnswer;
    if (text) addHost(text.text, { atMs: text.atMs, holdFromMs }, when);
  };

  async function textOf({ url, tag }: { url: string; tag: string }): Promise<{ text: string; atMs: number } | null> {
    if (givenUp.includes(tag)) return null;
    try {
      const { status, body } = await parts.request('GET', url, null, READ_METRICS);
      const atMs = Date.now();
      const text = String(body ?? '');
      if (status !== 200) parts.say(`${tag}: HTTP ${status}`);
      else if (text.length <= MAX_LENGTH) return { text, atMs };
      else {
        givenUp.push(tag);
        parts.say(`${tag}: its answer was longer than ${MAX_LENGTH / 1e6} MB, so it was not read again`);
      }
    } catch (error) {
      parts.say(`${tag}: ${reasonOf(String(error))}`);
    }
    return null;
  }

  function figuresOf(
    { tag, cpu, lag }: (typeof targets)[number],
    answer: { text: string; atMs: number } | null,
    holdFromMs: number | null,
  ): Told {
    if (answer === null) return { figures: null, pace: null, lag: null };
    const figures = targetFiguresIn(answer.text);
    if (Object.values(figures).every((value) => value === null)) {
      parts.say(`${tag}: no process metrics in its answer`);
      return { figures: null, pace: null, lag: null };
    }
    const pace = figures.cpuSeconds === null ? null : cpu(figures.cpuSeconds, { atMs: answer.atMs, holdFromMs });
    if (pace?.isNew) parts.say(`${tag}: it was started anew during the run`);
    return { figures, pace, lag: lag(figures.eventLoopLag, holdFromMs) };
  }

  function addTarget({ figures, pace, lag }: Told, target: string, when: When): void {
    const { memory, cpu, openFiles, goroutines, eventLoopLag } = parts.target as NonNullable<BesideParts['target']>;
    const level = when === null ? { target } : { target, phase: when };
    add(memory, figures?.memory, level);
    add(openFiles, figures?.openFiles, level);
    add(goroutines, figures?.goroutines, level);
    add(cpu, pace?.hold, { target, phase: 'hold' });
    add(cpu, pace?.now, { target });
    add(eventLoopLag, lag, { target, phase: 'hold' });
    add(eventLoopLag, figures?.eventLoopLag, { target });
  }

  function addHost(text: string, arrived: Moment, when: When): void {
    const metrics = parts.host as HostMetrics;
    const { atMs, cpu, memory, network, tcp, k6Cpu, k6Memory } = hostFiguresIn(text);
    const moment = { ...arrived, atMs: atMs ?? arrived.atMs };
    if (cpu === null && memory === null && k6Cpu === null) parts.say('host: no figures of a host in its answer');
    const level = when === null ? {} : { phase: when };
    if (cpu !== null) {
      const busy = paces.busy(cpu.busy, moment);
      const all = paces.all(cpu.all, moment);
      const now = shareOf(busy.now, all.now);
      add(metrics.cpu, shareOf(busy.hold, all.hold), { phase: 'hold' });
      add(metrics.cpu, now, {});
      if (now !== null && moment.holdFromMs !== null) metrics.saturated(now >= SATURATED);
      add(metrics.cores, cpu.cores, {});
    }
    add(metrics.memory, memory?.used, level);
    add(metrics.memoryTotal, memory?.all, {});
    if (network !== null) {
      addPace(metrics.networkIn, paces.received(network.received, moment));
      addPace(metrics.networkOut, paces.sent(network.sent, moment));
    }
    if (k6Cpu !== null) addPace(metrics.k6Cpu, paces.k6(k6Cpu, moment));
    add(metrics.k6Memory, k6Memory, {});
    // Without a tag the last one shows.
    const { established, ...others } = tcp;
    for (const [state, count] of Object.entries(others)) add(metrics.tcp, count, { ...level, state });
    add(metrics.tcp, established, { ...level, state: 'established' });
  }
}

/** What a target told at a reading, and what follows from it. */
interface Told {
  figures: TargetFigures | null;
  pace: Pace | null;
  /** Average of the event loop's lag in the hold so far. */
  lag: number | null;
}

/** The targets together; what one of them does not tell, nobody knows of all. */
function sumOf(told: readonly Told[]): Told {
  const all = (of: (one: Told) => number | null | undefined) => {
    const values = told.map(of);
    return values.every((value) => typeof value === 'number') ? values : null;
  };
  const sum = (of: (one: Told) => number | null | undefined) =>
    all(of)?.reduce((total, value) => total + value, 0) ?? null;
  const longest = (of: (one: Told) => number | null | undefined) => {
    const values = all(of);
    return values === null ? null : Math.max(...values);
  };
  return {
    figures: {
      memory: sum(({ figures }) => figures?.memory),
      cpuSeconds: null,
      openFiles: sum(({ figures }) => figures?.openFiles),
      goroutines: sum(({ figures }) => figures?.goroutines),
      eventLoopLag: longest(({ figures }) => figures?.eventLoopLag),
    },
    pace: { now: sum(({ pace }) => pace?.now), hold: sum(({ pace }) => pace?.hold), isNew: false },
    lag: longest(({ lag }) => lag),
  };
}

/** The average over the hold of a figure that is no counter. */
function average(): (value: number | null, holdFromMs: number | null) => number | null {
  let sum = 0;
  let count = 0;
  return (value, holdFromMs) => {
    if (value !== null && holdFromMs !== null) {
      sum += value;
      count += 1;
    }
    return count > 0 ? sum / count : null;
  };
}

function add(metric: Add, value: number | null | undefined, tags: Record<string, string>): void {
  if (typeof value === 'number') metric(Math.max(value, NONE), tags);
}

function addPace(metric: Add, { now, hold }: Pace): void {
  add(metric, hold, { phase: 'hold' });
  add(metric, now, {});
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}

/** In words of ours: k6's hold the address. */
function reasonOf(error: string): string {
  if (/refused/.test(error)) return 'connection refused';
  if (/timeout|timed out|deadline/.test(error)) return 'no answer within 2s';
  if (/no such host|lookup/.test(error)) return 'no such host';
  if (/certificate|x509|tls|HTTPS/.test(error)) return 'TLS failed';
  return 'no answer';
}

/** Reads at each planned time, until the planned end. */
export async function watchBeside(
  read: ReturnType<typeof besideReader>,
  { sleep }: Pick<BesideParts, 'sleep'>,
  { beside, leadMs }: Watched<{ beside: BesidePlan }>,
  ownStartMs: number,
): Promise<void> {
  const startMs = ownStartMs + leadMs;
  for (const [i, { atMs, holdFromMs }] of readingsOf(beside).entries()) {
    const untilMs = startMs + atMs - Date.now();
    // One whose time passed while an endpoint was slow is left out: the next one covers it. The first begins at once.
    if (i > 0 && untilMs < -LATE_MS) continue;
    if (i > 0 && untilMs > 0) sleep(untilMs / 1_000);
    await read(null, holdFromMs === null ? null : startMs + holdFromMs);
  }
}
