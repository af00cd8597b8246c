// Compiles each file of scenarios/ into one self-contained k6 script in dist/ and prints the sizes.
//
// k6 runs a script's module code once in every VU, and what it leaves behind stays for the whole test: about 0.8 KB
// for a function at module level, so 160 KB for 200 of them (measured on k6 v2.2: 3,000 VUs, peak resident memory).
// So modules that a connection does not need (INIT_ONLY), or rarely (COLD), are not made in its VU, or on first use.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = path.dirname(fileURLToPath(import.meta.url));

/** Used in VU 0 only: k6 makes it for init, teardown and summary. They export functions only, import no k6 module. */
const INIT_ONLY = [
  /[\\/]lib[\\/]plan[\\/](?!segment)[\w-]+\.ts$/,
  /[\\/]lib[\\/]report[\\/](end-of-[\w-]+|baseline)\.ts$/,
  /[\\/]lib[\\/]settings[\\/]parse\.ts$/,
  /[\\/]thresholds[\\/][\w-]+\.ts$/,
];

/** Used only in the VUs that can be asked to watch the generator (k6Parts in lib/generator/iteration.ts). */
const WATCH_ONLY = [/[\\/]lib[\\/]generator[\\/]memory\.ts$/];

/** Rarely used in a VU: created by their first call. The same rules. */
const COLD = [
  /[\\/]lib[\\/]connection[\\/]exceptions\.ts$/,
  /[\\/]lib[\\/]plan[\\/]segment\.ts$/,
  /[\\/]lib[\\/]settings[\\/]access\.ts$/,
];

const SHARED_OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  target: 'es2022',
  external: ['k6', 'k6/*'],
  charset: 'utf8',
  legalComments: 'none',
  absWorkingDir: ROOT,
  logLevel: 'warning',
};

/** Replaces the modules of both lists by code that makes them when and where they are used. */
const sparingModules = {
  name: 'sparing-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const isIn = (list) => list.some((pattern) => pattern.test(file));
      if (!isIn([...INIT_ONLY, ...WATCH_ONLY, ...COLD])) return undefined;
      const asModule = await build({ ...SHARED_OPTIONS, entryPoints: [file], format: 'esm' });
      const asFunction = await build({ ...SHARED_OPTIONS, entryPoints: [file], format: 'iife', globalName: 'made' });
      const [{ exports: names, imports }] = Object.values(asModule.metafile.outputs);
      if (imports.length > 0) throw new Error(`${file} must not import ${imports[0].path}: see build.mjs`);
      const code = asFunction.outputFiles[0].text;
      if (isIn(COLD)) return { loader: 'js', contents: onFirstCall(code, names) };
      return { loader: 'js', contents: onlyIf(isIn(INIT_ONLY) ? '__VU === 0' : '__VU <= 500', code, names) };
    });
  },
};

function onlyIf(condition, code, names) {
  return `export const { ${names.join(', ')} } = ${condition} ? (() => { ${code} return made; })() : {};`;
}

function onFirstCall(code, names) {
  const make = `(() => { ${code} return made; })()`;
  if (names.length === 1) {
    return `let first;\nexport function ${names[0]}(...args) { first ??= ${make}; return first.${names[0]}(...args); }`;
  }
  const calls = names.map((name) => `export function ${name}(...args) { return make().${name}(...args); }`);
  return ['let first;', `function make() { first ??= ${make}; return first; }`, ...calls].join('\n');
}

/** Puts a module's code into one function; its imports and exports stay outside. */
function intoOneFunction(code) {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const exported = /^export \{([^}]*)\};\s*$/m.exec(code);
  if (!exported) throw new Error('esbuild wrote no export list');
  const body = code.slice(0, exported.index).replace(/^import .*;\n/gm, '');
  const pairs = exported[1].split(',').map((entry) => entry.trim().split(/\s+as\s+/));
  const returned = pairs.map(([local, name = local]) => `${name}: ${local}`).join(', ');
  const locals = pairs.map(([local, name = local]) => `${name}: ${local}`).join(', ');
  const list = pairs.map(([local, name = local]) => (name === local ? local : `${local} as ${name}`)).join(', ');
  return `${imports.join('\n')}\nconst { ${locals} } = (() => {\n${body}return { ${returned} };\n})();\nexport { ${list} };\n`;
}

await mkdir(path.join(ROOT, 'dist'), { recursive: true });
for (const file of (await readdir(path.join(ROOT, 'scenarios'))).filter((name) => name.endsWith('.ts')).sort()) {
  const { outputFiles } = await build({
    ...SHARED_OPTIONS,
    entryPoints: [path.join(ROOT, 'scenarios', file)],
    format: 'esm',
    plugins: [sparingModules],
  });
  const name = `dist/${file.replace(/\.ts$/, '.js')}`;
  const code = intoOneFunction(outputFiles[0].text);
  await writeFile(path.join(ROOT, name), code);
  console.log(`${name.padEnd(24)} ${(Buffer.byteLength(code) / 1000).toFixed(1).padStart(6)} kB`);
}
