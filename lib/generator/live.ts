import type http from 'k6/http';
import type { Params } from 'k6/http';
import type { Add } from '../connection/ledger.ts';
import { begunBy } from '../plan/places.ts';
import type { Run } from '../plan/run.ts';

/**
 * How k6 is asked about itself. With `throw` it does not log a refused connection, which only says that nobody serves
 * there; a body comes also under `--discard-response-bodies`, and no answer is in the user's `http_req_failed`. What never
 * answers is not k6, or a k6 at its end.
 */
export const READ_TEXT = {
  throw: true,
  responseType: 'text',
  timeout: '10s',
  responseCallback: null,
} as unknown as Params;

type Ramp = Pick<Run, 'connections' | 'batchSize' | 'batchDelayMs' | 'closeMs' | 'steps'>;

/**
 * Connections that the plan has open at a time, for the live view: whole batches, at the start of each; after the hold
 * they close at the same pace.
 *
 * @param elapsedMs - since the start of the ramp, from 0.
 */
export function dueAt(run: Ramp, elapsedMs: number): number {
  const begun = begunBy(run, elapsedMs);
  return elapsedMs < run.closeMs ? begun : begun - begunBy({ ...run, steps: null }, elapsedMs - run.closeMs);
}

/**
 * The count of a metric out of the answer of k6's own `GET /v1/metrics/NAME`: the only place where a script can read
 * what its VUs have added up so far.
 *
 * @returns null when the answer has none, as before the first sample.
 */
export function countOf(answer: string): number | null {
  const match = /"sample":\s*\{[^}]*"count":\s*(-?\d+(?:\.\d+)?)/.exec(answer);
  return match ? Number(match[1]) : null;
}

/** What is needed of k6, handed in: only the VU that watches has it. */
export interface LiveParts {
  http: Pick<typeof http, 'get'>;
  /** The Gauges `ws_connections_now` and `ws_connections_due`. */
  connectionsNow: Add;
  connectionsDue: Add;
}

/**
 * Adds how many connections are open now and how many the plan has open by now, for the live chart: k6's dashboard draws
 * what was added in each period, so a counter that goes up and down shows as its changes, not as its level. Both or
 * neither is added: the page breaks when the second line of a chart comes later than the first.
 *
 * @param share - connections of this process.
 * @param elapsedMs - since the start of the ramp.
 */
export function addLiveFigures(
  { http, connectionsNow, connectionsDue }: LiveParts,
  run: Ramp & Pick<Run, 'generatorAddress'>,
  share: number,
  elapsedMs: number,
): void {
  let open: number | null;
  try {
    const url = `http://${run.generatorAddress}/v1/metrics/ws_connections_open`;
    open = countOf(http.get(url, READ_TEXT).body as string);
  } catch {
    return;
  }
  if (open === null) return;
  connectionsNow(open);
  connectionsDue(Math.round((dueAt(run, elapsedMs) * share) / run.connections));
}
