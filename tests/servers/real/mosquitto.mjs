// mosquitto with its own configuration and a free port of 127.0.0.1; what it counted is read from its log. `node tests/servers/real/mosquitto.mjs 3000`; see serve.mjs.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ExitError, runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { ownPort } from '../own-port.mjs';
import { noCounts, serving } from './serve.mjs';

/**
 * Lets in anybody without a name, and `ann` with the password `good`.
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0 } = {}) {
  const taken = port === 0 ? await ownPort() : port;
  const folder = mkdtempSync(path.join(tmpdir(), 'mosquitto-'));
  const passwords = path.join(folder, 'passwords');
  const config = path.join(folder, 'mosquitto.conf');
  execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'ann', 'good']);
  writeFileSync(
    config,
    [
      // As root it would become the system's user, who may not read this folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      // Without a listener of another kind 2.0.11 takes its own for none.
      `listener 0 ${path.join(folder, 'unused')}`,
      `listener ${taken} 127.0.0.1`,
      // Else it listens on all addresses.
      'socket_domain ipv4',
      'protocol websockets',
      'allow_anonymous true',
      `password_file ${passwords}`,
      'persistence false',
      'max_queued_messages 0',
      'log_dest stderr',
      'log_type all',
      '',
    ].join('\n'),
  );
  const child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  const counts = noCounts();
  const open = new Map();
  const log = [];
  const gone = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (/mosquitto version \S+ running/.test(line)) resolve(undefined);
      if (log.length < 20) log.push(line);
      note(counts, open, line);
    });
    exited.then(([code]) => reject(new ExitError(`mosquitto ended with ${code}:\n${log.join('\n')}`, 1)), reject);
  }).catch(async (error) => {
    await gone();
    throw error;
  });
  return {
    url: `ws://127.0.0.1:${taken}/mqtt`,
    port: taken,
    counts: () => counts,
    stop: gone,
    kill: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Adds what a line of the log says.
 *
 * @param {import('./serve.mjs').Counts} counts
 * @param {Map<string, number>} open Connections by the client's name; a name that is refused is not in it.
 * @param {string} line
 */
function note(counts, open, line) {
  const name = /New client connected from \S+ as (\S+)/.exec(line)?.[1];
  const gone = /\b[Cc]lient (\S+?),? (?:closed|disconnect|has exceeded)/.exec(line)?.[1];
  if (name !== undefined) {
    counts.logins += 1;
    counts.open += 1;
    open.set(name, (open.get(name) ?? 0) + 1);
  } else if (gone !== undefined) {
    const connections = open.get(gone) ?? 0;
    if (connections === 0) return;
    counts.open -= 1;
    open.set(gone, connections - 1);
  } else if (/Sending CONNACK to \S+ \(0, [1-9]/.test(line)) counts.loginsRefused += 1;
  else if (/Received PUBLISH/.test(line)) counts.requests += 1;
  else if (/Sending PUBLISH/.test(line)) counts.deliveries += 1;
}

await runAsScript(import.meta.url, serving(start));
