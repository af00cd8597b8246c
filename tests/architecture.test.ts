import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, type Import, importsOf } from './imports.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PRODUCT = ['lib', 'thresholds', 'scenarios'];

/**
 * What the files of each layer may import, by the beginning of the path; the first rule that fits a file is its own.
 * The same as the table in docs/architecture.md. `types`: only what is gone at run time.
 */
const LAYERS: { layer: string; may: string[]; types?: string[] }[] = [
  // Where k6 comes in, and how a file is made only when it is asked for.
  { layer: 'lib/k6.ts', may: ['k6'] },
  { layer: 'lib/k6-ws.ts', may: ['k6/ws'], types: ['lib/k6.ts'] },
  { layer: 'lib/lazily.ts', may: [] },
  // environment -> settings
  { layer: 'lib/settings/users.ts', may: ['lib/settings/', 'node_modules/papaparse/'], types: ['papaparse'] },
  { layer: 'lib/settings/', may: ['lib/settings/'] },
  // -> plan and k6's options
  { layer: 'lib/plan/', may: ['lib/plan/', 'lib/settings/'], types: ['lib/conversation/traits.ts', 'k6/options'] },
  // -> conversation: the contract imports nothing.
  { layer: 'lib/conversation/conversation.ts', may: [] },
  { layer: 'lib/conversation/', may: ['lib/conversation/', 'lib/lazily.ts'] },
  // -> connection and its outcome
  { layer: 'lib/connection/outcome.ts', may: [] },
  {
    layer: 'lib/connection/over-',
    may: ['lib/connection/', 'lib/lazily.ts', 'lib/plan/places.ts', 'lib/k6.ts', 'lib/k6-ws.ts', 'k6/websockets'],
  },
  {
    layer: 'lib/connection/',
    may: ['lib/connection/', 'lib/lazily.ts', 'lib/metrics/words.ts', 'lib/plan/format.ts', 'lib/plan/sampling.ts'],
    types: ['lib/conversation/', 'lib/plan/run.ts'],
  },
  // -> metrics
  { layer: 'lib/metrics/registry', may: [], types: ['lib/connection/ledger.ts', 'lib/conversation/', 'lib/k6.ts'] },
  { layer: 'lib/metrics/', may: [] },
  {
    layer: 'lib/generator/watch.ts',
    may: ['lib/generator/', 'lib/k6.ts', 'lib/metrics/words.ts'],
    types: ['lib/connection/ledger.ts'],
  },
  {
    layer: 'lib/generator/',
    may: ['lib/generator/', 'lib/plan/places.ts', 'lib/plan/readings.ts', 'lib/plan/segment.ts'],
    types: ['lib/connection/ledger.ts', 'lib/plan/', 'k6/'],
  },
  // -> report
  {
    layer: 'lib/report/',
    may: ['lib/report/', 'lib/settings/', 'lib/plan/', 'lib/connection/outcome.ts', 'lib/metrics/words.ts'],
    types: ['lib/conversation/traits.ts'],
  },
  {
    layer: 'thresholds/',
    may: ['thresholds/', 'lib/settings/', 'lib/plan/', 'lib/report/', 'lib/connection/outcome.ts'],
    types: ['lib/conversation/traits.ts', 'lib/metrics/names.ts'],
  },
  // All together, into what k6 wants of a script.
  { layer: 'lib/scenario/', may: ['lib/', 'thresholds/'], types: ['k6/options'] },
  { layer: 'scenarios/', may: ['lib/scenario/', 'lib/connection/over-'] },
  // To copy: of this package only types, so that they run wherever they are.
  { layer: 'examples/', may: [], types: ['k6-websocket-concurrency'] },
];

/** Files that k6 alone can run; all others are tested without it. */
const NEEDS_K6 = [
  'lib/k6.ts',
  'lib/k6-ws.ts',
  'lib/connection/over-k6-websockets.ts',
  'lib/generator/watch.ts',
  'lib/scenario/beside.ts',
  'lib/scenario/in-vu.ts',
  'lib/scenario/once.ts',
  'lib/scenario/over-k6-ws.ts',
];

