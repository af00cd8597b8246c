import { describe, expect, it } from 'vitest';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { moveRefusals, REFUSAL_STATUSES, withStatuses } from '../../../lib/report/statuses.ts';
import { k6DataOf } from './k6-data-of.ts';

const sessions = (counts: Record<number, number>) =>
  k6DataOf({
    metrics: Object.fromEntries(
      Object.entries(counts).map(([status, count]) => [
        `ws_sessions{status:${status}}`,
        { type: 'counter', contains: 'default', values: { count } } satisfies K6Metric,
      ]),
    ),
  });

describe('moveRefusals()', () => {
  it("takes the statuses that only k6's own count tells out of bad_handshake", () => {
    const failed: Record<string, number> = { bad_handshake: 10, refused: 3 };
    expect(moveRefusals(sessions({ 401: 2, 429: 3, 503: 1 }), failed)).toEqual({
      'HTTP 401': 2,
      'HTTP 429': 3,
      'HTTP 503': 1,
    });
    expect(failed).toEqual({ bad_handshake: 4, http_4xx: 5, http_5xx: 1, refused: 3 });
  });

  it('leaves no bad_handshake when all are told apart', () => {
    const failed: Record<string, number> = { bad_handshake: 2, http_5xx: 1 };
    moveRefusals(sessions({ 500: 2 }), failed);
    expect(failed).toEqual({ http_5xx: 3 });
  });

  it('never moves more than there are, as where the transport has told the status itself', () => {
    const failed: Record<string, number> = { http_4xx: 5 };
    expect(moveRefusals(sessions({ 404: 5 }), failed)).toEqual({});
    expect(failed).toEqual({ http_4xx: 5 });
    const few: Record<string, number> = { bad_handshake: 1 };
    moveRefusals(sessions({ 404: 5 }), few);
    expect(few).toEqual({ http_4xx: 1 });
  });

  it('tells a page and a redirect by their status, and leaves them bad handshakes', () => {
    const failed: Record<string, number> = { bad_handshake: 6 };
    expect(moveRefusals(sessions({ 200: 1, 302: 2, 500: 9 }), failed)).toEqual({
      'HTTP 200': 1,
      'HTTP 302': 2,
      'HTTP 500': 3,
    });
    expect(failed).toEqual({ bad_handshake: 3, http_5xx: 3 });
  });

  it('knows the usual refusals, and not the status of a success', () => {
    for (const status of [
      200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 426, 429, 499, 500, 502, 503, 504, 520, 530,
    ]) {
      expect(REFUSAL_STATUSES).toContain(status);
    }
    expect(REFUSAL_STATUSES.every((status) => status >= 200 && status < 600)).toBe(true);
  });
});

describe('withStatuses()', () => {
  it('counts each refusal once, under its status where it is known', () => {
    const details = { 'close 1011': 2, 'websocket: bad handshake': 5 };
    expect(withStatuses(details, { 'HTTP 302': 1, 'HTTP 503': 2 })).toEqual({
      'close 1011': 2,
      'websocket: bad handshake': 2,
      'HTTP 302': 1,
      'HTTP 503': 2,
    });
    expect(withStatuses(details, { 'HTTP 503': 5 })).toEqual({ 'close 1011': 2, 'HTTP 503': 5 });
    expect(withStatuses({ 'HTTP 503': 5 }, {})).toEqual({ 'HTTP 503': 5 });
  });
});
