import { wasCutOff } from '../one-test.ts';
import type { Summary } from '../summary.ts';
import type { Figure } from './figure.ts';
import { figuresOf } from './figures.ts';
import { type Compared, compareFigure } from './judge.ts';
import { planProblems, type Run } from './same-plan.ts';

/** Runs of two builds beside each other, as `--format json` prints it. */
export interface RunComparison {
  verdict: 'worse' | 'better' | 'no difference';
  scenario: string;
  /** The share by which a figure may differ. */
  worse: number;
  before: { sources: string[]; verdicts: Summary['verdict'][] };
  after: { sources: string[]; verdicts: Summary['verdict'][] };
  figures: Compared[];
  /** What a reader has to know beside the figures, a sentence each. */
  notes: string[];
}

/** The runs cannot be compared; `problems` says each reason in a sentence. */
export class NotComparable extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'NotComparable';
    this.problems = problems;
  }
}

/**
 * Compares the runs after a change with those before it.
 *
 * @param before - at least one.
 * @param after - at least one.
 * @param worse - by which share a figure may be worse: 0.1.
 * @throws {NotComparable} when they are of different plans, parts of a test, or the same.
 */
export function compareRuns(before: readonly Run[], after: readonly Run[], worse: number): RunComparison {
  const problems = planProblems([...before, ...after]);
  if (problems.length > 0) throw new NotComparable(problems);
  const sides = [before, after].map((runs) => runs.map(({ summary }) => figuresOf(summary))) as [
    Figure[][],
    Figure[][],
  ];
  const { pairs, oneSided } = paired(...sides);
  const figures = pairs.map(([from, to]) => compareFigure(from, to, worse)).filter((compared) => !isEmpty(compared));
  const unbalanced = after.some(({ summary }) => !summary.balanced) && before.every(({ summary }) => summary.balanced);
  const has = (verdict: Compared['verdict']) => figures.some((figure) => figure.verdict === verdict);
  return {
    verdict: has('worse') || unbalanced ? 'worse' : has('better') ? 'better' : 'no difference',
    scenario: (after[0] as Run).summary.scenario,
    worse,
    before: sideOf(before),
    after: sideOf(after),
    figures,
    notes: [
      ...notesOf(before, after),
      ...oneSided.map((name) => `The target "${name}" is asked for on one side only.`),
    ],
  };
}

function sideOf(runs: readonly Run[]): RunComparison['before'] {
  return { sources: runs.map(({ source }) => source), verdicts: runs.map(({ summary }) => summary.verdict) };
}

/** The figures of the same name in all runs of both sides, and the targets that one side alone has. */
function paired(before: Figure[][], after: Figure[][]): { pairs: [Figure[], Figure[]][]; oneSided: string[] } {
  const known = new Map<string, Figure>();
  // The new ones first: their order and their limits are shown.
  for (const figure of [...after, ...before].flat()) {
    const key = keyOf(figure);
    if (!known.has(key)) known.set(key, figure);
  }
  const oneSided: string[] = [];
  const pairs: [Figure[], Figure[]][] = [];
  for (const [key, figure] of ordered(known)) {
    const of = (runs: Figure[][]) => runs.map((run) => run.find((each) => keyOf(each) === key));
    const isTarget = figure.group === 'Targets';
    if (isTarget && [...of(before), ...of(after)].some((each) => each === undefined)) oneSided.push(figure.name);
    // Of a reason that did not occur there were none.
    else {
      const absent = { ...figure, value: figure.group === 'Failures' ? 0 : null };
      pairs.push([of(before).map((each) => each ?? absent), of(after).map((each) => each ?? absent)]);
    }
  }
  return { pairs, oneSided };
}

function keyOf({ group, name }: Figure): string {
  return `${group}: ${name}`;
}

/** Groups stay together: one side can have a reason that the other has not. */
function ordered(figures: Map<string, Figure>): [string, Figure][] {
  const groups = [...new Set([...figures.values()].map(({ group }) => group))];
  return [...figures].sort(([, a], [, b]) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

/** Nothing was measured on either side, or nothing happened that was to be none. */
function isEmpty({ before, after, unit, asked }: Compared): boolean {
  const values = [...before.values, ...after.values];
  return values.every((value) => value === null || (unit === 'number' && asked === '0' && value === 0));
}

function notesOf(before: readonly Run[], after: readonly Run[]): string[] {
  const notes: string[] = [];
  const all = [...before, ...after];
  for (const { source, summary } of all) {
    if (wasInterrupted(summary))
      notes.push(`${source} is of a run that was cut off: its figures are of a part of the plan.`);
    if (!summary.balanced) notes.push(`The books of ${source} do not balance: its figures are not to be trusted.`);
    if (summary.generator.limits.length > 0) {
      notes.push(`The generator was a limit in ${source}: a difference may be its own.`);
    }
  }
  const differ = (what: string, of: (summary: Summary) => string) => {
    const sides = [before, after].map((runs) => [...new Set(runs.map(({ summary }) => of(summary)))].join(' and '));
    if (sides[0] !== sides[1] && !sides.includes('')) notes.push(`${what}: ${sides[0]} before, ${sides[1]} after.`);
  };
  differ('Target', ({ plan }) => plan.urls.join(', '));
  differ('k6', (summary) => versionOf(summary, 'k6'));
  differ('These scripts', (summary) => versionOf(summary, 'scripts'));
  differ('Generator', (summary) => versionOf(summary, 'system'));
  return notes;
}

/** One of `capacity` ends early at the first step that misses a target, too. */
function wasInterrupted(summary: Summary): boolean {
  const { capacity } = summary;
  if (!capacity) return wasCutOff(summary);
  return capacity.failedAt === null && capacity.steps.some(({ pass }) => pass !== true);
}

/** Empty where a run does not tell. */
function versionOf(summary: Summary, what: 'k6' | 'scripts' | 'system'): string {
  return (summary as { versions?: Partial<Record<typeof what, string>> }).versions?.[what] ?? '';
}
