import { groupDigits } from '../plan/format.ts';
import type { Arrivals, Books } from './summary.ts';

/** Where the planned connections of a churn went: k6 drops those for which no VU is free in their turn. */
export function arrivalsLine({ planned, attempted, unattempted }: Books['connections'], arrivals: Arrivals): string {
  const n = groupDigits;
  const never = unattempted > 0 ? ` + ${n(unattempted)} never attempted` : '';
  return `planned ${n(planned)} = attempted ${n(attempted)} + dropped by k6 ${n(arrivals.dropped)}${never}`;
}
