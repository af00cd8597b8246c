import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../lib/connection/outcome.ts';
import type { Traits } from '../lib/conversation/traits.ts';
import type { MetricName } from '../lib/metrics/names.ts';
import { REFUSAL_STATUSES } from '../lib/report/statuses.ts';
import { samplesThreshold, type Target, thresholdOf } from '../lib/report/target.ts';

/** What k6 calls thresholds, by metric. */
export type Thresholds = Record<string, string[]>;

/**
 * The targets as k6 thresholds, each with the counter that proves its samples, and one that always holds for each
 * failure reason and kind of request: k6 hands a metric's tagged parts to the summary only when a threshold names them.
 */
export function thresholdsFor(targets: readonly Target[], traits: Traits): Thresholds {
  const thresholds: Thresholds = {};
  const add = (metric: string, expression: string) => {
    thresholds[metric] ??= [];
    if (!thresholds[metric].includes(expression)) thresholds[metric].push(expression);
  };
  for (const target of targets) {
    add(target.metric, thresholdOf(target));
    if (target.samples !== null) add(target.samples, samplesThreshold(target.samples));
  }
  for (const metric of shownParts(traits)) thresholds[metric] ??= ['count>=0'];
  for (const metric of shownRequests(traits)) thresholds[metric.name] ??= [metric.always];
  return thresholds;
}

/** The counters of all reasons, and of what only some conversations count. */
export function shownParts({ hasLogin, awaits }: Traits, tag = ''): string[] {
  const reasons = (metric: MetricName, all: readonly string[]) =>
    all.map((reason) => `${metric}{reason:${reason}${tag === '' ? '' : `,${tag}`}}`);
  return [
    ...reasons('ws_connect_failures', CONNECT_FAILURES),
    ...(hasLogin ? reasons('ws_ready_failures', READY_FAILURES) : []),
    ...reasons('ws_connections_dropped', DROPS),
    ...(awaits ? reasons('ws_message_failures', MESSAGE_FAILURES) : []),
  ];
}

/** What the report shows of each kind of request, where there are several. */
export function shownRequests({ kinds }: Traits, tag = ''): { name: string; always: string }[] {
  if (kinds.length < 2) return [];
  const end = tag === '' ? '}' : `,${tag}}`;
  return kinds.flatMap(({ name, awaits }) => [
    { name: `ws_messages_sent{request:${name}${end}`, always: 'count>=0' },
    ...(awaits
      ? [
          { name: `ws_message_success{request:${name}${end}`, always: 'rate>=0' },
          { name: `ws_message_rtt{request:${name}${end}`, always: 'max>=0' },
        ]
      : []),
  ]);
}

/**
 * Thresholds that always hold for k6's own count of the HTTP statuses that refuse a handshake: k6/websockets tells a
 * script only "bad handshake", so the report takes the statuses from there (lib/report/statuses.ts).
 */
export function statusThresholds(): Thresholds {
  return Object.fromEntries(REFUSAL_STATUSES.map((status) => [`ws_sessions{status:${status}}`, ['count>=0']]));
}

/** A threshold that always holds for the round trips of the hold: the report shows them beside those of the whole run. */
export function phaseThresholds({ awaits }: Traits): Thresholds {
  return awaits ? { 'ws_message_rtt{phase:hold}': ['max>=0'] } : {};
}
