/**
 * Whether parts of a test make up the whole: k6 execution segments such as `1/4:1/2`, with bounds as fractions,
 * decimals or percentages.
 */

/** What is wrong with a set of segments, one sentence each; empty when they cover 0 to 1 exactly once. */
export function coverageProblems(segments: readonly string[]): string[] {
  const problems: string[] = [];
  const parts = segments.map(partOf).sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
  let reached = bound('0');
  for (const part of parts) {
    const gap = compare(part.from, reached);
    if (gap > 0) problems.push(`segment ${reached.text}:${part.from.text} is missing`);
    if (gap < 0) {
      problems.push(
        segments.filter((segment) => segment === part.text).length > 1
          ? `segment ${part.text} is there more than once`
          : `segment ${part.text} overlaps another one`,
      );
    }
    if (compare(part.to, reached) > 0) reached = part.to;
  }
  if (compare(reached, bound('1')) < 0) problems.push(`segment ${reached.text}:1 is missing`);
  return [...new Set(problems)];
}

interface Bound {
  text: string;
  numerator: number;
  denominator: number;
}

/** `1/4:1/2`, or `1/4` for `0:1/4`, as k6 reads it. */
function partOf(text: string): { text: string; from: Bound; to: Bound } {
  const [from, to] = text.includes(':') ? text.split(':') : ['0', text];
  return { text, from: bound(from as string), to: bound(to as string) };
}

/** @throws {RangeError} when the text is no fraction, decimal or percentage. */
function bound(text: string): Bound {
  const match = /^(\d+(?:\.\d+)?)(?:\/(\d+)|(%))?$/.exec(text.trim());
  if (!match) throw new RangeError(`"${text}" is no bound of an execution segment`);
  const [, over = '', under, percent] = match;
  return { text: text.trim(), numerator: Number(over), denominator: percent ? 100 : Number(under ?? 1) };
}

/** Cross-multiplied, so that 1/3 and 2/6 are equal; decimals are close enough to equal at 1e-9. */
function compare(a: Bound, b: Bound): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return Math.abs(difference) < 1e-9 * a.denominator * b.denominator ? 0 : Math.sign(difference);
}
