import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startHostSampler } from '../../scripts/lib/host-sampler.mjs';
import { startTargetProcess } from '../../scripts/lib/target-process.mjs';
import { afterwards, expectBalance, PASSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { target } from './target.ts';

const isLinux = process.platform === 'linux';

/** The resident memory of a process as /proc has it, each 50 ms until stopped. */
function watchMemory(pid: number) {
  const readings: { atMs: number; bytes: number }[] = [];
  const timer = setInterval(() => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    readings.push({ atMs: Date.now(), bytes: Number(kilobytes) * 1024 });
  }, 50);
  afterwards(() => clearInterval(timer));
  const at = (atMs: number) =>
    readings.reduce((best, one) => (Math.abs(one.atMs - atMs) < Math.abs(best.atMs - atMs) ? one : best)).bytes;
  return { stop: () => clearInterval(timer), at, peak: () => Math.max(...readings.map(({ bytes }) => bytes)) };
}

interface Sampled {
  atMs: number;
  value: number;
  tags: Record<string, string>;
}

/** The samples of a metric that `--out json` wrote. */
function samplesOf(text: string, metric: string): Sampled[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`{"metric":"${metric}","type":"Point"`))
    .map((line) => JSON.parse(line).data)
    .map(({ time, value, tags }) => ({ atMs: Date.parse(time), value, tags }));
}

