// What a test costs the machine that runs it: this package beside a plain k6 script, the floor of k6 itself, and,
// where they are installed, tsung and Artillery. One after the other, on the same server and load, in several rounds.
// Linux only (it reads /proc). `npm run bench -- --help` lists the options.
//
// Prints each measurement and the table of medians. Without options it also writes the table to bench/results.md,
// which docs/limits.md shows.
//
// Exit codes: 0 measured, 1 a client failed or held too few connections, 2 bad options or not Linux, 127 no k6.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from '../scripts/lib/exit-error.mjs';
import { findK6 } from '../scripts/lib/find-k6.mjs';
import { onPath } from '../scripts/lib/on-path.mjs';
import { describeOptions, parseOptions } from '../scripts/lib/options.mjs';
import { ROOT } from '../scripts/lib/project.mjs';
import { formatElapsed, say } from '../scripts/lib/say.mjs';
import { startTargetProcess } from '../scripts/lib/target-process.mjs';
import { baselineClients, CLIENTS, timesOf } from './lib/clients.mjs';
import { measure } from './lib/measure.mjs';
import { markdownTable } from './lib/table.mjs';

/** @type {Record<string, import('../scripts/lib/options.mjs').Option>} */
const OPTIONS = {
  connections: { kind: 'number', min: 100, max: 20_000, default: 10_000, help: 'Connections, in hundreds.' },
  hold: { kind: 'text', default: '30s', placeholder: 'seconds', help: 'How long all are held.' },
  interval: { kind: 'text', default: '5s', placeholder: 'seconds', help: 'Time between two messages of a connection.' },
  rounds: { kind: 'number', min: 1, max: 20, default: 3, help: 'Rounds; the table has the medians.' },
  only: { kind: 'text', placeholder: 'names', help: `Of ${CLIENTS.map(({ name }) => name).join(', ')}.` },
  baseline: { kind: 'text', placeholder: 'folder', help: 'Another build of this package, measured beside it.' },
  help: { kind: 'flag', help: 'Print this.' },
};
const EXAMPLE = 'npm run bench -- --connections 5000 --hold 10s --rounds 1 --only concurrent,floor-ws';

/** Beyond ramp, hold and close: k6 makes its VUs first, tsung sums up at the end. */
const SPARE_MS = 90_000;
/** Sockets that are closed take a while to be gone from the kernel, and processes from memory. */
const PAUSE_MS = 3_000;

