import { backoffText, clientPlan } from '../plan/reconnect.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { sum } from './account.ts';
import { withConnections } from './beside.ts';
import type { Facts } from './facts.ts';
import { meets } from './judge.ts';
import { figure, type K6Data, wordsOf } from './k6-data.ts';
import { latencyOf } from './latency.ts';
import { attemptsBySecond, herdOf, outagesOf } from './outages.ts';
import { summarize } from './summarize.ts';
import type { Latency, Reconnect, Summary, TargetResult } from './summary.ts';
import type { Target } from './target.ts';

/** The summary of a run whose clients come back: the books of all their connections, and beside them their own. */
export function reconnectSummary(
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Summary & { reconnect: Reconnect } {
  const { backoff, jitter, maxAttempts } = facts.settings;
  const attemptsAgain = figure(data, 'ws_reconnect_attempts');
  // All attempts have been planned: the first of each client, and each that followed.
  const all = { ...share, connections: share.connections + attemptsAgain };
  const summary = summarize('reconnect', facts, all, targets, data);
  const { reconnect, differences } = clientBooks(facts, share, summary, data);
  const results = summary.targets.map((target) => withCut(withOpen(target, reconnect), reconnect));
  const balanced = summary.balanced && differences.length === 0;
  const failed = !balanced || results.some(({ pass }) => pass === false);
  return {
    ...summary,
    verdict: failed ? 'fail' : 'pass',
    plan: {
      ...summary.plan,
      share: share.connections,
      comeBack: { backoff: backoffText(backoff), jitter, maxAttempts },
    },
    targets: results,
    ...(summary.target && {
      // The live figures tell how many were open at a time; without them all were established, one after the other.
      target: withConnections(
        summary.target,
        Math.min(share.connections, summary.target.at(-1)?.connections ?? 0),
        facts.settings.urls.length,
        summary.plan.segment === null,
      ),
    }),
    balanced,
    differences: [...summary.differences, ...differences],
    // That many connections were of one age as they ended says nothing where an outage ended them.
    hints: reconnect.events.length > 0 ? [] : summary.hints,
    reconnect,
  };
}

/**
 * Recovery is judged when all are back: those that are not may take longer than all others. One that has been down for
 * WS_MAX_RECOVERY at its planned end has missed it (a target of its own counts them).
 */
function withOpen(target: TargetResult, { outages }: Reconnect): TargetResult {
  if (target.metric !== 'ws_recovery_time' || target.pass !== true || outages.open === 0) return target;
  return { ...target, pass: null };
}

/**
 * Clients that were cut off with the run have no end, and so are in no sample of it. Nobody knows whether they would have been up at
 * theirs; those that had not been ready until then are not connected.
 */
export function withCut(target: TargetResult, { clients }: Pick<Reconnect, 'clients'>): TargetResult {
  if (!clients.down['interrupted']) return target;
  const begun = clients.planned - clients.unattempted;
  switch (target.metric) {
    case 'ws_clients_up':
      return { ...target, actual: clients.up / begun, pass: false };
    case 'ws_clients_connected': {
      const actual = clients.connected / begun;
      return { ...target, actual, pass: target.pass === true && meets(actual, target.target) };
    }
    default:
      return target;
  }
}

/** Adds up the clients. Who has no end was cut off with the run, and is down as `interrupted`. */
function clientBooks(
  { settings }: Facts,
  share: ProcessShare,
  { connections }: Summary,
  data: K6Data,
): { reconnect: Reconnect; differences: string[] } {
  const attemptsAgain = figure(data, 'ws_reconnect_attempts');
  const unattempted = connections.unattempted;
  const up = figure(data, 'ws_clients_up', 'passes');
  const notUp = figure(data, 'ws_clients_up', 'fails');
  const down = wordsOf(data, 'down');
  const givenUp = figure(data, 'ws_clients_given_up');
  const drops = figure(data, 'ws_outages');
  const open = figure(data, 'ws_outages_open');
  const downMs = latencyOf(data, 'ws_recovery_time');
  const cut = share.connections - unattempted - up - notUp;

  const differences: string[] = [];
  if (cut < 0) differences.push(`${-cut} more ends than clients`);
  if (sum(down) + givenUp !== notUp) differences.push(`${notUp} clients down, but ${sum(down) + givenUp} reasons`);
  if (up !== connections.closed) differences.push(`${up} clients up, but ${connections.closed} connections closed`);
  const recovered = downMs === null ? 0 : (downMs.count ?? drops - open);
  if (recovered + open !== drops) {
    differences.push(`${drops} clients dropped, but ${recovered} recovered and ${open} not`);
  }
  const readyNow = figure(data, 'ws_clients_ready');
  if (cut === 0 && readyNow !== 0) differences.push(`${readyNow} clients ready after the end`);
  if (cut > 0) down['interrupted'] = (down['interrupted'] ?? 0) + cut;

  const { events, singleDrops } = outagesOf(data, settings, share.connections);
  const bySecond = attemptsBySecond(data);
  const { herdStepSeconds } = clientPlan(settings);
  const availability = data.metrics['ws_availability']?.values;
  return {
    differences,
    reconnect: {
      clients: {
        planned: share.connections,
        unattempted,
        connected: figure(data, 'ws_clients_connected', 'passes'),
        up,
        down,
        givenUp,
      },
      attemptsAgain,
      outages: { drops, recovered, open },
      events: events.map((event) => ({
        ...event,
        backAllMs: atMost(event.backAllMs, downMs),
        back95Ms: atMost(event.back95Ms, downMs),
      })),
      singleDrops,
      downMs,
      attemptsPerRecovery: latencyOf(data, 'ws_recovery_attempts'),
      herd: herdOf(bySecond, herdStepSeconds),
      accepted: herdOf(bySecond, herdStepSeconds, 'established'),
      bySecond,
      availability: availability && cut === 0 && unattempted === 0 ? (availability['avg'] ?? null) : null,
      withheld: figure(data, 'ws_requests_withheld'),
    },
  };
}

/** A time that was counted in steps is no longer than the longest of all, which is exact. */
function atMost(ms: number | null, downMs: Latency | null): number | null {
  return ms === null || downMs === null ? ms : Math.min(ms, downMs.max);
}
