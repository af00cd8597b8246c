import { addUp } from './add-up.ts';
import { herdOf } from './outages.ts';
import type { Latency, Outage, Reconnect, TargetResult } from './summary.ts';

/** Processes that see one outage begin apart: their clocks, and the second that the first drop falls into. */
const SAME_MS = 1_000;

/**
 * The clients of all processes of a test. Counts add up, attempts by the second of the clock. When 95 % were back cannot be
 * had from two times: the later one stands for both.
 *
 * @param latency - merges Trends.
 */
export function mergeReconnect(
  parts: readonly Reconnect[],
  latency: (parts: readonly (Latency | null)[]) => Latency | null,
): Reconnect {
  const bySecond: Reconnect['bySecond'] = {};
  for (const part of parts) {
    for (const [second, [attempts, established]] of Object.entries(part.bySecond)) {
      const [before, establishedBefore] = bySecond[second] ?? [0, 0];
      bySecond[second] = [before + attempts, establishedBefore + established];
    }
  }
  const seconds = parts.find(({ herd }) => herd !== null)?.herd?.seconds ?? 1;
  const planned = total((part) => part.clients.planned);
  const isMeasured = parts.every(({ availability, clients }) => availability !== null || clients.planned === 0);
  return {
    clients: {
      planned,
      unattempted: total((part) => part.clients.unattempted),
      connected: total((part) => part.clients.connected),
      up: total((part) => part.clients.up),
      down: addUp(parts.map((part) => part.clients.down)),
      givenUp: total((part) => part.clients.givenUp),
    },
    attemptsAgain: total((part) => part.attemptsAgain),
    outages: {
      drops: total((part) => part.outages.drops),
      recovered: total((part) => part.outages.recovered),
      open: total((part) => part.outages.open),
    },
    events: mergeEvents(parts.flatMap(({ events }) => events)),
    singleDrops: total((part) => part.singleDrops),
    downMs: latency(parts.map(({ downMs }) => downMs)),
    attemptsPerRecovery: latency(parts.map(({ attemptsPerRecovery }) => attemptsPerRecovery)),
    herd: herdOf(bySecond, seconds),
    accepted: herdOf(bySecond, seconds, 'established'),
    bySecond,
    availability: isMeasured
      ? total((part) => (part.availability ?? 0) * part.clients.planned) / Math.max(1, planned)
      : null,
    withheld: total((part) => part.withheld),
  };

  function total(of: (part: Reconnect) => number): number {
    return parts.reduce((sum, part) => sum + of(part), 0);
  }
}

function mergeEvents(events: readonly Outage[]): Outage[] {
  const merged: Outage[] = [];
  for (const event of [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const same = merged.find(
      ({ at, server }) => server === event.server && Date.parse(event.at) - Date.parse(at) <= SAME_MS,
    );
    if (!same) {
      merged.push({ ...event });
      continue;
    }
    same.clients += event.clients;
    same.back += event.back;
    same.open += event.open;
    same.back95Ms = later(same.back95Ms, event.back95Ms);
    same.backAllMs = later(same.backAllMs, event.backAllMs);
  }
  return merged;
}

/** null: never. */
function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** What the shares of clients that targets are about are made of, over all processes; null: the target is of something else. */
export function clientShare(
  metric: string,
  { clients, availability }: Reconnect,
): [part: number, whole: number] | null {
  const begun = clients.planned - clients.unattempted;
  switch (metric) {
    case 'ws_clients_connected':
      return [clients.connected, begun];
    case 'ws_clients_up':
      return [clients.up, begun];
    case 'ws_availability':
      return availability === null ? [0, 0] : [availability, 1];
    default:
      return null;
  }
}

/** Recovery is judged where something was dropped, in whichever process, and only when all are back. */
export function mergedRecovery(target: TargetResult, { outages }: Reconnect): TargetResult {
  if (target.metric !== 'ws_recovery_time' || target.pass === false || target.actual === null) return target;
  return { ...target, pass: outages.open === 0 ? true : null };
}
