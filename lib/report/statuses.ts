import { figure, type K6Data } from './k6-data.ts';

/**
 * HTTP statuses that refuse a handshake: a page or a redirect in its place, the errors of RFC 9110, and the usual ones
 * of proxies and balancers (nginx 444 and 494 to 499, AWS 460 to 464 and 561, CDN 520 to 530).
 */
export const REFUSAL_STATUSES: readonly number[] = [
  200,
  ...range(301, 303),
  307,
  308,
  ...range(400, 418),
  419,
  ...range(421, 426),
  ...range(428, 431),
  440,
  444,
  451,
  460,
  463,
  464,
  ...range(494, 499),
  ...range(500, 511),
  ...range(520, 530),
  561,
  598,
  599,
];

/** What k6/websockets says of every refusal, whatever its status. */
const ANY_REFUSAL = 'websocket: bad handshake';

/**
 * Moves the refusals that k6 counted by HTTP status from `bad_handshake` to `http_4xx` and `http_5xx`; one below 400
 * stays what it is. A transport that knows the status by itself has no such counts.
 *
 * @param failed - connect failures by reason; changed in place.
 * @returns the counts by status, as `HTTP 429`.
 */
export function moveRefusals(data: K6Data, failed: Record<string, number>): Record<string, number> {
  const statuses: Record<string, number> = {};
  let untold = failed['bad_handshake'] ?? 0;
  for (const status of REFUSAL_STATUSES) {
    const count = Math.min(figure(data, `ws_sessions{status:${status}}`), untold);
    if (count === 0) continue;
    untold -= count;
    statuses[`HTTP ${status}`] = count;
    if (status < 400) continue;
    const reason = status < 500 ? 'http_4xx' : 'http_5xx';
    failed['bad_handshake'] = (failed['bad_handshake'] ?? 0) - count;
    failed[reason] = (failed[reason] ?? 0) + count;
  }
  if (failed['bad_handshake'] === 0) delete failed['bad_handshake'];
  return statuses;
}

/**
 * The texts behind the reasons, with the statuses in place of the one text that k6/websockets has for all of them.
 *
 * @param details - counts by text.
 * @param statuses - what moveRefusals() returned.
 */
export function withStatuses(
  details: Record<string, number>,
  statuses: Record<string, number>,
): Record<string, number> {
  const told = Object.values(statuses).reduce((total, count) => total + count, 0);
  const { [ANY_REFUSAL]: refusals = 0, ...others } = details;
  return { ...others, ...(refusals > told && { [ANY_REFUSAL]: refusals - told }), ...statuses };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
