import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Imports a TypeScript module of this repository with all that it imports, compiled in memory: Node.js 20 cannot read
 * TypeScript itself. For modules without `k6/*`.
 *
 * @param {string} file - relative to the repository's root.
 * @returns {Promise<any>} the module's exports.
 */
export async function importTypeScript(file) {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, file)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