describe.runIf(isLinux).each([
  { what: 'the target server of this project', script: undefined, scenario: 'concurrent', connections: 1_500 },
  { what: 'prom-client', script: 'tests/servers/prometheus-client.mjs', scenario: 'multiplexed', connections: 4_000 },
])('the target, by $what', ({ script, scenario, connections }) => {
  it('is shown with the memory of each connection within 10 % of what /proc says, CPU and open files', async () => {
    const server = await startTargetProcess(script);
    afterwards(() => server.stop());
    const memory = watchMemory(server.pid);
    const run = await runK6({
      scenario,
      samples: true,
      env: {
        WS_URL: server.url,
        WS_PROFILE: 'smoke',
        WS_CONNECTIONS: String(connections),
        WS_HOLD: '6s',
        WS_MESSAGE_INTERVAL: '2s',
        WS_TARGET_METRICS: new URL('/metrics', server.url.replace('ws', 'http')).href,
      },
    });
    memory.stop();
    expect(run.exitCode).toBe(PASSED);
    expectBalance(run);
    const [told, ...more] = run.summary?.target ?? [];
    expect(more).toEqual([]);
    const { memoryBytes, openFiles } = told ?? {};

    const samples = samplesOf(run.samples, 'ws_target_memory');
    const before = samples.find(({ tags }) => tags['phase'] === 'before') as Sampled;
    const highest = samples.reduce((best, one) => (one.value > best.value ? one : best));
    expect(memoryBytes?.before).toBe(before.value);
    expect(memoryBytes?.peak).toBe(highest.value);
    const perConnection = (memory.at(highest.atMs) - memory.at(before.atMs)) / connections;
    expect(told?.connections).toBe(connections);
    expect(told?.bytesPerConnection).toBeGreaterThan(perConnection * 0.9);
    expect(told?.bytesPerConnection).toBeLessThan(perConnection * 1.1);
    // Nothing was missed between the readings.
    expect(memoryBytes?.peak).toBeGreaterThan(memory.peak() * 0.9);

    // Before the first connection, with all of them, after the last.
    const firstAttempt = Math.min(...samplesOf(run.samples, 'ws_connect_attempts').map(({ atMs }) => atMs));
    expect(before.atMs).toBeLessThanOrEqual(firstAttempt);
    expect(openFiles?.before).toBeLessThan(100);
    expect(openFiles?.peak).toBeGreaterThanOrEqual(connections);
    expect(openFiles?.after).toBeLessThan(100);
    expect(told?.cpuCores?.peak).toBeGreaterThan(0);
    expect(told?.cpuCores?.hold).toBeGreaterThan(0);
    expect(told?.eventLoopLagMs?.peak).toBeGreaterThan(0);
    expect(told?.problems).toEqual([]);
    expect(run.stdout).toMatch(/for each of (1,500|4,000) connections/);
    expect(run.stdout).toMatch(/its host's CPU, memory and network not measured: npm start does it/);
  });
});

/** Endpoints that do not do what one would like. */
async function oddEndpoints() {
  const METRICS = '# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes{a="}"} 1.2e+08\n';
  const server = createServer((request, response) => {
    switch (request.url?.replace(/\?.*/, '')) {
      case '/gzip':
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(METRICS));
      case '/redirect':
        return response.writeHead(302, { location: '/gzip' }).end();
      case '/html':
        return response.end('<html>hello</html>');
      case '/slow':
        return setTimeout(() => response.end(METRICS), 4_000);
      case '/login':
        return request.headers.authorization === `Basic ${Buffer.from('me:hunter2').toString('base64')}`
          ? response.end(METRICS)
          : response.writeHead(401).end();
      default:
        return response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(['concurrent', 'multiplexed'])('endpoints that do not answer as they should, in %s', (scenario) => {
  it('are said, harm nothing, and tell no secret', async () => {
    const server = await target();
    const host = await oddEndpoints();
    const run = await runK6({
      scenario,
      samples: true,
      env: {
        WS_URL: server.url,
        WS_PROFILE: 'smoke',
        WS_CONNECTIONS: '50',
        WS_HOLD: '3s',
        WS_MESSAGE_INTERVAL: '1s',
        WS_TARGET_METRICS: [
          `http://${host}/gzip`,
          `http://${host}/redirect`,
          `http://me:hunter2@${host}/login?token=hunter2`,
          `http://${host}/missing?token=hunter2`,
          `http://${host}/slow?token=hunter2`,
          `http://${host}/html`,
          'http://me:hunter2@127.0.0.1:1/hunter2?token=hunter2',
        ].join(),
        WS_HOST_METRICS: `http://${host}/hunter2`,
      },
      args: ['--system-tags', 'scenario,group,check,status,error_code,error,url,name,proto'],
    });
    expect(run.exitCode).toBe(PASSED);
    expectBalance(run);
    const { target: told = [], host: ownHost, generator } = run.summary ?? {};
    expect(told.map(({ memoryBytes }) => memoryBytes?.peak ?? null)).toEqual([
      120e6,
      120e6,
      120e6,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(told.map(({ problems }) => problems.join().replace(/ \(\d+ readings\)/, ''))).toEqual([
      '',
      '',
      '',
      'HTTP 404',
      'no answer within 2s',
      'no process metrics in its answer',
      'connection refused',
      '',
    ]);
    expect(ownHost?.problems.join()).toMatch(/^HTTP 404/);
    expect(generator?.memoryBytes).toBeNull();
    for (const text of [run.stdout, run.stderr, run.samples, run.junit, JSON.stringify(run.summary)]) {
      expect(text).not.toContain('hunter2');
    }
  });
});

describe.each([
  { scenario: 'storm', size: { WS_CONNECTIONS: '50', WS_HOLD: '2s' }, connections: 50 },
  { scenario: 'churn', size: { WS_RATE: '10', WS_CHURN: '3s', WS_LIFETIME: '500ms' }, connections: 5 },
  { scenario: 'tiers', size: { WS_TIERS: '20,40', WS_TIER_HOLD: '1s', WS_TIER_PAUSE: '0s' }, connections: 40 },
])('$scenario', ({ scenario, size, connections }) => {
  it('reads target and host, too', async () => {
    const server = await startTargetProcess();
    afterwards(() => server.stop());
    const host = await startHostSampler();
    afterwards(() => host.stop());
    const run = await runK6({
      scenario,
      env: {
        WS_URL: server.url,
        WS_PROFILE: 'smoke',
        WS_MESSAGE_INTERVAL: '500ms',
        ...size,
        WS_TARGET_METRICS: server.url.replace('ws', 'http'),
        WS_HOST_METRICS: host.url,
      },
    });
    expect(run.exitCode).toBe(PASSED);
    const [told] = run.summary?.target ?? [];
    expect(told?.memoryBytes).toEqual({
      before: expect.any(Number),
      peak: expect.any(Number),
      after: expect.any(Number),
    });
    expect(told?.connections).toBe(connections);
    expect(told?.cpuCores?.hold).not.toBeNull();
    expect(run.summary?.host).toMatchObject({ cores: os.cpus().length, problems: [] });
    expect(run.summary?.host?.cpu?.hold).toBeGreaterThan(0);
    expect(run.summary?.host?.saturated).not.toBeNull();
    expect(run.stdout).not.toContain('not measured: npm start');
  });
});

describe.runIf(isLinux)('a busy loop on all cores beside the run', () => {
  it('is named as the limit', async () => {
    const host = await startHostSampler();
    afterwards(() => host.stop());
    for (let core = 0; core < os.cpus().length; core++) {
      // Nice, so that k6 has its turn, and at an end of its own.
      const loop = spawn('nice', [process.execPath, '-e', 'for (const end = Date.now() + 20000; Date.now() < end;);']);
      afterwards(() => loop.kill('SIGKILL'));
    }
    const server = await target();
    const run = await runK6({
      scenario: 'concurrent',
      env: {
        WS_URL: server.url,
        WS_PROFILE: 'smoke',
        WS_CONNECTIONS: '50',
        WS_HOLD: '5s',
        WS_HOST_METRICS: host.url,
      },
    });
    expect(run.summary?.host?.cpu?.hold).toBeGreaterThan(0.9);
    expect(run.summary?.generator.limits.join()).toMatch(
      /The CPU of its host was at 90 % or more for 100 % of the hold/,
    );
    expect(run.stdout).toMatch(/the\s+generator\s+was\s+a\s+limit/);
    expectBalance(run);
  });
});
