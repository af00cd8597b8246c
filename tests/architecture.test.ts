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
 * The same as the diagram in docs/architecture.md. `types`: only what is gone at run time.
 */
const LAYERS: { layer: string; may: string[]; types?: string[] }[] = [
  { layer: 'lib/k6.ts', may: ['k6'] },
  // The sizes and bounds of messages belong to the protocols, which import nothing but the names of the settings.
  { layer: 'lib/settings/', may: ['lib/settings/', 'lib/protocol/message.ts'] },
  { layer: 'lib/protocol/', may: ['lib/protocol/'], types: ['lib/settings/settings.ts'] },
  { layer: 'lib/plan/', may: ['lib/plan/', 'lib/settings/', 'lib/protocol/'], types: ['k6/options'] },
  {
    layer: 'lib/connection/over-k6-websockets.ts',
    may: ['lib/connection/', 'lib/k6.ts', 'k6/websockets'],
    types: ['lib/plan/run.ts', 'lib/settings/access.ts'],
  },
  {
    layer: 'lib/connection/over-k6-ws.ts',
    may: ['lib/connection/', 'lib/k6.ts'],
    types: ['lib/settings/access.ts'],
  },
  { layer: 'lib/connection/k6-ws.ts', may: ['k6/ws'], types: ['lib/k6.ts'] },
  {
    layer: 'lib/connection/',
    may: ['lib/connection/', 'lib/protocol/', 'lib/plan/format.ts'],
    types: ['lib/plan/run.ts'],
  },
  { layer: 'lib/metrics/names.ts', may: [] },
  { layer: 'lib/metrics/', may: ['lib/metrics/', 'lib/k6.ts'], types: ['lib/connection/ledger.ts'] },
  {
    layer: 'lib/generator/iteration.ts',
    may: ['lib/generator/', 'lib/plan/segment.ts', 'lib/settings/access.ts', 'lib/k6.ts'],
    types: ['lib/connection/'],
  },
  {
    layer: 'lib/generator/k6-parts.ts',
    may: ['lib/generator/', 'lib/k6.ts'],
    types: ['lib/connection/', 'k6/'],
  },
  {
    layer: 'lib/generator/',
    may: ['lib/generator/', 'lib/plan/segment.ts'],
    types: ['lib/connection/', 'lib/plan/', 'k6/'],
  },
  {
    layer: 'lib/report/',
    may: ['lib/report/', 'lib/settings/', 'lib/plan/', 'lib/connection/outcome.ts', 'lib/metrics/names.ts'],
  },
  {
    layer: 'thresholds/',
    may: [
      'thresholds/',
      'lib/settings/',
      'lib/plan/',
      'lib/protocol/',
      'lib/report/',
      'lib/connection/outcome.ts',
      'lib/metrics/names.ts',
    ],
  },
  { layer: 'scenarios/', may: ['lib/', 'thresholds/'] },
];

/** Files that k6 alone can run; all others are tested without it. */
const NEEDS_K6 = [
  'lib/k6.ts',
  'lib/connection/k6-ws.ts',
  'lib/connection/over-k6-websockets.ts',
  'lib/connection/over-k6-ws.ts',
  'lib/metrics/registry.ts',
  'lib/generator/iteration.ts',
  'lib/generator/k6-parts.ts',
];

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

  it('read the environment in scenarios alone, and make k6 metrics in two places', () => {
    const code = (file: string) => readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const reads = (file: string) => /\b__ENV\b/.test(code(file).replace(/delete .*\['__ENV'\]/g, ''));
    expect(files.filter((file) => !file.startsWith('scenarios/') && reads(file))).toEqual([]);
    const metrics = /\bnew (Counter|Rate|Trend|Gauge)|'k6\/metrics'/;
    expect(files.filter((file) => metrics.test(code(file))).sort()).toEqual([
      'lib/generator/k6-parts.ts',
      'lib/k6.ts',
      'lib/metrics/registry.ts',
    ]);
  });

  it('and the scripts beside them never import tests', async () => {
    const scripts = await importsOf(ROOT, filesBelow(ROOT, ['scripts'], /\.mjs$/));
    expect([...imports, ...scripts].filter(({ to }) => to.startsWith('tests/'))).toEqual([]);
  });

  it('are those of docs/architecture.md', () => {
    const text = readFileSync(path.join(ROOT, 'docs', 'architecture.md'), 'utf8');
    for (const { layer } of LAYERS) expect(text).toContain(`\`${layer}\``);
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
      'lib/protocol/a.ts',
      "import { b } from '../settings/settings.ts';\nb();",
      'lib/protocol/a.ts must not import lib/settings/settings.ts',
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
      await found('lib/protocol/a.ts', "import type { B } from '../settings/settings.ts';\nexport type A = B;"),
    ).toEqual([]);
  });
});
