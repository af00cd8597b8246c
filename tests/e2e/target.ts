import { startTargetServer } from '../../scripts/lib/echo-server.mjs';
import { afterwards } from './cases.ts';

type Options = Parameters<typeof startTargetServer>[0];

/** An echo server for the length of one test. */
export async function target(options: Options = {}) {
  const server = await startTargetServer(options);
  afterwards(() => server.close());
  return server;
}

/** Sizes of the groups that the arrivals fall into when they are split at their `groups - 1` largest gaps. */
export function clusters(arrivalsMs: readonly number[], groups: number): { sizes: number[]; startsMs: number[] } {
  const sorted = [...arrivalsMs].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((at, i) => ({ after: i, gap: at - (sorted[i] as number) }));
  const cuts = gaps
    .sort((a, b) => b.gap - a.gap)
    .slice(0, groups - 1)
    .map(({ after }) => after + 1)
    .sort((a, b) => a - b);
  const bounds = [0, ...cuts, sorted.length];
  return {
    sizes: bounds.slice(1).map((end, i) => end - (bounds[i] as number)),
    startsMs: bounds.slice(0, -1).map((i) => sorted[i] as number),
  };
}
