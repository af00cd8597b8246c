/** A line of a chart: a value for each time; null: none there. */
export type Values = readonly (number | null)[];

/**
 * Times and lines with at most so many points. Of each stretch of time every line keeps its least and its greatest value,
 * in the order in which they came, so that no peak and no gap in a run of an hour is lost.
 *
 * @param most - points, from 2.
 */
export function thin(
  times: readonly number[],
  lines: readonly Values[],
  most: number,
): { times: number[]; lines: Values[] } {
  if (times.length <= most) return { times: [...times], lines: [...lines] };
  const stretches = Math.floor(most / 2);
  const edge = (i: number) => Math.round((i * times.length) / stretches);
  const kept: number[] = [];
  const thinned: (number | null)[][] = lines.map(() => []);
  for (let i = 0; i < stretches; i += 1) {
    const [from, to] = [edge(i), edge(i + 1)];
    kept.push(times[from] as number, times[to - 1] as number);
    lines.forEach((line, n) => {
      thinned[n]?.push(...extremes(line, from, to));
    });
  }
  return { times: kept, lines: thinned };
}

/** The least and the greatest value from one place to before another, the earlier of them first. */
function extremes(line: Values, from: number, to: number): [number | null, number | null] {
  let least: number | null = null;
  let greatest: number | null = null;
  for (let i = from; i < to; i += 1) {
    const value = line[i] ?? null;
    if (value === null) continue;
    if (least === null || value < (line[least] as number)) least = i;
    if (greatest === null || value > (line[greatest] as number)) greatest = i;
  }
  if (least === null || greatest === null) return [null, null];
  const [first, second] = least <= greatest ? [least, greatest] : [greatest, least];
  return [line[first] ?? null, line[second] ?? null];
}
