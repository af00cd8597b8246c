import { groupDigits } from '../plan/format.ts';
import { sum } from './account.ts';

/** What an age is counted from: opening, the request that was sent last, the start of the ramp (lib/connection/notes.ts). */
type Since = 'opening' | 'request' | 'start';

/** In seconds. What comes so soon is an answer to what was done, and as many are of one age in a short interval by chance. */
const MIN_AGE = 1;

/** Fewer than these may be of one age by chance. */
const MIN_COUNT = 10;
const MIN_SHARE = 0.5;

/** Those of about the same age: from one step of the scale to the next, 0.1 s up to a minute. */
interface Cluster {
  from: number;
  to: number;
  count: number;
}

/**
 * What it means that many connections were of the same age when the other side ended them, in a sentence; none where they
 * were not. Where they ended at one time as well, the age proves nothing: they were opened together.
 *
 * @param ages - counts by `opening 5.1` and so on, in seconds.
 */
export function ageHints(ages: Record<string, number>): string[] {
  const opening = clusterOf(ages, 'opening');
  const request = clusterOf(ages, 'request');
  const start = clusterOf(ages, 'start');
  const all = totalOf(ages, 'opening');
  const best = request && (!opening || request.count > opening.count) ? request : opening;
  if (start && (!best || start.count >= best.count)) {
    const together = opening ? ' They were opened together, so a limit of their age can be the reason, too.' : '';
    return [
      `${countText(start, all)} at the same time, ${rangeText(start)} after the start: look for a restart or a crash.${together}`,
    ];
  }
  if (!best) return [];
  if (best === request) {
    return [
      `${countText(request, all)} ${rangeText(request)} after their last request: an idle timeout of the server, or of what stands before it, which is shorter than WS_MESSAGE_INTERVAL.`,
    ];
  }
  return [
    `${countText(best, all)} ${rangeText(best)} after their opening: an idle timeout, a deadline for a login or another limit of age, of the server or of what stands before it.`,
  ];
}

function clusterOf(ages: Record<string, number>, since: Since): Cluster | null {
  const steps = Object.entries(ages)
    .filter(([word]) => word.startsWith(`${since} `))
    .map(([word, count]) => ({ seconds: Number(word.slice(since.length + 1)), count }))
    .filter(({ seconds }) => seconds >= MIN_AGE)
    .sort((a, b) => a.seconds - b.seconds);
  let best: Cluster | null = null;
  steps.forEach(({ seconds, count }, i) => {
    const next = steps[i + 1];
    const isNear = next !== undefined && next.seconds - seconds <= (seconds < 60 ? 0.11 : 1);
    const cluster = { from: seconds, to: isNear ? next.seconds : seconds, count: count + (isNear ? next.count : 0) };
    if (best === null || cluster.count > best.count) best = cluster;
  });
  const found = best as Cluster | null;
  return found && found.count >= MIN_COUNT && found.count >= MIN_SHARE * totalOf(ages, 'opening') ? found : null;
}

function totalOf(ages: Record<string, number>, since: Since): number {
  return sum(Object.fromEntries(Object.entries(ages).filter(([word]) => word.startsWith(`${since} `))));
}

function countText({ count }: Cluster, all: number): string {
  return `${groupDigits(count)} of ${groupDigits(all)} connections that the other side ended went`;
}

function rangeText({ from, to }: Cluster): string {
  const text = (seconds: number) => seconds.toFixed(seconds < 60 ? 1 : 0);
  return from === to ? `${text(from)} s` : `${text(from)} to ${text(to)} s`;
}
