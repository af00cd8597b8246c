import { ExitError } from './exit-error.mjs';
import { onPath } from './on-path.mjs';
import { runStep } from './run-step.mjs';
import { say } from './say.mjs';

/**
 * A program that some tests need and npm cannot install.
 *
 * @typedef {object} SystemTool
 * @property {string[]} commands Any of these on PATH will do.
 * @property {string} aptPackage
 * @property {string} tests What is not tested without it.
 * @property {string} install Where to get it on any system.
 */

/** @type {SystemTool[]} */
export const SYSTEM_TOOLS = [
  {
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    aptPackage: 'chromium',
    tests: 'pages in a real browser',
    install: 'https://www.chromium.org/getting-involved/download-chromium/',
  },
  {
    commands: ['prometheus'],
    aptPackage: 'prometheus',
    tests: 'metrics in a real Prometheus',
    install: 'https://prometheus.io/download/',
  },
  {
    commands: ['promtool'],
    aptPackage: 'prometheus',
    tests: 'alerting rules by promtool',
    install: 'https://prometheus.io/download/',
  },
  {
    commands: ['mosquitto'],
    aptPackage: 'mosquitto',
    tests: 'MQTT against a real mosquitto',
    install: 'https://mosquitto.org/download/',
  },
  {
    // The command is a wrapper that wants to be root; its absence is what tells.
    commands: ['rabbitmq-server'],
    aptPackage: 'rabbitmq-server',
    tests: 'STOMP against a real RabbitMQ',
    install: 'https://www.rabbitmq.com/docs/download',
  },
];

/**
 * The tools that are not on PATH.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {SystemTool[]}
 */
export function missingTools(env = process.env) {
  return SYSTEM_TOOLS.filter(({ commands }) => !commands.some((command) => onPath(command, env)));
}

/**
 * Sees to the system's tools: in CI (`CI=true`, root, apt-get there) it installs what is missing, since a test that is
 * left out there is missed by nobody; elsewhere it names what will not be tested, and changes nothing.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<void>}
 * @throws {ExitError} With apt-get's exit code.
 */
export async function ensureSystemTools(env = process.env) {
  const missing = missingTools(env);
  if (missing.length === 0) return;
  const mayInstall = env['CI'] === 'true' && process.getuid?.() === 0 && onPath('apt-get', env) !== undefined;
  if (!mayInstall) {
    for (const tool of missing) say(describeMissing(tool));
    return;
  }
  const packages = [...new Set(missing.map(({ aptPackage }) => aptPackage))];
  say(`Installing ${packages.join(', ')} with apt-get, since CI is to leave no test out.`);
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const code = await runStep('apt-get', ['-qq', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (code !== 0) throw new ExitError(`apt-get ${args[0]} failed with exit code ${code}; its reason is above.`, code);
  }
}

/**
 * @param {SystemTool} tool
 * @returns {string}
 */
export function describeMissing({ commands, aptPackage, tests, install }) {
  return `Not tested: ${tests}, because ${commands[0]} is not on PATH (apt-get install ${aptPackage}, or ${install}).`;
}
