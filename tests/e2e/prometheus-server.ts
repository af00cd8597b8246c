import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownPort } from '../servers/own-port.mjs';
import { poll } from './poll.ts';

const CONFIG = path.resolve(import.meta.dirname, '../../monitoring/prometheus/prometheus.yml');

export interface Series {
  metric: Record<string, string>;
  /** Pairs of seconds since 1970 and the value as text. */
  values: [number, string][];
}

export interface Prometheus {
  /** For K6_PROMETHEUS_RW_SERVER_URL. */
  writeUrl: string;
  /** The series of an expression, each second since Prometheus started. */
  history(expr: string): Promise<Series[]>;
  /** The value of an expression that has exactly one series now; undefined when it has none. */
  value(expr: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Starts a Prometheus with this package's configuration and an empty store on a free port of 127.0.0.1. */
export async function startPrometheus(command: string): Promise<Prometheus> {
  const store = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  const port = await ownPort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(
    command,
    [
      `--config.file=${CONFIG}`,
      `--storage.tsdb.path=${store}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const startedAt = Date.now() / 1000;
  const ended = once(child, 'close');
  const ask = async (endpoint: string, parameters: Record<string, string>) => {
    const answer = await fetch(`${base}/api/v1/${endpoint}`, { method: 'POST', body: new URLSearchParams(parameters) });
    const body = (await answer.json()) as { status: string; error?: string; data: { result: unknown } };
    if (body.status !== 'success') throw new Error(`${parameters['query']}: ${body.error}`);
    return body.data.result;
  };
  const prometheus: Prometheus = {
    writeUrl: `${base}/api/v1/write`,
    history: (query) =>
      ask('query_range', {
        query,
        start: String(startedAt),
        end: String(Date.now() / 1000),
        step: '1',
      }) as Promise<Series[]>,
    value: async (query) => {
      const result = (await ask('query', { query })) as { value: [number, string] }[];
      if (result.length > 1) throw new Error(`${query} has ${result.length} series`);
      return result[0] === undefined ? undefined : Number(result[0].value[1]);
    },
    stop: async () => {
      child.kill();
      await ended;
      rmSync(store, { recursive: true, force: true });
    },
  };
  try {
    await Promise.race([
      poll('Prometheus is ready', async () => ((await fetch(`${base}/-/ready`)).ok ? true : undefined)),
      ended.then(([code]) => Promise.reject(new Error(`prometheus ended with ${code}`))),
    ]);
  } catch (error) {
    await prometheus.stop();
    throw error;
  }
  return prometheus;
}
