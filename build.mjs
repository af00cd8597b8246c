// Compiles each file of scenarios/ into one self-contained k6 script in dist/ and prints the sizes.
//
// k6 runs a script's module code once in every VU, and what it leaves behind stays for the whole test: about 0.8 KB
// for a function at module level, so 160 KB for 200 of them (measured on k6 v2.2: 3,000 VUs, peak resident memory).
// So modules that a connection does not need (INIT_ONLY) are not made in its VU, and others on first use (COLD).
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = path.dirname(fileURLToPath(import.meta.url));

/** Used in VU 0 only: k6 makes it for init, teardown and summary. They export functions only, import no k6 module. */
const INIT_ONLY = [
  /[\\/]lib[\\/]plan[\\/][\w-]+\.ts$/,
  /[\\/]lib[\\/]report[\\/](end-of-[\w-]+|baseline)\.ts$/,
  /[\\/]lib[\\/]settings[\\/]parse\.ts$/,
  /[\\/]thresholds[\\/][\w-]+\.ts$/,
];

/** Used only in the VUs that can be asked to watch the generator (lib/generator/k6-parts.ts). The same rules. */
const WATCH_ONLY = [/[\\/]lib[\\/]generator[\\/]memory\.ts$/];

/**
 * Created by their first call: what a VU holds before its connection begins weighs twice, because k6's heap grows to
 * twice that before garbage is collected. Each exports one function; its state is its own.
 */
const COLD = [/[\\/]lib[\\/]connection[\\/](exceptions|over-k6-ws)\.ts$/, /[\\/]lib[\\/]settings[\\/]access\.ts$/];

/** Made by each call and gone after it: a VU calls it about once. The same rules, and no state. */
const PASSING = [/[\\/]lib[\\/]generator[\\/]iteration\.ts$/];

/** What cold and passing modules need of k6, and state: it stays one for the whole bundle. */
const SHARED = /[\\/](k6|k6-ws|spent)\.ts$/;

/** The same, but only for what is cold itself: the scenarios need it in VU 0. */
const COLD_INSIDE = [...COLD, /[\\/]lib[\\/]plan[\\/]segment\.ts$/];

const SHARED_OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  target: 'es2022',
  format: 'esm',
  external: ['k6', 'k6/*'],
  charset: 'utf8',
  legalComments: 'none',
  absWorkingDir: ROOT,
  logLevel: 'warning',
};

/** Replaces the modules of these lists by code that makes them when and where they are used. */
const sparingModules = {
  name: 'sparing-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const isIn = (list) => list.some((pattern) => pattern.test(file));
      if (isIn(COLD)) return onFirstCall(file);
      if (isIn(PASSING)) return onEachCall(file);
      if (isIn(INIT_ONLY)) return onlyIf('__VU === 0', file);
      if (isIn(WATCH_ONLY)) return onlyIf('__VU <= 100', file);
      return undefined;
    });
  },
};

/** The same inside of the cold or passing module `outer`. */
const coldModulesInside = (outer) => ({
  name: 'cold-modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: SHARED }, ({ path: to, resolveDir }) => ({
      path: path.join(resolveDir, to),
      external: true,
    }));
    onLoad({ filter: /\.ts$/ }, ({ path: file }) =>
      file !== outer && COLD_INSIDE.some((pattern) => pattern.test(file)) ? onFirstCall(file) : undefined,
    );
  },
});

async function onlyIf(condition, file) {
  const { imports, body, exported } = await partsOf(file, []);
  if (imports.length > 0) throw new Error(`${file} must not need k6: ${imports[0]}; see build.mjs`);
  const names = exported.map(({ name }) => name).join(', ');
  const made = exported.map(({ name, local }) => `${name}: ${local}`).join(', ');
  return {
    loader: 'js',
    contents: `export const { ${names} } = ${condition} ? (() => {\n${body}return { ${made} };\n})() : {};`,
  };
}

async function onFirstCall(file) {
  const { imports, body, name, local } = await functionOf(file);
  // Not (...args): what spreading takes would stay in each VU, 6 KB.
  const call = `export function ${name}(a, b, c, d) {\nmade ??= (() => {\n${body}return ${local};\n})();\nreturn made(a, b, c, d);\n}`;
  return { loader: 'js', contents: [...imports, 'let made;', call].join('\n') };
}

async function onEachCall(file) {
  const { imports, body, name, local } = await functionOf(file);
  const call = `export function ${name}(a, b, c, d) {\nreturn (() => {\n${body}return ${local};\n})()(a, b, c, d);\n}`;
  return { loader: 'js', contents: [...imports, call].join('\n') };
}

async function functionOf(file) {
  const { imports, body, exported } = await partsOf(file, [coldModulesInside(file)]);
  const [{ name, local }] = exported;
  if (exported.length > 1) throw new Error(`${file} must export one function: see COLD in build.mjs`);
  return { imports, body, name, local };
}

async function partsOf(file, plugins) {
  const { outputFiles } = await build({ ...SHARED_OPTIONS, entryPoints: [file], plugins });
  return partsOfModule(outputFiles[0].text);
}

/** A module's imports, what it does, and what it exports. */
function partsOfModule(code) {
  const list = /^export \{([^}]*)\};\s*$/m.exec(code);
  if (!list) throw new Error('esbuild wrote no export list');
  const exported = list[1].split(',').map((entry) => {
    const [local, name = local] = entry.trim().split(/\s+as\s+/);
    return { local, name };
  });
  return {
    imports: code.match(/^import .*;$/gm) ?? [],
    body: code.slice(0, list.index).replace(/^import .*;\n/gm, ''),
    exported,
  };
}

/** Puts a module's code into one function; its imports and exports stay outside. */
function intoOneFunction(code) {
  const { imports, body, exported } = partsOfModule(code);
  const locals = exported.map(({ name, local }) => `${name}: ${local}`).join(', ');
  const list = exported.map(({ name, local }) => (name === local ? local : `${local} as ${name}`)).join(', ');
  return `${imports.join('\n')}\nconst { ${locals} } = (() => {\n${body}return { ${locals} };\n})();\nexport { ${list} };\n`;
}

/** esbuild breaks the line around each enum member, `[2 /* state *\/]`; whoever reads the script wants it in one. */
function onOneLine(code) {
  return code.replace(/\[\s+(\d+)\s+(\/\* \w+ \*\/)\s+\]/g, '[$1 $2]');
}

await mkdir(path.join(ROOT, 'dist'), { recursive: true });
for (const file of (await readdir(path.join(ROOT, 'scenarios'))).filter((name) => name.endsWith('.ts')).sort()) {
  const { outputFiles } = await build({
    ...SHARED_OPTIONS,
    entryPoints: [path.join(ROOT, 'scenarios', file)],
    plugins: [sparingModules],
  });
  const name = `dist/${file.replace(/\.ts$/, '.js')}`;
  const code = onOneLine(intoOneFunction(outputFiles[0].text));
  await writeFile(path.join(ROOT, name), code);
  console.log(`${name.padEnd(24)} ${(Buffer.byteLength(code) / 1000).toFixed(1).padStart(6)} kB`);
}
