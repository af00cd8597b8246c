/** Counts by reason of several processes together. */
export function addUp(records: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = Object.create(null);
  for (const record of records) {
    for (const [key, count] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}
