import { figure, type K6Data } from './k6-data.ts';

/** HTTP statuses that refuse a handshake: those of RFC 9110, and the usual ones of proxies (nginx 499, CDN 520 to 530). */
export const REFUSAL_STATUSES: readonly number[] = [
  ...range(400, 418),
  ...range(421, 426),
  428,
  429,
  431,
  451,
  499,
  ...range(500, 511),
  ...range(520, 530),
];

/**
 * Moves the refusals that k6 counted by HTTP status from `bad_handshake` to `http_4xx` and `http_5xx`. A transport that
 * knows the status by itself has no such counts.
 *
 * @param failed - connect failures by reason; changed in place.
 * @returns the counts by status, as `HTTP 429`.
 */
export function moveRefusals(data: K6Data, failed: Record<string, number>): Record<string, number> {
  const details: Record<string, number> = {};
  for (const status of REFUSAL_STATUSES) {
    const count = Math.min(figure(data, `ws_sessions{status:${status}}`), failed['bad_handshake'] ?? 0);
    if (count === 0) continue;
    const reason = status < 500 ? 'http_4xx' : 'http_5xx';
    failed['bad_handshake'] = (failed['bad_handshake'] ?? 0) - count;
    failed[reason] = (failed[reason] ?? 0) + count;
    details[`HTTP ${status}`] = count;
  }
  if (failed['bad_handshake'] === 0) delete failed['bad_handshake'];
  return details;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
