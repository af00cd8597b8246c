import { createRequire } from 'node:module';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { ROOT, START } from './project.mjs';

/**
 * Makes sure that an npm package is there which a demo's server is made with, and which does not come with this one.
 *
 * @param {string} name `socket.io`
 * @param {string | undefined} conversation Of `--conversation`.
 * @param {string} [root] The project's folder.
 * @throws {ExitError} With code 2 and what to install.
 */
export function requirePackage(name, conversation, root = ROOT) {
  try {
    createRequire(path.join(root, 'package.json')).resolve(name);
  } catch {
    throw new ExitError(
      `The server of --conversation ${conversation} is made with the npm package ${name}, which is not installed beside this one: npm install ${name} where this one is installed, or test a server of your own: ${START} -e WS_URL=wss://example.com/socket`,
      EXIT_BAD_INPUT,
    );
  }
}
