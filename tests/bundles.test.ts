import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SCENARIOS = readdirSync(path.join(ROOT, 'scenarios'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''));

/** The transport of each scenario: the one k6 module for WebSocket that its bundle may import. */
const TRANSPORTS: Record<string, string> = {
  concurrent: 'k6/ws',
  storm: 'k6/ws',
  churn: 'k6/ws',
  multiplexed: 'k6/websockets',
  tiers: 'k6/websockets',
  capacity: 'k6/websockets',
  reconnect: 'k6/websockets',
};

/** What esbuild, as a parser, finds in a script. */
async function modulesOf(code: string): Promise<{ imports: string[]; exports: string[] }> {
  const { metafile } = await build({
    stdin: { contents: code, loader: 'js' },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    plugins: [
      {
        name: 'all-external',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path }) => ({ path, external: true }));
        },
      },
    ],
  });
  const [output] = Object.values(metafile.outputs);
  return { imports: [...new Set(output?.imports.map(({ path }) => path))].sort(), exports: output?.exports ?? [] };
}

it('finds an import that does not belong', async () => {
  const { imports } = await modulesOf("import a from 'https://example.org/a.js'; import './b.js'; export default a;");
  expect(imports).toEqual(['./b.js', 'https://example.org/a.js']);
});

describe('the build', () => {
  let copy: string;
  let printed: string;

  // In a copy, so that no test that runs dist/ meanwhile finds half a file there.
  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'build-'));
    for (const name of ['build.mjs', 'package.json', 'lib', 'scenarios', 'thresholds']) {
      cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    printed = execFileSync(process.execPath, ['build.mjs'], { cwd: copy, encoding: 'utf8', timeout: 60_000 });
  }, 60_000);

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('prints the size of each bundle', () => {
    for (const name of SCENARIOS) expect(printed).toMatch(new RegExp(`^dist/${name}\\.js +\\d+\\.\\d kB$`, 'm'));
  });

  it('has a transport known here for each scenario', () => {
    expect(Object.keys(TRANSPORTS).sort()).toEqual([...SCENARIOS].sort());
  });

  it.each(SCENARIOS)('makes of %s one file that needs k6 alone, with only its own transport', async (name) => {
    const { imports, exports } = await modulesOf(readFileSync(path.join(copy, 'dist', `${name}.js`), 'utf8'));
    for (const module of imports) expect(module).toMatch(/^k6(\/[a-z/]+)?$/);
    expect(
      imports.filter((module) => /^k6\/(experimental\/)?ws|^k6\/(experimental\/)?websockets/.test(module)),
    ).toEqual([TRANSPORTS[name]]);
    expect(exports).toEqual(expect.arrayContaining(['default', 'options', 'handleSummary']));
  });
});
