import { expect, test } from 'vitest';
import { k6OfVersion } from '../../scripts/lib/find-k6.mjs';
import { FALLBACK_K6, OLDEST_K6 } from '../../scripts/lib/k6-version.mjs';
import { expectBalance, SCENARIOS, SHORT } from './cases.ts';
import { runK6 } from './helpers.ts';
import { target } from './target.ts';

// All others run with the k6 that is pinned, or with the one on PATH. Building it takes Go two minutes, once.
const LIMIT_MS = 400_000;

test(
  `the scripts run in k6 v${FALLBACK_K6}, which stands for the oldest that is taken`,
  async (context) => {
    expect(FALLBACK_K6.split('.').slice(0, 2)).toEqual(OLDEST_K6.split('.').slice(0, 2));
    const older = await k6OfVersion(FALLBACK_K6).catch((error: Error) => context.skip(error.message));
    for (const { scenario } of SCENARIOS) {
      const server = await target();
      const run = await runK6({ scenario, k6: older.path, env: { ...SHORT, WS_URL: server.url } });
      expect(run.exitCode, run.stdout + run.stderr).toBe(0);
      expectBalance(run);
      expect(run.summary?.connections.closed).toBe(server.stats().accepted);
      expect(run.summary?.messages.answered).toBe(server.stats().answered);
    }
  },
  LIMIT_MS,
);
