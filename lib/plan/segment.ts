/**
 * Which of the test's VUs this process runs under k6's execution segments. The same striping as k6's own
 * (NewExecutionSegmentSequenceWrapper in k6's lib/execution_segment.go), so that the numbers agree to the last one.
 *
 * All in one function: a VU asks once, and nothing of it stays there.
 */

interface Fraction {
  numerator: number;
  denominator: number;
}

/** The part of a test that one process has. */
export interface ProcessShare {
  connections: number;
  /** VUs that k6 makes in this process: those that hold connections and the one that watches. */
  vus: number;
  /** Its execution segment; null: the whole test. */
  segment: string | null;
}

/**
 * What this process has of a test of `total` connections with `perVu` on each VU.
 *
 * @param options - k6's, with the execution segment of this process (VU code and summary know it, init code does not).
 */
export function shareOf(
  options: { executionSegment?: unknown; executionSegmentSequence?: unknown },
  total: number,
  perVu: number,
): ProcessShare {
  const whole = '0:1';
  const segment = options.executionSegment ? String(options.executionSegment) : null;
  const sequence = options.executionSegmentSequence ? String(options.executionSegmentSequence) : null;
  const owned = ownedIndices(Math.ceil(total / perVu), segment, sequence);
  return {
    connections: owned.reduce((sum, vu) => sum + Math.min(perVu, total - vu * perVu), 0),
    vus: owned.length + ownedIndices(1, segment, sequence).length,
    segment,
  };

  /**
   * The indices below `total` that belong to a segment, in ascending order.
   *
   * @param total - VUs (or connections) of the whole test.
   * @param segment - as k6 has it, `0:1/2`; null or empty: the whole test.
   * @param sequence - as k6 has it, `0,1/2,1`; null: the rest of the test around the segment.
   */
  function ownedIndices(total: number, segment: string | null, sequence: string | null): number[] {
    const wanted = segment || whole;
    const [from, to] = wanted.includes(':') ? wanted.split(':') : ['0', wanted];
    const bounds = filled((sequence ? sequence.split(',') : [from as string, to as string]).map(fraction));
    const position = bounds.findIndex((bound) => equal(bound, fraction(from ?? '0')));
    const owners = stripes(bounds);
    return Array.from({ length: total }, (_, index) => index).filter(
      (index) => owners[index % owners.length] === position,
    );
  }

  /** For each index of one period, the position of the segment that owns it. */
  function stripes(bounds: readonly Fraction[]): number[] {
    const lengths = bounds.slice(1).map((bound, i) => subtract(bound, bounds[i] as Fraction));
    const period = lengths.reduce((lcd, { denominator }) => leastCommonMultiple(lcd, denominator), 1);
    const shares = lengths
      .map(({ numerator, denominator }, position) => ({
        position,
        share: numerator * (period / denominator),
        taken: 0,
      }))
      .sort((a, b) => b.share - a.share || a.position - b.position);
    return Array.from({ length: period }, (_, index) => {
      const owner = shares.find(({ share, taken }) => index >= (taken * period) / share);
      if (!owner) throw new Error(`no execution segment owns index ${index}`);
      owner.taken += 1;
      return owner.position;
    });
  }

  /** A sequence need not be whole: what is missing at its ends is a segment each, as in k6. */
  function filled(bounds: readonly Fraction[]): Fraction[] {
    const whole = [...bounds];
    if (whole[0]?.numerator !== 0) whole.unshift({ numerator: 0, denominator: 1 });
    const last = whole[whole.length - 1] as Fraction;
    if (last.numerator !== last.denominator) whole.push({ numerator: 1, denominator: 1 });
    return whole;
  }

  /** Reads `1/3`, `0.25`, `25%` or `1`, as k6 does. */
  function fraction(text: string): Fraction {
    const trimmed = text.trim();
    if (trimmed.endsWith('%')) return reduce(decimal(trimmed.slice(0, -1)), 100);
    const [over, under] = trimmed.split('/');
    return under === undefined ? reduce(decimal(over as string), 1) : reduce(decimal(over as string), Number(under));
  }

  function decimal(text: string): Fraction {
    const scale = 10 ** (text.split('.')[1]?.length ?? 0);
    return { numerator: Math.round(Number(text) * scale), denominator: scale };
  }

  function reduce(value: Fraction, by: number): Fraction {
    const denominator = value.denominator * by;
    const divisor = greatestCommonDivisor(value.numerator, denominator);
    return { numerator: value.numerator / divisor, denominator: denominator / divisor };
  }

  function subtract(a: Fraction, b: Fraction): Fraction {
    return reduce(
      {
        numerator: a.numerator * b.denominator - b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      },
      1,
    );
  }

  function equal(a: Fraction, b: Fraction): boolean {
    return a.numerator * b.denominator === b.numerator * a.denominator;
  }

  function greatestCommonDivisor(a: number, b: number): number {
    return b === 0 ? Math.max(a, 1) : greatestCommonDivisor(b, a % b);
  }

  function leastCommonMultiple(a: number, b: number): number {
    return (a / greatestCommonDivisor(a, b)) * b;
  }
}
