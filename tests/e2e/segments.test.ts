import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTargetProcess } from '../../scripts/lib/target-process.mjs';
import { ownPort } from '../servers/own-port.mjs';
import { type K6Result, runK6 } from './helpers.ts';

const PROCESSES = 4;
const CONNECTIONS = 8_000;

describe(`${PROCESSES} processes by execution segments, ${CONNECTIONS} connections together`, () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startTargetProcess>>;
  let runs: K6Result[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'segments-'));
    server = await startTargetProcess();
    const bounds = Array.from({ length: PROCESSES + 1 }, (_, i) => `${i}/${PROCESSES}`);
    runs = await Promise.all(
      Array.from({ length: PROCESSES }, async (_, i) => {
        const results = path.join(folder, String(i + 1));
        mkdirSync(results);
        const address = `127.0.0.1:${await ownPort()}`;
        return runK6({
          scenario: 'concurrent',
          env: {
            WS_URL: server.url,
            WS_CONNECTIONS: String(CONNECTIONS),
            WS_BATCH_DELAY: '100ms',
            WS_HOLD: '10s',
            WS_RESULTS_DIR: results,
            WS_GENERATOR_ADDRESS: address,
            // Four generators and the server on a machine of few cores: whether it is quick is not the question here.
            WS_MAX_ESTABLISH_TIME: '5m',
            WS_MAX_CONNECT_TIME: '1m',
            WS_HANDSHAKE_TIMEOUT: '50s',
            WS_MESSAGE_TIMEOUT: '60s',
          },
          args: [
            ...['--address', address, '--profiling-enabled'],
            ...['--execution-segment', `${bounds[i]}:${bounds[i + 1]}`],
            ...['--execution-segment-sequence', bounds.join(',')],
          ],
        });
      }),
    );
  }, 200_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function merge(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, ['scripts/merge-results.mjs', ...args], { encoding: 'utf8', timeout: 60_000 });
  }

  it('the merged report is what the server counted, with one verdict', async () => {
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(PROCESSES).fill(0));
    const merged = merge(folder, '--expect', String(PROCESSES), '--out', path.join(folder, 'merged'));
    expect(merged.stderr).toBe('');
    expect(merged.status).toBe(0);
    const stats = await server.finalStats();
    const summary = JSON.parse(readFileSync(path.join(folder, 'merged', 'summary.json'), 'utf8'));
    expect(stats.accepted).toBe(CONNECTIONS);
    expect(stats.peakOpen).toBe(CONNECTIONS);
    expect(summary).toMatchObject({
      verdict: 'pass',
      balanced: true,
      plan: { connections: CONNECTIONS, share: CONNECTIONS, segment: null },
      connections: {
        planned: CONNECTIONS,
        attempted: CONNECTIONS,
        established: stats.accepted,
        ready: stats.accepted,
        notReady: {},
        closed: stats.closed,
        failed: {},
        dropped: {},
      },
      messages: { sent: stats.received, answered: stats.answered },
    });
    expect(summary.processes).toHaveLength(PROCESSES);
    expect(merged.stdout).toContain('8,000 of 8,000');
  });

  it('says what is missing when one file is left out', () => {
    const files = [1, 2, 4].map((i) => path.join(folder, String(i), 'summary.json'));
    const merged = merge(...files, '--expect', String(PROCESSES));
    expect(merged.status).toBe(2);
    expect(merged.stderr).toContain('segment 1/2:3/4 is missing');
    expect(merged.stderr).toContain('add up to 6000 connections, the test plans 8000');
  });
});
