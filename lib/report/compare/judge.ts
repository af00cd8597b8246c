import type { Figure, Noise } from './figure.ts';

/** One figure on both sides. */
export interface Compared extends Omit<Figure, 'value' | 'of' | 'met' | 'lateMs'> {
  before: Side;
  after: Side;
  /** after - before of the medians, in the figure's unit; null: one of them was not measured. */
  difference: number | null;
  /** difference / before; null: not measured, or before is 0. */
  relative: number | null;
  /** `same`: no difference beyond noise. null: not judged. */
  verdict: 'worse' | 'better' | 'same' | null;
  /** Why it is worse or better, where it is not for its size: `target missed`, `not measured`. */
  reason?: 'target missed' | 'target met' | 'not measured';
}

/** A figure in the runs of one side. */
export interface Side {
  /** null: not measured in that run. */
  values: (number | null)[];
  /** Of those that were measured; null: none was. */
  median: number | null;
}

/** From so many runs of each side on, their own spread says most of what noise is; with fewer, `NOISE` does. */
export const ENOUGH_RUNS = 3;

/**
 * What two runs of one build differ by on a quiet host, by measurement (docs/compare.md): `times` the difference that
 * is asked for, and `least` in the figure's unit. Over k6/ws times are whole ms.
 */
export const NOISE: Record<Noise, { times: number; least: number }> = {
  typical: { times: 1, least: 1.5 },
  tail: { times: 3, least: 10 },
  outermost: { times: 10, least: 50 },
  burst: { times: 5, least: 500 },
  recovery: { times: 3, least: 1_000 },
  memory: { times: 2, least: 20e6 },
  perConnection: { times: 2, least: 1_000 },
  cpu: { times: 2, least: 0.05 },
  share: { times: 1, least: 0.01 },
  exact: { times: 1, least: 1 },
};

/**
 * With enough runs so much of `NOISE` is asked for. Without it one figure or another of one build was beyond the spread in
 * 30 of 300 comparisons of three runs with three, with it in 2.
 */
const SPREAD_PART = 1 / 3;

/** The least difference that counts: what k6 can measure. */
const RESOLUTION: Record<Figure['unit'], number> = { share: 0.001, ms: 1, bytes: 1e3, cores: 0.01, number: 1 };

/** A reply waits for the generator when it is sent and when it is read. */
const LATENESS = 2;

/** Chance alone makes a share of a few hundred samples differ; three standard errors, once in 700 times. */
const STANDARD_ERRORS = 3;

/**
 * Compares one figure of several runs.
 *
 * @param before - the figure in each run before, at least one.
 * @param after - the same figure in each run after, at least one.
 * @param worse - the share by which a figure may differ: 0.1.
 */
export function compareFigure(before: readonly Figure[], after: readonly Figure[], worse: number): Compared {
  const { value: _value, of: _of, met: _met, lateMs: _late, ...figure } = after[0] as Figure;
  const sides = { before: sideOf(before), after: sideOf(after) };
  const [from, to] = [sides.before.median, sides.after.median];
  const difference = from === null || to === null ? null : to - from;
  const relative = difference === null || from === null || from === 0 ? null : difference / from;
  const shown = { ...figure, ...sides, difference, relative };
  if (figure.better === null) return { ...shown, verdict: null };

  const met = (runs: readonly Figure[]) => runs.every((run) => run.met === true);
  const missed = (runs: readonly Figure[]) => runs.every((run) => run.met === false);
  if (met(before) && missed(after)) return { ...shown, verdict: 'worse', reason: 'target missed' };
  if (missed(before) && met(after)) return { ...shown, verdict: 'better', reason: 'target met' };
  // A figure that k6 or the host may not tell is not missed: memory, the 99th percentile.
  if (from !== null && to === null && (figure.isNeeded || missed(after))) {
    return { ...shown, verdict: 'worse', reason: 'not measured' };
  }
  if (difference === null || !isBeyondNoise(before, after, worse)) {
    return { ...shown, verdict: difference === null ? null : 'same' };
  }
  return { ...shown, verdict: difference > 0 === (figure.better === 'more') ? 'better' : 'worse' };
}

function isBeyondNoise(before: readonly Figure[], after: readonly Figure[], worse: number): boolean {
  const { unit, noise, least: ownLeast } = before[0] as Figure;
  const [from, to] = [valuesOf(before), valuesOf(after)];
  const apart = Math.abs(median(to) - median(from));
  // Each run of one side is beyond each of the other.
  if (Math.min(...to) <= Math.max(...from) && Math.min(...from) <= Math.max(...to)) return false;
  const isSpread = from.length >= ENOUGH_RUNS && to.length >= ENOUGH_RUNS;
  if (isSpread && apart <= Math.max(range(from), range(to))) return false;
  const part = isSpread ? SPREAD_PART : 1;
  const late = Math.max(...[...before, ...after].map(({ lateMs }) => lateMs ?? 0));
  const least = Math.max((ownLeast ?? NOISE[noise].least) * part, RESOLUTION[unit], LATENESS * late);
  const times = Math.max(NOISE[noise].times * part, 1);
  if (apart < least || apart <= times * worse * scaleOf(unit, median(from), median(to))) return false;
  return unit !== 'share' || apart > STANDARD_ERRORS * standardError(before, after);
}

/** What a difference is a share of. Success of 99 % and 98 % are 1 % apart, but twice as many failed. */
function scaleOf(unit: Figure['unit'], from: number, to: number): number {
  return unit === 'share' ? 1 - Math.max(from, to) : Math.abs(from);
}

/** Of the difference of two shares of so many samples; 0 where their number is not known. */
function standardError(before: readonly Figure[], after: readonly Figure[]): number {
  const [n, m] = [samplesOf(before), samplesOf(after)];
  if (n === 0 || m === 0) return 0;
  const pooled = (median(valuesOf(before)) * n + median(valuesOf(after)) * m) / (n + m);
  return Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
}

function samplesOf(figures: readonly Figure[]): number {
  return figures.reduce((sum, { of }) => sum + (of ?? 0), 0);
}

function sideOf(figures: readonly Figure[]): Side {
  const known = valuesOf(figures);
  return { values: figures.map(({ value }) => value), median: known.length === 0 ? null : median(known) };
}

function valuesOf(figures: readonly Figure[]): number[] {
  return figures.flatMap(({ value }) => value ?? []);
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** The middle one; of an even number the mean of both in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
