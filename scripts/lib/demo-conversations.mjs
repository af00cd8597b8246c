import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { START } from './project.mjs';

/**
 * A conversation that can be tried with a server that comes with the package.
 *
 * @typedef {object} DemoConversation
 * @property {string} module As WS_CONVERSATION has it: a shipped name, or a path below the project's folder.
 * @property {string | null} users A file for WS_USERS, below the project's folder. The server gets it by `--users`.
 * @property {string} server A script below the project's folder that serves as scripts/lib/serve-until-stopped.mjs does:
 *   it takes `--port 0`, prints `listening on ws://…` with the whole address, and tells its counts at `GET /stats` of that
 *   host and port, as numbers and records of numbers, `open` among them; and its process at `GET /metrics`, as process-metrics.mjs does.
 * @property {string} [needs] The npm package that the server is made with, where it does not come with this one.
 */

/**
 * By the name that `npm start -- --conversation` takes.
 *
 * @type {Record<string, DemoConversation>}
 */
export const DEMO_CONVERSATIONS = {
  chat: { module: 'examples/chat.ts', users: 'examples/users.csv', server: 'examples/chat-server.mjs' },
  'socket.io': {
    module: 'examples/socket-io.ts',
    users: 'examples/users.csv',
    server: 'examples/socket-io-server.mjs',
    needs: 'socket.io',
  },
};

/**
 * @param {string} name As given.
 * @param {Record<string, string>} settings Those of the run.
 * @returns {DemoConversation}
 * @throws {ExitError} With code 2 if there is none of this name, or the settings want another server or conversation.
 */
export function demoConversation(name, settings) {
  const known = Object.keys(DEMO_CONVERSATIONS);
  const demo = Object.hasOwn(DEMO_CONVERSATIONS, name) ? DEMO_CONVERSATIONS[name] : undefined;
  if (!demo) {
    throw new ExitError(
      `--conversation takes the name of a demo, got ${JSON.stringify(name)}; there are: ${known.join(', ')}. Example: ${START} --conversation ${known[0]}. With your own server: -e WS_URL=… -e WS_CONVERSATION=…`,
      EXIT_BAD_INPUT,
    );
  }
  const taken = ['WS_URL', 'WS_CONVERSATION'].filter((setting) => settings[setting] !== undefined);
  if (taken.length > 0) {
    const users = demo.users === null ? '' : ` -e WS_USERS=${demo.users}`;
    throw new ExitError(
      `--conversation ${name} brings a server and a conversation of its own, but ${taken.join(' and ')} ${taken.length > 1 ? 'are' : 'is'} set too. For your own server: ${START} -e WS_URL=… -e WS_CONVERSATION=${demo.module}${users}`,
      EXIT_BAD_INPUT,
    );
  }
  return demo;
}
