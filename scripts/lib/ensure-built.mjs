import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ExitError } from './exit-error.mjs';
import { ROOT } from './project.mjs';
import { runStep } from './run-step.mjs';
import { say } from './say.mjs';

/** What the build reads. */
const SOURCES = ['scenarios', 'lib', 'thresholds', 'build.mjs'];

/**
 * Builds the scripts. Where dist/ cannot be written, as in an image or on a shared disk, what it holds is used.
 *
 * @param {string} scenario
 * @returns {Promise<void>}
 * @throws {ExitError} With code 1 if the build fails; it has said why.
 */
export async function ensureBuilt(scenario) {
  const refusal = await whyNotWritable(path.join(ROOT, 'dist', `${scenario}.js`));
  if (refusal !== undefined) {
    say(`Not building: dist/ cannot be written (${refusal}), so its scripts are used as they are.`);
    const newer = await newerSource(ROOT, scenario);
    if (newer)
      say(`Warning: ${newer} is newer than dist/${scenario}.js; run "npm run build" where dist/ can be written.`);
    return;
  }
  say('Building the scripts (node build.mjs).');
  const code = await runStep(process.execPath, ['build.mjs'], { quietStdout: true });
  if (code !== 0) throw new ExitError('The build failed; its reason is above.', 1);
}

/**
 * @param {string} file A script in dist/.
 * @returns {Promise<string | undefined>} The code of the error if it is there and cannot be written.
 */
export async function whyNotWritable(file) {
  try {
    // Not access(): it asks for another user, and knows nothing of Windows' rights.
    await (await open(file, 'r+')).close();
    return undefined;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // Not there: the build makes it, or says why it cannot.
    return code === 'ENOENT' ? undefined : code;
  }
}

/**
 * The first source that is newer than a script of dist/. Dates can mislead, since git dates a file by its checkout: a
 * reason to warn, none to stop.
 *
 * @param {string} root
 * @param {string} scenario
 * @returns {Promise<string | undefined>} `lib/plan/plan.ts`
 */
export async function newerSource(root, scenario) {
  const { mtimeMs: builtMs } = await stat(path.join(root, 'dist', `${scenario}.js`));
  for (const source of SOURCES) {
    const at = path.join(root, source);
    const isFolder = (await stat(at).catch(() => undefined))?.isDirectory();
    const names = isFolder ? await readdir(at, { recursive: true }) : [''];
    for (const name of names.filter((each) => !isFolder || each.endsWith('.ts')).sort()) {
      const file = path.join(at, name);
      const state = await stat(file).catch(() => undefined);
      if (state && state.mtimeMs > builtMs) return path.relative(root, file).replaceAll(path.sep, '/');
    }
  }
  return undefined;
}
