import { noCounts } from '../servers/counts.mjs';
import { ownPort } from '../servers/own-port.mjs';
import { addBooks, type Books } from './books.ts';
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
  const closed = `ws://127.0.0.1:${await ownPort()}/`;
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
  const counted = addBooks(
    faults.map((fault, i) => expectedBooks(fault, servers[i]?.counts() ?? noCounts(), transport)),
  );
  return { result, expected: withCrossed(counted, result.summary?.messages.sent ?? 0), servers };
}

/**
 * A message can cross the server's end of the connection on its way: k6 has sent it, the server never reads it, and it
 * is lost. At most one for each dropped connection; each must be among the lost.
 */
function withCrossed(books: Books, sent: number): Books {
  const crossed = sent - books.sent;
  const dropped = Object.values(books.dropped).reduce((total, count) => total + count, 0);
  if (crossed <= 0 || crossed > dropped) return books;
  const lost = (books.messagesFailed['lost'] ?? 0) + crossed;
  return { ...books, sent, messagesFailed: { ...books.messagesFailed, lost } };
}
