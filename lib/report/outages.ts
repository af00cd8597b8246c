import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { type K6Data, resultsOf } from './k6-data.ts';
import type { Herd, Reconnect } from './summary.ts';

/**
 * VUs share nothing: each says in which second its own clients' outage began, and the same one begins in the same second for
 * all, or in the next. A VU's next outage begins 2 s later at least.
 */
const SAME_MS = 1_000;

/** What is part of an outage must be so many of the process's clients; fewer were dropped here and there. */
const LEAST_SHARE = 0.01;

/** An outage as its clients tell it. */
interface Told {
  server: number;
  /** In ms since the epoch. */
  from: number;
  lastFrom: number;
  /** How long each was down, in ms; Infinity: it is not back. */
  times: { ms: number; count: number }[];
}

/**
 * The outages of a run, in the order of time, out of what the clients told (tellOutage() in connection/client.ts).
 *
 * @param clients - of this process.
 */
export function outagesOf(
  data: K6Data,
  { urls }: Pick<Settings, 'urls'>,
  clients: number,
): Pick<Reconnect, 'events' | 'singleDrops'> {
  const all = Object.entries(resultsOf(data, 'outage'))
    .map(([word, { passes, fails }]) => {
      const [server = '', begun = '', time = ''] = word.split(' ');
      const ms = time === 'open' ? Number.POSITIVE_INFINITY : Number(time);
      return { server: Number(server), from: Number(begun) * 1_000, ms, count: passes + fails };
    })
    .sort((a, b) => a.server - b.server || a.from - b.from);
  const told: Told[] = [];
  // `single` is no number.
  for (const { server, from, ms, count } of all.filter(({ from }) => from > 0)) {
    const last = told[told.length - 1];
    if (last && last.server === server && from - last.lastFrom <= SAME_MS) {
      last.lastFrom = from;
      last.times.push({ ms, count });
    } else told.push({ server, from, lastFrom: from, times: [{ ms, count }] });
  }
  const events = told
    .sort((a, b) => a.from - b.from)
    .map(({ server, from, times }) => {
      const sorted = times.sort((a, b) => a.ms - b.ms);
      const dropped = countOf(sorted);
      const back = countOf(sorted.filter(({ ms }) => Number.isFinite(ms)));
      return {
        at: secondText(from),
        server: server > 0 ? hostOf(urls[server - 1] ?? '') : null,
        clients: dropped,
        back,
        open: dropped - back,
        back95Ms: timeOf(sorted, Math.ceil(dropped * 0.95)),
        backAllMs: timeOf(sorted, dropped),
      };
    })
    .filter((outage) => outage.clients >= clients * LEAST_SHARE);
  return { events, singleDrops: countOf(all) - events.reduce((total, event) => total + event.clients, 0) };
}

function countOf(times: Told['times']): number {
  return times.reduce((total, { count }) => total + count, 0);
}

/** After how long so many were back, or null. */
function timeOf(sorted: Told['times'], clients: number): number | null {
  let seen = 0;
  for (const { ms, count } of sorted) {
    seen += count;
    if (seen >= clients) return Number.isFinite(ms) ? ms : null;
  }
  return null;
}

/** Attempts after the first of each client, by the second in which they began. */
export function attemptsBySecond(data: K6Data): Reconnect['bySecond'] {
  return Object.fromEntries(
    Object.entries(resultsOf(data, 'herd')).map(([second, { passes, fails }]) => [second, [passes + fails, passes]]),
  );
}

/**
 * The second with most attempts, or with most attempts that were established; null: there were none.
 *
 * @param seconds - how many are counted as one.
 */
export function herdOf(
  bySecond: Reconnect['bySecond'],
  seconds: number,
  of: 'attempts' | 'established' = 'attempts',
): Herd | null {
  const place = of === 'attempts' ? 0 : 1;
  const [most] = Object.entries(bySecond).sort(([, a], [, b]) => b[place] - a[place]);
  if (!most || most[1][place] === 0) return null;
  const [second, [attempts, established]] = most;
  return { at: secondText(Number(second) * 1_000), seconds, attempts, established };
}

/** `2026-11-26T12:05:13Z` */
function secondText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function hostOf(url: string): string {
  return /^wss?:\/\/([^/?#]*)/.exec(publicUrl(url))?.[1] ?? '';
}