/** @param {string[]} args */
async function main(args) {
  const given = parseOptions(args, OPTIONS, EXAMPLE);
  if (given.help) {
    process.stdout.write(`Usage: npm run bench [-- options]\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  if (process.platform !== 'linux') throw new ExitError('The benchmark reads /proc: it runs on Linux only.', 2);
  const load = {
    connections: Math.ceil(given.connections / 100) * 100,
    holdSeconds: seconds('--hold', given.hold),
    intervalSeconds: seconds('--interval', given.interval),
  };
  const k6 = await findK6();
  const clients = availableClients(k6.path, given.only, given.baseline);
  if (clients.length === 0) throw new ExitError('None of these clients can run here; see above.', 1);
  /** @type {import('./lib/table.mjs').Row[]} */
  const rows = clients.map(({ name, description, floor }) => ({ name, description, floor, rounds: [] }));
  let failures = 0;
  for (let round = 1; round <= given.rounds; round += 1) {
    for (const [i, client] of clients.entries()) {
      const measurement = await runOnce(client, load).catch((error) => {
        // Half an hour of others is not lost for it.
        if (!(error instanceof ExitError)) throw error;
        say(`round ${round}: ${error.message}`);
        return undefined;
      });
      if (measurement === undefined) {
        failures += 1;
        continue;
      }
      rows[i]?.rounds.push(measurement);
      const { memoryBytes, cpuSeconds, replies } = measurement;
      say(
        `round ${round}: ${client.name.padEnd(19)} ${Math.round(memoryBytes / 1e6)} MB, ${cpuSeconds.toFixed(1)} s CPU, ${replies} replies`,
      );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  const text = report(rows, load, k6.version, given.rounds);
  process.stdout.write(text);
  if (failures > 0) {
    say(
      `${failures} measurement${failures === 1 ? '' : 's'} failed, see above: the table is without, and is not kept.`,
    );
    return 1;
  }
  if (args.length === 0) writeFileSync(path.join(ROOT, 'bench', 'results.md'), text);
  return 0;
}

/**
 * The clients that can run here, with the program of each; says which cannot.
 *
 * @param {string} k6
 * @param {string | undefined} only
 * @param {string | undefined} baseline
 */
function availableClients(k6, only, baseline) {
  const all = [...CLIENTS, ...(baseline ? baselineClients(path.resolve(baseline)) : [])];
  const wanted = only?.split(',') ?? all.map(({ name }) => name);
  const unknown = wanted.filter((name) => !all.some((client) => client.name === name));
  if (unknown.length > 0) {
    throw new ExitError(`--only: "${unknown.join(', ')}" is unknown. Example: ${EXAMPLE}`, EXIT_BAD_INPUT);
  }
  return all.flatMap((client) => {
    if (!wanted.includes(client.name)) return [];
    if (client.script && !existsSync(path.resolve(ROOT, client.script))) {
      say(`${client.name} is left out: there is no ${client.script} (npm run build).`);
      return [];
    }
    const program = client.needs === 'k6' ? k6 : onPath(client.needs);
    if (!program) {
      say(`${client.name} is left out: ${client.needs} is not installed.`);
      return [];
    }
    return [{ ...client, program }];
  });
}

/**
 * @param {import('./lib/clients.mjs').Client & { program: string }} client
 * @param {Omit<import('./lib/clients.mjs').Load, 'url'>} load
 * @returns {Promise<import('./lib/table.mjs').Measurement>}
 */
async function runOnce(client, load) {
  const target = await startTargetProcess(client.server);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    mkdirSync(path.join(folder, 'log'));
    const command = client.command(client.program, { ...load, url: target.url }, folder);
    for (const [name, text] of Object.entries(command.files ?? {})) writeFileSync(path.join(folder, name), text);
    const { rampSeconds, lifeSeconds } = timesOf(load);
    const limitMs = (rampSeconds * 2 + lifeSeconds) * 1000 + SPARE_MS;
    // tsung keeps its state in the home folder.
    const env = { ...process.env, HOME: client.needs === 'k6' ? process.env['HOME'] : folder, ...command.env };
    const { memoryBytes, cpuSeconds, exitCode, output } = await measure(command.program, command.args, {
      env,
      limitMs,
      cwd: ROOT,
    });
    // The socket.io server counts what it acknowledged.
    const { echoes, answered = echoes, peakOpen } = await target.finalStats();
    if (exitCode !== 0 || peakOpen < load.connections) {
      throw new ExitError(
        `${client.name} ended with ${exitCode ?? `a stop after ${formatElapsed(limitMs)}`} and held ${peakOpen} of ${load.connections} connections:\n${output}`,
        1,
      );
    }
    return { memoryBytes, cpuSeconds, replies: answered, peakOpen };
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('./lib/table.mjs').Row[]} rows
 * @param {Omit<import('./lib/clients.mjs').Load, 'url'>} load
 * @param {string} k6Version
 * @param {number} rounds
 */
function report(rows, { connections, holdSeconds, intervalSeconds }, k6Version, rounds) {
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GB of memory`;
  const rest = `medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} in turn`;
  return `${connections.toLocaleString('en-US')} connections to an echo server on the same machine, 100 every 50 ms, held for ${holdSeconds} s, a message of 64 bytes each ${intervalSeconds} s; ${rest}. Linux, ${os.cpus().length} cores shared with the server, ${memory}; k6 ${k6Version}; ${new Date().toISOString().slice(0, 10)}.

${markdownTable(rows)}
`;
}

/**
 * @param {string} option
 * @param {string} text
 * @returns {number}
 */
function seconds(option, text) {
  const match = /^(\d+)s?$/.exec(text);
  if (match && Number(match[1]) > 0) return Number(match[1]);
  throw new ExitError(`${option} takes whole seconds such as 30s, got "${text}". Example: ${EXAMPLE}`, EXIT_BAD_INPUT);
}

await runAsScript(import.meta.url, main);
