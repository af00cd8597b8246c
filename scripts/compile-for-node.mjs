// Compiles for the npm package, which has no compiler, what its scripts import of the TypeScript sources. Part of `npm pack`.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compiledName, compileForNode, FOR_NODE } from './lib/import-typescript.mjs';
import { ROOT } from './lib/project.mjs';

/** Not in the package. */
const OWN = ['readme.mjs'];

const folder = path.join(ROOT, FOR_NODE);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const name of await readdir(path.join(ROOT, 'scripts'), { recursive: true })) {
  if (!name.endsWith('.mjs') || OWN.includes(name)) continue;
  const script = await readFile(path.join(ROOT, 'scripts', name), 'utf8');
  for (const [, file] of script.matchAll(/\bimportTypeScript\('([^']+)'\)/g)) {
    await writeFile(path.join(folder, compiledName(file)), await compileForNode(file));
  }
}
