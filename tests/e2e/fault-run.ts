import { noCounts } from '../servers/counts.mjs';
import { closedPort } from '../servers/fault-server.mjs';
import { addBooks } from './books.ts';
import { SHORT, serve } from './cases.ts';
import { expectedBooks, type Fault } from './faults.ts';
import { runK6 } from './helpers.ts';

/** All faults in one run, an equal share of the connections each: what the report says and what it must say. */
export async function runOver(
  scenario: string,
  transport: 'ws' | 'websockets',
  faults: Fault[],
  share: number,
  env: Record<string, string> = {},
) {
  const servers = await Promise.all(faults.map(async ({ behaviour }) => (behaviour ? serve([behaviour]) : null)));
  const closed = `ws://127.0.0.1:${await closedPort()}/`;
  const result = await runK6({
    scenario,
    samples: true,
    env: {
      ...SHORT,
      WS_URL: servers.map((server) => `${server?.url ?? closed}?token=hunter2`).join(),
      WS_CONNECTIONS: String(faults.length * share),
      ...env,
    },
  });
  const expected = addBooks(
    faults.map((fault, i) => expectedBooks(fault, servers[i]?.counts() ?? noCounts(), transport)),
  );
  return { result, expected, servers };
}
