import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The program that a shell would start for a name. On Windows only `.exe` files count: Node starts no `.cmd` without
 * a shell.
 *
 * @param {string} name `k6`
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} Its full path.
 */
export function onPath(name, env = process.env) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, file))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
