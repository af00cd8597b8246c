import type { Outage, Summary } from '../summary.ts';
import type { Figure } from './figure.ts';

/** How long clients were down and how they came back; empty for runs of other scenarios. */
export function recoveryFigures({ reconnect, targets }: Summary): Figure[] {
  if (!reconnect) return [];
  const isTarget = targets.some(({ metric }) => metric === 'ws_availability');
  const { outages, events, downMs, herd, availability } = reconnect;
  const time = (name: string, value: number | null | undefined): Figure => ({
    group: 'Recovery',
    name,
    unit: 'ms',
    better: 'less',
    noise: 'recovery',
    value: value ?? null,
    of: null,
  });
  // How often and when the server went away is not the server's build.
  const count = (name: string, value: number | null): Figure => ({
    group: 'Recovery',
    name,
    unit: 'number',
    better: null,
    noise: 'exact',
    value,
    of: null,
  });
  const share = (name: string, value: number | null): Figure => ({
    group: 'Recovery',
    name,
    unit: 'share',
    better: 'more',
    noise: 'share',
    value,
    of: null,
  });
  return [
    time('down p50', downMs?.med),
    time('down p95', downMs?.p95),
    time('until all were back, longest', longest(events)),
    ...(isTarget ? [] : [share('availability', availability)]),
    count('drops', outages.drops),
    count('still down at the end', outages.open),
    count('attempts in the worst second', herd?.attempts ?? null),
  ];
}

/** null: there was no outage, or some never came back; then a target says so. */
function longest(events: readonly Pick<Outage, 'backAllMs'>[]): number | null {
  const times = events.map(({ backAllMs }) => backAllMs);
  return times.length === 0 || times.includes(null) ? null : Math.max(...(times as number[]));
}
