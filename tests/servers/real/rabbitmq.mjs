// RabbitMQ with web-stomp, its own folder, name and free ports of 127.0.0.1; what it counted is read from its statistics.
// `node tests/servers/real/rabbitmq.mjs 3000`; see serve.mjs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ExitError, runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { ownPort } from '../own-port.mjs';
import { serving } from './serve.mjs';

/** What Debian's command on PATH calls as the user of the system's service; called directly it runs as whoever starts it. */
const DEBIAN = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/**
 * Lets in guest with the password guest. Takes about 6 s to start.
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0 } = {}) {
  const taken = port === 0 ? await ownPort() : port;
  const [statistics, distribution, names] = [await ownPort(), await ownPort(), await ownPort()];
  const folder = mkdtempSync(path.join(tmpdir(), 'rabbitmq-'));
  writeFileSync(path.join(folder, 'enabled_plugins'), '[rabbitmq_web_stomp,rabbitmq_prometheus].\n');
  writeFileSync(
    path.join(folder, 'rabbitmq.conf'),
    `listeners.tcp = none
stomp.listeners.tcp = none
web_stomp.tcp.ip = 127.0.0.1
web_stomp.tcp.port = ${taken}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = ${statistics}
log.console = true
log.console.level = info
log.file = false
`,
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    RABBITMQ_CONFIG_FILE: path.join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: path.join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_NODENAME: `test-${process.pid}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
  // The name service of Erlang, which RabbitMQ would start for the whole machine and leave behind.
  const epmd = spawn('epmd', ['-port', String(names), '-address', '127.0.0.1'], { stdio: 'ignore' });
  const command = existsSync(DEBIAN) ? DEBIAN : 'rabbitmq-server';
  // A group of its own: the command is a shell, which the server is a child of.
  const child = spawn(command, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exited = once(child, 'exit');
  const signal = (name) => {
    try {
      process.kill(-(/** @type {number} */ (child.pid)), name);
    } catch {
      // It has ended.
    }
  };
  const kill = () => {
    signal('SIGKILL');
    epmd.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  let loginsRefused = 0;
  let errors = 0;
  const log = [];
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (/Server startup complete/.test(line)) resolve(undefined);
        else if (/STOMP login failed/.test(line)) loginsRefused += 1;
        else if (/STOMP error frame sent/.test(line)) errors += 1;
        if (log.length < 200) log.push(line);
      });
    }
    const ended = ([code]) => reject(new ExitError(`rabbitmq-server ended with ${code}:\n${log.join('\n')}`, 1));
    exited.then(ended, reject);
    epmd.once('error', reject);
  }).catch((error) => {
    kill();
    throw error;
  });
  return {
    url: `ws://127.0.0.1:${taken}/ws`,
    port: taken,
    counts: async () => {
      const text = await (await fetch(`http://127.0.0.1:${statistics}/metrics`)).text();
      /** @param {string} name The sum over its labels. */
      const sum = (name) =>
        [...text.matchAll(new RegExp(`^rabbitmq_${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce(
          (all, [, n]) => all + Number(n),
          0,
        );
      return {
        logins: sum('connections_opened_total'),
        loginsRefused,
        requests: sum('global_messages_received_total'),
        refused: errors - loginsRefused,
        deliveries: sum('global_messages_delivered_total'),
        open: sum('connections'),
      };
    },
    stop: async () => {
      signal('SIGTERM');
      await exited;
      kill();
    },
    kill,
  };
}

await runAsScript(import.meta.url, serving(start));