/** Scenarios say what makes them different, and nothing else. */
const MAX_SCENARIO_LINES = 25;

/** What is against the directions, one sentence each. */
function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to, isTypeOnly }) => {
    const rule = LAYERS.find(({ layer }) => from.startsWith(layer));
    if (!rule) return [`${from} belongs to no layer`];
    const allowed = [...rule.may, ...(isTypeOnly ? (rule.types ?? []) : [])];
    if (allowed.some((beginning) => to.startsWith(beginning))) return [];
    return [`${from} must not import ${isTypeOnly ? 'types of ' : ''}${to}`];
  });
}

const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** A file without its comments. */
const code = (file: string) => text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

describe('the layers', () => {
  let imports: Import[];
  const files = filesBelow(ROOT, PRODUCT, /\.ts$/);
  beforeAll(async () => {
    imports = await importsOf(ROOT, files);
  });

  it('are imported in one direction only', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(violations(imports)).toEqual([]);
  });

  it('without k6 need none of its modules at run time, not even through others', () => {
    const needs = new Set(
      imports.filter(({ to, isTypeOnly }) => /^k6(\/|$)/.test(to) && !isTypeOnly).map(({ from }) => from),
    );
    for (let size = -1; size !== needs.size; ) {
      size = needs.size;
      for (const { from, to, isTypeOnly } of imports) if (needs.has(to) && !isTypeOnly) needs.add(from);
    }
    expect([...needs].filter((file) => !file.startsWith('scenarios/')).sort()).toEqual([...NEEDS_K6].sort());
  });

  it('have no circle at run time', () => {
    const next = (file: string) =>
      imports.filter(({ from, isTypeOnly }) => from === file && !isTypeOnly).map(({ to }) => to);
    const reaches = (start: string) => {
      const seen = new Set<string>();
      const open = next(start);
      for (let file = open.pop(); file !== undefined; file = open.pop()) {
        if (seen.has(file)) continue;
        seen.add(file);
        open.push(...next(file));
      }
      return seen.has(start);
    };
    expect(files.filter(reaches)).toEqual([]);
  });

  it('see a file that is required where it is needed like one that is imported', () => {
    expect(imports).toContainEqual({
      from: 'lib/scenario/in-vu.ts',
      to: 'lib/generator/watch.ts',
      isTypeOnly: false,
    });
  });

  it('read the environment where k6 hands it over, and make k6 metrics in few places', () => {
    const reads = (file: string) => /\b__ENV\b/.test(code(file).replace(/delete .*\['__ENV'\]/g, ''));
    expect(files.filter((file) => !file.startsWith('scenarios/') && reads(file)).sort()).toEqual([
      'lib/generator/watch.ts',
      'lib/scenario/in-vu.ts',
      'lib/scenario/once.ts',
    ]);
    const metrics = /\bnew (Counter|Rate|Trend|Gauge)|'k6\/metrics'/;
    expect(files.filter((file) => metrics.test(code(file))).sort()).toEqual([
      'lib/generator/watch.ts',
      'lib/k6.ts',
      'lib/metrics/registry-clients.ts',
      'lib/metrics/registry.ts',
    ]);
  });

  it('have scenarios that say what makes them different, and nothing else', () => {
    const scenarios = files.filter((file) => file.startsWith('scenarios/'));
    expect(scenarios.length).toBeGreaterThan(0);
    for (const file of scenarios) {
      expect(text(file).trimEnd().split('\n').length, file).toBeLessThanOrEqual(MAX_SCENARIO_LINES);
    }
  });

  it('keep what belongs together in objects with names, not in lists with numbered places', () => {
    expect(files.filter((file) => /\benum\b/.test(code(file)))).toEqual([]);
  });

  it('are built by one rule: nothing is rewritten but the require() of a file of ours', () => {
    const build = text('build.mjs');
    const loaders = [...build.matchAll(/onLoad\(\{ filter: ([^}]*)\}, (\w+|\(\) =>)/g)].map(([, filter]) =>
      filter?.trim(),
    );
    // The second one leaves out what papaparse would take of Node.
    expect(loaders).toEqual(['/\\.ts$/', "/.*/, namespace: 'none'"]);
    expect([...build.matchAll(/\bcode = /g)].map(({ index }) => build.slice(index, index + 24))).toEqual([
      expect.stringMatching(/^code = code\.replace\(all/),
      expect.stringMatching(/^code = outputFiles/),
      expect.stringMatching(/^code = `/),
    ]);
  });

  it('and the scripts beside them never import tests', async () => {
    const scripts = await importsOf(ROOT, filesBelow(ROOT, ['scripts'], /\.mjs$/));
    expect([...imports, ...scripts].filter(({ to }) => to.startsWith('tests/'))).toEqual([]);
  });

  it('leave examples that need nothing of this package at run time', async () => {
    const examples = filesBelow(ROOT, ['examples'], /\.ts$/);
    const found = await importsOf(ROOT, examples);
    expect(found.map(({ from }) => from)).toEqual(expect.arrayContaining(examples));
    expect(violations(found)).toEqual([]);
  });

  it('are those of docs/architecture.md', () => {
    for (const { layer } of LAYERS) expect(text('docs/architecture.md')).toContain(`\`${layer}\``);
  });
});

describe('a broken direction', () => {
  let root: string;

  /** A tree with one file of this code in it. */
  async function found(file: string, code: string): Promise<string[]> {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), code);
    return violations(await importsOf(root, [file]));
  }

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'architecture-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([
    ['lib/settings/a.ts', "import { b } from '../plan/b.ts';\nb();", 'lib/settings/a.ts must not import lib/plan/b.ts'],
    ['lib/plan/a.ts', "export * from '../report/b.ts';", 'lib/plan/a.ts must not import lib/report/b.ts'],
    ['lib/report/a.ts', "import http from 'k6/http';\nhttp.get('');", 'lib/report/a.ts must not import k6/http'],
    [
      'lib/report/a.ts',
      "import type { B } from '../generator/b.ts';\nexport type A = B;",
      'lib/report/a.ts must not import types of lib/generator/b.ts',
    ],
    [
      'lib/plan/a.ts',
      "import { b } from '../../scenarios/b.ts';\nb();",
      'lib/plan/a.ts must not import scenarios/b.ts',
    ],
    [
      'lib/connection/a.ts',
      "export const a = () => import('../metrics/b.ts');",
      'lib/connection/a.ts must not import lib/metrics/b.ts',
    ],
    [
      'lib/conversation/a.ts',
      "export const a = () => require('../plan/b.ts');",
      'lib/conversation/a.ts must not import lib/plan/b.ts',
    ],
    [
      'examples/a.ts',
      "import { b } from '../lib/conversation/listen.ts';\nb();",
      'examples/a.ts must not import lib/conversation/listen.ts',
    ],
    ['scenarios/a.ts', "import 'https://jslib.k6.io/b.js';", 'scenarios/a.ts must not import https://jslib.k6.io/b.js'],
    ['lib/new/a.ts', "import '../plan/b.ts';", 'lib/new/a.ts belongs to no layer'],
  ])('in %s is reported: %s', async (file, code, sentence) => {
    expect(await found(file, code)).toEqual([sentence]);
  });

  it('is not seen in comments or texts, nor in types where types are allowed', async () => {
    expect(
      await found('lib/settings/a.ts', "// import '../plan/b.ts'\nexport const a = \"import '../plan/b.ts'\";"),
    ).toEqual([]);
    expect(
      await found('lib/plan/a.ts', "import type { B } from '../conversation/traits.ts';\nexport type A = B;"),
    ).toEqual([]);
  });
});
