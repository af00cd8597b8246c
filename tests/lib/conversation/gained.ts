import type { Counts, RealServer } from '../../servers/real/serve.mjs';

/** What a server has counted since then. To be polled: some tell what they did in a log, a moment after they did it. */
export async function gained(server: Pick<RealServer, 'counts'>, before: Counts): Promise<Record<string, number>> {
  const now = await server.counts();
  return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, count - before[name as keyof Counts]]));
}
