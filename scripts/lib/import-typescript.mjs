import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { IS_PACKAGE, ROOT } from './project.mjs';

/** Where the build keeps compiled copies for the package, which has no compiler. */
export const FOR_NODE = 'dist/for-node';

/**
 * Imports a TypeScript module of this repository with all that it imports, compiled in memory: Node.js 20 cannot read
 * TypeScript itself. For modules without `k6/*`. In the package the build has compiled it.
 *
 * @param {string} file - relative to the repository's root.
 * @returns {Promise<any>} the module's exports.
 */
export async function importTypeScript(file) {
  if (IS_PACKAGE) return import(pathToFileURL(path.join(ROOT, FOR_NODE, compiledName(file))).href);
  const code = await compileForNode(file);
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

/**
 * @param {string} file - relative to the repository's root.
 * @returns {Promise<string>} the code of the module with all that it imports.
 */
export async function compileForNode(file) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, file)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

/**
 * @param {string} file `lib/report/merged.ts`
 * @returns {string} `lib-report-merged.mjs`
 */
export function compiledName(file) {
  return file.replaceAll('/', '-').replace(/\.ts$/, '.mjs');
}
