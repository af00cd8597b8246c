// Compiles each file of scenarios/ into one self-contained k6 script in dist/ and prints the sizes.
//
// One rule makes the scripts lean. k6 runs a script's module code in every VU, and each function that is made there and
// kept weighs 0.7 KB (measured on k6 v2.2). In the sources `require('./file.ts')` runs a file only where that line is
// reached: `__VU === 0 ? require('../lib/scenario/once.ts') : undefined`. k6 does just that with the sources; a bundler
// would lift the file's functions out into every VU. So here the file's code is put in place of the call.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const { version: VERSION } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
const TSCONFIG = { compilerOptions: { verbatimModuleSyntax: true } };

const OPTIONS = {
  bundle: true,
  // Constants in their place, no call of lazily(): what each VU would keep or look up (2 KB). Names stay.
  minifySyntax: true,
  write: false,
  target: 'es2022',
  format: 'esm',
  external: ['k6', 'k6/*'],
  charset: 'utf8',
  legalComments: 'none',
  absWorkingDir: ROOT,
  logLevel: 'warning',
  define: { BUNDLED: 'true', PACKAGE_VERSION: JSON.stringify(VERSION) },
  plugins: [
    { name: 'require-in-place', setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, loadInPlace) },
    { name: 'no-streams', setup: withoutStreams },
  ],
};

/** `require('./file.ts')`, one member of it, that called; and the arrow function that does nothing else. */
const REQUIRED = /(\(\) => )?\brequire\(["'](\.{1,2}\/[^"']+\.ts)["']\)(?:\.(\w+)(\(\))?)?(?=([,;)\s])?)/g;

/** A module with each of its `require('./file.ts')` replaced by that file's own bundle, as a function called there. */
async function loadInPlace({ path: file }) {
  const source = await readFile(file, 'utf8');
  let { code } = await transform(source, { loader: 'ts', target: 'es2022', charset: 'utf8', tsconfigRaw: TSCONFIG });
  const imports = new Set();
  for (const [all, arrow = '', required, member, call = '', end] of [...code.matchAll(REQUIRED)]) {
    const made = await bundleOf(path.resolve(path.dirname(file), required));
    for (const line of made.imports) imports.add(line);
    const wanted = member ? made.exported.find(({ name }) => name === member).local + call : `{ ${made.members} }`;
    const block = `{\n${made.body}return ${wanted};\n}`;
    // An arrow function that does nothing else becomes the file's own.
    code = code.replace(all, () => (arrow && end ? `() => ${block}` : `${arrow}(() => ${block})()`));
  }
  return { loader: 'js', contents: [...imports, code].join('\n') };
}

/** papaparse names Node's streams in a function that nobody calls. */
function withoutStreams({ onResolve, onLoad }) {
  onResolve({ filter: /^stream$/ }, () => ({ path: 'stream', namespace: 'none' }));
  onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: '' }));
}

/** A file and all that it imports: its imports of k6, its code, and what it exports, as members of an object. */
async function bundleOf(file) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [file] });
  const code = outputFiles[0].text;
  const list = /^export \{([^}]*)\};\s*$/m.exec(code);
  if (!list) throw new Error(`${file} exports nothing: what is required in place has to`);
  const imports = code.match(/^import .*;$/gm) ?? [];
  const exported = list[1].split(',').map((entry) => {
    const [local, name = local] = entry.trim().split(/\s+as\s+/);
    return { local, name };
  });
  const members = exported.map(({ local, name }) => (name === local ? name : `${name}: ${local}`)).join(', ');
  return { imports, body: code.slice(0, list.index).replace(/^import .*;\n/gm, ''), members, exported };
}

await mkdir(path.join(ROOT, 'dist'), { recursive: true });
for (const file of (await readdir(path.join(ROOT, 'scenarios'))).filter((name) => name.endsWith('.ts')).sort()) {
  const { imports, body, members, exported } = await bundleOf(path.join(ROOT, 'scenarios', file));
  const name = `dist/${file.replace(/\.ts$/, '.js')}`;
  // A script is one function, too: what lies at module level is kept, what a function leaves behind is not.
  const locals = exported.map(({ local, name: as }) => (as === 'default' ? `default: ${local}` : as)).join(', ');
  const list = exported.map(({ local, name: as }) => (as === 'default' ? `${local} as default` : as)).join(', ');
  const code = `${[...new Set(imports)].join('\n')}\nconst { ${locals} } = (() => {\n${body}return { ${members} };\n})();\nexport { ${list} };\n`;
  await writeFile(path.join(ROOT, name), code);
  console.log(`${name.padEnd(24)} ${(Buffer.byteLength(code) / 1000).toFixed(1).padStart(6)} kB`);
}
await writeFile(
  path.join(ROOT, 'dist/conversation.d.ts'),
  await readFile(path.join(ROOT, 'lib/conversation/conversation.ts'), 'utf8'),
);
