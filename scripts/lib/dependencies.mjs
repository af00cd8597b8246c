import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ExitError } from './exit-error.mjs';
import { ROOT } from './project.mjs';
import { runStep } from './run-step.mjs';
import { say } from './say.mjs';

/**
 * Installs the npm packages of package-lock.json, but only if they are not there already.
 *
 * @returns {Promise<void>}
 * @throws {ExitError} With npm's exit code.
 */
export async function ensureDependencies() {
  const reason = whyInstall(ROOT);
  if (!reason) return;
  say(`Installing the npm packages (npm ci): ${reason}.`);
  const { program, args, shell } = npmCommand();
  const code = await runStep(program, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    quietStdout: true,
    shell,
  }).catch((error) => {
    throw new ExitError(`npm cannot be started (${error.message}); it comes with https://nodejs.org/en/download`, 127);
  });
  if (code !== 0) throw new ExitError(`npm ci failed with exit code ${code}; its reason is above.`, code);
}

/**
 * Why packages have to be installed. What is installed is compared with what is locked, version by version: the dates
 * of the files would not do, since git gives a file the date of its checkout.
 *
 * @param {string} root
 * @returns {string | undefined} undefined if all is there.
 */
export function whyInstall(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'they are not there yet';
  const installed = packagesIn(record);
  const locked = packagesIn(path.join(root, 'package-lock.json'));
  const missing = Object.entries(locked).find(
    // An optional package may be for another system, and the project itself has the empty name.
    ([name, { version, optional }]) => name !== '' && !optional && installed[name]?.version !== version,
  );
  return missing && `${missing[0]} is not the one in package-lock.json`;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** The npm that runs this script, if one does; on Windows the one on PATH is a .cmd file, which needs a shell. */
export function npmCommand() {
  const running = process.env['npm_execpath'];
  if (running && /npm-cli\.c?js$/.test(running)) return { program: process.execPath, args: [running], shell: false };
  return { program: 'npm', args: [], shell: process.platform === 'win32' };
}
