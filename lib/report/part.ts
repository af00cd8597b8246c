import type { K6Data } from './k6-data.ts';

/**
 * The part of k6's data that carries a tag, as if the test had been that part alone: `ws_connect_failures{reason:dns,
 * scenario:tier_1000}` becomes `ws_connect_failures{reason:dns}`. k6 hands over only the parts that thresholds name
 * (thresholds/parts.ts).
 *
 * @param tag - `scenario:tier_1000`.
 */
export function partOf(data: K6Data, tag: string): K6Data {
  const metrics: K6Data['metrics'] = {};
  for (const [name, metric] of Object.entries(data.metrics)) {
    const [, base, list] = /^(\w+)\{(.*)\}$/.exec(name) ?? [];
    const tags = list?.split(/\s*,\s*/) ?? [];
    if (!tags.includes(tag)) continue;
    const others = tags.filter((other) => other !== tag);
    metrics[others.length > 0 ? `${base}{${others.join()}}` : (base as string)] = metric;
  }
  // k6 does not say in which part a check was made.
  const { root_group: _checks, ...others } = data;
  return { ...others, metrics };
}
