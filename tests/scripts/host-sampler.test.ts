import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { type BesideParts, besideReader } from '../../lib/generator/beside.ts';
import { hostFiguresIn } from '../../lib/generator/host-figures.ts';
import { hostReader } from '../../scripts/lib/host-other.mjs';
import { startHostSampler } from '../../scripts/lib/host-sampler.mjs';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function sampler() {
  const started = await startHostSampler();
  cleanups.push(() => started.stop());
  const read = async () => hostFiguresIn(await (await fetch(started.url)).text());
  return { ...started, read };
}

/** A process that takes a core for a while and holds 100 MB: tells when it has them, and when it rests. */
async function busyChild() {
  const child = spawn(
    process.execPath,
    [
      '-e',
      'const held = Buffer.alloc(100e6, 1); process.stdout.write("ready"); const end = Date.now() + 1500; while (Date.now() < end); process.stdout.write("done"); setTimeout(() => held, 60000)',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  cleanups.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const busyProcess = async () => (await busyChild()).pid as number;

const isLinux = process.platform === 'linux';

/** Within 5 %. */
const near = (actual: number | undefined, expected: number) => {
  expect(actual).toBeGreaterThan(expected * 0.95);
  expect(actual).toBeLessThan(expected * 1.05);
};

describe.runIf(isLinux)('the sampler of the host', () => {
  const text = (file: string) => readFileSync(file, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text('/proc/meminfo'))?.[1]) * 1024;

  it('agrees with /proc on CPU, memory and network', async () => {
    const { read } = await sampler();
    const { cpu, memory, network } = await read();
    // The first line is the sum of all cores: user nice system idle iowait irq softirq steal.
    const ticks = (/^cpu +(.*)$/m.exec(text('/proc/stat'))?.[1] ?? '').split(' ').map(Number).slice(0, 8);
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    near(cpu?.all, sum(ticks) / 100);
    near(cpu?.busy, (sum(ticks) - (ticks[3] ?? 0) - (ticks[4] ?? 0)) / 100);
    expect(cpu?.cores).toBe(os.cpus().length);
    expect(memory?.all).toBe(kilobytes('MemTotal'));
    near((memory?.all ?? 0) - (memory?.used ?? 0), kilobytes('MemAvailable'));
    const devices = [...text('/proc/net/dev').matchAll(/^\s*(\w+): *(\d+)/gm)];
    expect(devices.map(([, name]) => name)).toContain('lo');
    const outer = devices.filter(([, name = '']) => !/^(veth|docker|br-|virbr|cni|flannel|cali|vnet|tap)/.test(name));
    near(network?.received, sum(outer.map(([, , bytes]) => Number(bytes))));
  });

  it('counts the processes of k6 that it is told of, together', async () => {
    const { read, watch } = await sampler();
    expect(await read()).toMatchObject({ k6Cpu: null, k6Memory: null });
    const pids = await Promise.all([busyProcess(), busyProcess()]);
    for (const pid of pids) watch(pid);
    const fields = (pid: number) =>
      text(`/proc/${pid}/stat`)
        .replace(/^.*\) /, '')
        .split(' ');
    const before = pids.map((pid) => Number(fields(pid)[11]) + Number(fields(pid)[12]));
    const { k6Cpu, k6Memory } = await read();
    const after = pids.map((pid) => Number(fields(pid)[11]) + Number(fields(pid)[12]));
    // The counter at that moment lies between.
    const ticks = Math.round((k6Cpu ?? 0) * 100);
    expect(ticks).toBeGreaterThanOrEqual(before.reduce((sum, one) => sum + one, 0));
    expect(ticks).toBeLessThanOrEqual(after.reduce((sum, one) => sum + one, 0));
    const resident = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(text(`/proc/${pid}/status`))?.[1]) * 1024);
    near(
      k6Memory ?? 0,
      resident.reduce((sum, bytes) => sum + bytes, 0),
    );
  });

  it('has the pace that /proc has over the same time, within 5 %', async () => {
    const { url, watch } = await sampler();
    const seen: Record<string, number> = {};
    const gauge =
      (name: string) =>
      (value: number | boolean, tags: Record<string, string> = {}) => {
        if (tags['phase'] === undefined) seen[name] = Number(value);
      };
    const parts = {
      request: async () => ({ status: 200, body: await (await fetch(url)).text() }),
      say: (word: string) => expect.fail(word),
      host: new Proxy({}, { get: (_, name) => gauge(String(name)) }) as BesideParts['host'],
      target: null,
      sleep: () => undefined,
    };
    const read = besideReader(parts, [], url);
    const child = await busyChild();
    watch(child.pid as number);
    // As /proc has them: before and after each reading, which lies between.
    const counts = () => {
      const ticks = (/^cpu +(.*)$/m.exec(text('/proc/stat'))?.[1] ?? '').split(' ').map(Number).slice(0, 8);
      const fields = text(`/proc/${child.pid}/stat`)
        .replace(/^.*\) /, '')
        .split(' ')
        .map(Number);
      const all = ticks.reduce((sum, one) => sum + one, 0);
      const own = (fields[11] ?? 0) + (fields[12] ?? 0);
      return { atMs: performance.now(), all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), own };
    };
    const around = async () => {
      const before = counts();
      await read(null, null);
      return { before, after: counts() };
    };
    const first = await around();
    await once(child.stdout, 'data');
    const last = await around();
    const between = (of: (count: ReturnType<typeof counts>) => number) => ({
      least: of(last.before) - of(first.after),
      most: of(last.after) - of(first.before),
    });
    const [ms, all, busy, own] = [
      between(({ atMs }) => atMs),
      between((count) => count.all),
      between((count) => count.busy),
      between((count) => count.own),
    ];
    expect(seen['cpu']).toBeGreaterThan((busy.least / all.most) * 0.95);
    expect(seen['cpu']).toBeLessThan((busy.most / all.least) * 1.05);
    expect(seen['k6Cpu']).toBeGreaterThan(((own.least / ms.most) * 1_000 * 0.95) / 100);
    expect(seen['k6Cpu']).toBeLessThan(((own.most / ms.least) * 1_000 * 1.05) / 100);
    expect(own.least).toBeGreaterThan(0);
  });

  it('forgets a process that has ended', async () => {
    const { read, watch } = await sampler();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    watch(child.pid as number);
    expect((await read()).k6Memory).toBeNull();
  });

  it('counts connections by state', async () => {
    const { read } = await sampler();
    const before = (await read()).tcp['listen'] ?? 0;
    // Many, as other programs of this host may stop listening meanwhile.
    for (let i = 0; i < 50; i++) {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      cleanups.push(() => server.close());
    }
    expect((await read()).tcp['listen']).toBeGreaterThan(before + 25);
  });

  it('tells nothing at an address that is not its own', async () => {
    const { url } = await sampler();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/metrics', url))).status).toBe(404);
  });
});

describe('the reader for macOS and Windows', () => {
  it('has the same figures out of systeminformation', async () => {
    const { read, stop } = await hostReader();
    cleanups.push(stop);
    const pid = await busyProcess();
    await read([pid]);
    // What the system's programs say comes with a later reading, where they take longer than one waits for them.
    await expect.poll(async () => (await read([pid])).k6, { timeout: 20_000 }).toBeDefined();
    const { cpus, memory, network, tcp, k6 } = await read([pid]);
    expect(cpus).toHaveLength(os.cpus().length);
    expect(memory.total).toBe(os.totalmem());
    expect(memory.available).toBeGreaterThan(0);
    expect(network.length).toBeGreaterThan(0);
    for (const { received, sent } of network) expect(received + sent).toBeGreaterThanOrEqual(0);
    for (const state of Object.keys(tcp)) expect(state).toMatch(/^[a-z_0-9]+$/);
    expect(k6?.memory).toBeGreaterThan(100e6);
  });
});
