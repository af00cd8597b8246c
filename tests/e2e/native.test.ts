import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportedBooks } from './books.ts';
import { PASSED } from './cases.ts';
import { runScript } from './run-script.ts';
import { target } from './target.ts';

const SHORT = { WS_PROFILE: 'smoke', WS_BATCH_SIZE: '50', WS_MESSAGE_INTERVAL: '400ms' };
const ONE_RAMP = { WS_CONNECTIONS: '100', WS_HOLD: '2s' };

/** Settings of a run of 100 connections for each scenario; of 30 for churn, with turns that k6 does not miss by a moment. */
const SIZES: Record<string, Record<string, string>> = {
  concurrent: ONE_RAMP,
  multiplexed: ONE_RAMP,
  storm: ONE_RAMP,
  tiers: { WS_TIERS: '30,70', WS_TIER_HOLD: '2s', WS_TIER_PAUSE: '0s' },
  capacity: { WS_CONNECTIONS: '100', WS_STEP: '50', WS_STEP_HOLD: '1s' },
  reconnect: ONE_RAMP,
  churn: { WS_RATE: '10', WS_CHURN: '3s', WS_LIFETIME: '1s' },
};

describe('the sources and the bundle, of which k6 runs either', () => {
  it.each(Object.keys(SIZES))('have the same books: %s', async (scenario) => {
    const books = [];
    for (const script of [`scenarios/${scenario}.ts`, `dist/${scenario}.js`]) {
      const server = await target();
      const env = { ...SHORT, ...SIZES[scenario], WS_URL: server.url };
      const { exitCode, stdout, stderr, summary } = await runScript(path.resolve(script), env);
      expect(exitCode, `${stdout}\n${stderr}`).toBe(PASSED);
      if (!summary) throw new Error(stdout);
      const { sent, answered, attempted, established, ready, closed, ...rest } = reportedBooks(summary);
      const { received, answered: replies, accepted } = server.stats();
      expect({ sent, answered }, script).toEqual({ sent: received, answered: replies });
      const all = { attempted: accepted, established: accepted, ready: accepted, closed: accepted };
      expect({ attempted, established, ready, closed }, script).toEqual(all);
      // k6 may begin the last turn of churn, or not.
      expect(summary.plan.connections - accepted).toBeGreaterThanOrEqual(0);
      expect(summary.plan.connections - accepted).toBeLessThanOrEqual(scenario === 'churn' ? 1 : 0);
      expect(sent).toBeGreaterThan(100);
      expect(summary.balanced).toBe(true);
      const { conversation, totalMs, connections, batchSize } = summary.plan;
      books.push({
        ...rest,
        plan: { conversation, totalMs, connections, batchSize },
        targets: summary.targets.map(({ name, metric, target: asked, pass }) => ({ name, metric, asked, pass })),
      });
    }
    expect(books[0]).toEqual(books[1]);
    expect(books[0]?.plan.connections).toBe(scenario === 'churn' ? 30 : 100);
  });
});
