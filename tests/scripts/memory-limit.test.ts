import { describe, expect, test } from 'vitest';
import { memoryLimit } from '../../scripts/lib/memory-limit.mjs';
import { tierFor } from '../../thresholds/tiers.ts';

const limit = (more: Partial<Parameters<typeof memoryLimit>[0]> = {}) =>
  memoryLimit({ scenario: 'concurrent', conversation: undefined, connections: 10_000, env: {}, ...more });

describe("Go's limit for the memory of k6", () => {
  test.each([5_000, 10_000, 50_000])('is at least 5 % below the target for %i connections', (connections) => {
    const mib = Number(/^(\d+)MiB$/.exec(limit({ connections }).GOMEMLIMIT ?? '')?.[1]);
    expect(mib * 2 ** 20).toBeLessThan(tierFor(connections).maxMemoryBytes * 0.95);
    // What is alive is three quarters of it.
    expect(mib * 2 ** 20).toBeGreaterThan((connections * 140_000) / 0.77);
  });

  test.each([
    ['fewer connections', { connections: 4_999 }],
    ["a module of the user's", { conversation: './chat.ts' }],
    ['a conversation with a login', { conversation: 'socket.io' }],
    ['connections that come and go', { scenario: 'churn' }],
    ['many connections on a VU', { scenario: 'multiplexed' }],
    ["the user's own", { env: { GOMEMLIMIT: '3GiB' } }],
  ])('there is none for %s', (_name, more) => {
    expect(limit(more)).toEqual({});
  });

  test.each(['echo', 'listen', ' send-only '])('there is one for %j', (conversation) => {
    expect(limit({ conversation, scenario: 'storm' })).toEqual({ GOMEMLIMIT: '1780MiB' });
  });
});
