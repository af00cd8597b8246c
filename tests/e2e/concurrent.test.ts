import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ownPort } from '../servers/own-port.mjs';
import { afterwards, booksOf, expectBalance, PASSED, SCRIPT_EXCEPTION, serve, TARGET_MISSED } from './cases.ts';
import { type K6Result, runK6, startK6 } from './helpers.ts';
import { k6Command } from './k6-command.ts';
import { clusters, target } from './target.ts';

/** A run of about 3 s. */
const SHORT = {
  WS_PROFILE: 'smoke',
  WS_HOLD: '1s',
  WS_MESSAGE_INTERVAL: '500ms',
};

const run = (env: Record<string, string>, args: string[] = [], samples = false): Promise<K6Result> =>
  runK6({ scenario: 'concurrent', env: { ...SHORT, ...env }, args, samples });

const script = path.resolve('dist', 'concurrent.js');

/** Settings as arguments: other commands than `run` do not read the environment. */
const given = (env: Record<string, string>) =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'concurrent-'));
  afterwards(() => rm(made, { recursive: true, force: true }));
  return made;
}

describe('a healthy run', () => {
  it('reports what the server counted, to the last connection and message, and ends as planned', async () => {
    const server = await target();
    const result = await run({
      WS_URL: `ws://localhost:${server.port}/`,
      WS_CONNECTIONS: '600',
      WS_HOLD: '3s',
      WS_MESSAGE_INTERVAL: '1s',
    });
    const stats = server.stats();
    expect(stats).toMatchObject({ accepted: 600, peakOpen: 600, open: 0, refused: 0, closeCodes: { 1000: 600 } });
    expect(booksOf(result)).toEqual({
      attempted: 600,
      established: 600,
      ready: 600,
      notReady: {},
      failed: {},
      closed: 600,
      dropped: {},
      sent: stats.received,
      answered: stats.answered,
      sentOnly: 0,
      messagesFailed: {},
      unexpected: 0,
    });
    // Each connection sends once in each of its 3 s; one that was opened late has fewer.
    expect(stats.received).toBeGreaterThanOrEqual(2 * 600);
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
    expect(result.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 10_000);
    expect(result.stdout).toMatch(/^ PASS {2}concurrent: /m);
    expect(result.junit).toContain('failures="0"');
  });

  it('opens its connections in steps: whole batches, the delay apart', async () => {
    const server = await target({ arrivals: true });
    const delayMs = 600;
    const result = await run({
      WS_URL: server.url,
      WS_CONNECTIONS: '100',
      WS_BATCH_SIZE: '20',
      WS_BATCH_DELAY: `${delayMs}ms`,
    });
    const { sizes, startsMs } = clusters(server.stats().arrivalsMs ?? [], 5);
    expect(sizes).toEqual([20, 20, 20, 20, 20]);
    const span = (startsMs[4] as number) - (startsMs[0] as number);
    expect(span).toBeGreaterThan(4 * delayMs * 0.75);
    for (const [i, at] of startsMs.entries()) {
      // Even steps: each within half a step of where an even division of the whole ramp has it.
      expect(Math.abs(at - (startsMs[0] as number) - (span * i) / 4)).toBeLessThan(span / 8);
    }
    expect(result.exitCode).toBe(PASSED);
  });
});

describe('a server that will not', () => {
  it('with nothing listening, is tried once for each connection, named, and fails the run in few lines', async () => {
    const result = await run({ WS_URL: `ws://127.0.0.1:${await ownPort()}/`, WS_CONNECTIONS: '300' });
    expect(booksOf(result)).toMatchObject({ attempted: 300, established: 0, failed: { refused: 300 }, sent: 0 });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).toContain(
      '300 not established: refused\n      Server: it refused the connection, because nothing listened at that',
    );
    expect(result.stderr.trim().split('\n').length).toBeLessThanOrEqual(12);
    expect(result.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 10_000);
  });

  it('with 401, 404, 429 or 503, is named by its status', async () => {
    const statuses = [401, 404, 429, 503];
    const servers = await Promise.all(statuses.map((status) => serve([{ handshake: { kind: 'status', status } }])));
    const result = await run({ WS_URL: servers.map(({ url }) => url).join(), WS_CONNECTIONS: '80' });
    expect(servers.map((server, i) => server.counts().refused[statuses[i] as number])).toEqual([20, 20, 20, 20]);
    expect(booksOf(result)).toMatchObject({ attempted: 80, established: 0, failed: { http_4xx: 60, http_5xx: 20 } });
    expect(result.summary?.details).toEqual({ 'HTTP 401': 20, 'HTTP 404': 20, 'HTTP 429': 20, 'HTTP 503': 20 });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});

describe('a run that cannot be what was meant', () => {
  it('names all wrong settings at once and opens no connection', async () => {
    const server = await target();
    const result = await run({
      WS_URL: server.url,
      WS_CONNECTIONS: 'many',
      WS_BATCH_DELAY: '50',
      WS_MIN_CONNECT_SUCCESS: '95',
      WS_HANDSHAKE_TIMOUT: '5s',
    });
    const [message] = /4 problems with the settings:[\s\S]*/.exec(result.stderr.replaceAll('\\n', '\n')) ?? [''];
    for (const part of [
      /WS_HANDSHAKE_TIMOUT is not a setting: did you mean WS_HANDSHAKE_TIMEOUT\?/,
      /WS_CONNECTIONS=\\?"many\\?": expected a whole number from 1 to 1000000, for example WS_CONNECTIONS=10000/,
      /WS_BATCH_DELAY=\\?"50\\?": expected a duration from 1ms to 1h, for example WS_BATCH_DELAY=50ms/,
      /WS_MIN_CONNECT_SUCCESS=\\?"95\\?": expected a share from 0 to 1/,
    ]) {
      expect(message).toMatch(part);
    }
    expect(message, 'lines of the script tell nothing of the settings').not.toContain('at file:');
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(server.stats().accepted).toBe(0);
  });

  it('refuses an IPv6 address with the default WS_IP, in a sentence that says what to write', async () => {
    const result = await run({ WS_URL: 'ws://[::1]:8081/' });
    expect(result.exitCode).toBeGreaterThan(0);
    expect(result.stderr).toContain('WS_URL=ws://[::1]:8081/ is an IPv6 address but WS_IP is 4: write WS_IP=6, or');
  });

  it('is never green when --vus and --iterations have replaced its scenario', async () => {
    const server = await target();
    const result = await run({ WS_URL: server.url }, ['--vus', '5', '--iterations', '5']);
    // Aborted by the script.
    expect(result.exitCode).toBe(108);
    expect(result.stderr).toContain('set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations');
    expect(result.summary?.verdict).not.toBe('pass');
    expect(server.stats().accepted).toBe(0);
  });
});

describe('a run without the figures of the report', () => {
  it.each(['concurrent', 'multiplexed', 'storm', 'churn', 'tiers', 'capacity'])(
    'is refused before its first connection: %s',
    async (scenario) => {
      const server = await target();
      const result = await runK6({
        scenario,
        env: { ...SHORT, WS_URL: server.url },
        args: ['--summary-trend-stats', 'avg,p(95),p(99.9)'],
      });
      // Aborted by the script.
      expect(result.exitCode).toBe(108);
      expect(result.stderr).toContain('leaves out min, med, max, p(90), p(99), count, which the report needs');
      expect(result.summary?.verdict).toBe('fail');
      expect(server.stats().accepted).toBe(0);
    },
  );

  it('is not one with more than them', async () => {
    const server = await target();
    const more = ['--summary-trend-stats', 'p(99.9),avg,min,med,max,p(90),p(95),p(99),count'];
    const result = await run({ WS_URL: server.url }, more);
    expect(result.exitCode).toBe(PASSED);
    expect(result.stdout).toContain('p(99.9)=');
  });
});

describe('a run without thresholds', () => {
  it('has the same verdict, and an exit code of its own', async () => {
    const server = await target();
    const healthy = await run({ WS_URL: server.url }, ['--no-thresholds']);
    expect(healthy.summary).toMatchObject({ verdict: 'pass', connections: { established: 100 } });
    const refused = await run({ WS_URL: `ws://127.0.0.1:${await ownPort()}/` }, ['--no-thresholds']);
    expect(refused.summary).toMatchObject({ verdict: 'fail', connections: { failed: { refused: 100 } } });
    const judged = await run({ WS_URL: `ws://127.0.0.1:${await ownPort()}/` });
    expect(refused.summary?.targets).toEqual(judged.summary?.targets);
    expect([healthy, refused, judged].map(({ exitCode }) => exitCode)).toEqual([PASSED, PASSED, TARGET_MISSED]);
  });
});

describe('localhost', () => {
  // Where localhost is 127.0.0.1 alone, the runs below could not tell the difference.
  it.each([
    ['4', 'onlyIPv4'],
    ['6', 'onlyIPv6'],
    ['any', 'any'],
  ])('is resolved by k6 as WS_IP=%s says', async (ip, policy) => {
    const { stdout } = await k6Command(['inspect', ...given(ip === '4' ? {} : { WS_IP: ip }), script]);
    expect(JSON.parse(stdout).dns.policy).toBe(policy);
  });

  it('is IPv4 by default, and IPv6 only when asked for', async ({ skip }) => {
    const server = await target({ host: '::1' }).catch(() => null);
    if (!server) return skip('no IPv6 on this machine');
    const env = { WS_URL: `ws://localhost:${server.port}/`, WS_CONNECTIONS: '10' };
    const over4 = await run(env);
    expect(booksOf(over4)).toMatchObject({ attempted: 10, failed: { refused: 10 } });
    expect(server.stats().accepted).toBe(0);
    const over6 = await run({ WS_URL: `ws://[::1]:${server.port}/`, WS_CONNECTIONS: '10', WS_IP: '6' });
    expect(booksOf(over6)).toMatchObject({ attempted: 10, established: 10 });
    expect(server.stats().accepted).toBe(10);
  });
});

describe('the script', () => {
  it('runs without the build', async () => {
    const server = await target();
    const { exitCode, stdout } = await k6Command(
      ['run', '--no-color', '--no-usage-report', path.resolve('scenarios', 'concurrent.ts')],
      { env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '20' } },
    );
    expect(stdout).toContain('attempted 20 = established 20 + failed 0');
    expect(exitCode).toBe(PASSED);
    expect(server.stats()).toMatchObject({ accepted: 20, closeCodes: { 1000: 20 } });
  });

  it('runs from its archive in another folder', async () => {
    const server = await target();
    const elsewhere = await folder();
    const archive = path.join(elsewhere, 'load.tar');
    const env = { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '20' };
    const packed = await k6Command(['archive', ...given(env), '-O', archive, script]);
    expect(packed.exitCode, packed.stderr).toBe(0);
    const { exitCode, stdout } = await k6Command(['run', '--no-color', '--no-usage-report', archive], {
      cwd: elsewhere,
    });
    expect(stdout).toContain('established 20 = closed 20 + dropped 0');
    expect(exitCode).toBe(PASSED);
    expect(server.stats().accepted).toBe(20);
  });

  it('tells k6 how many VUs it needs, one for each connection and one that watches, and for how long', async () => {
    const env = { WS_CONNECTIONS: '250', WS_HOLD: '30s' };
    const { stdout } = await k6Command(['inspect', '--execution-requirements', ...given(env), script]);
    const { maxVUs, totalDuration } = JSON.parse(stdout);
    expect(maxVUs).toBe(251);
    // 100 ms of the watch alone, ramp 150 ms, hold 30 s, close 1.15 s, and 33.85 s that k6 waits for what is unfinished.
    expect(totalDuration).toBe('1m5.25s');
  });
});

it('two processes by execution segments open exactly the planned connections, each judges its own share', async () => {
  const server = await target();
  const results = await Promise.all(
    ['0:1/2', '1/2:1'].map((segment) =>
      run({ WS_URL: server.url, WS_CONNECTIONS: '151', WS_BATCH_SIZE: '50' }, [
        ...['--execution-segment', segment],
        ...['--execution-segment-sequence', '0,1/2,1'],
      ]),
    ),
  );
  expect(results.map(({ exitCode }) => exitCode)).toEqual([PASSED, PASSED]);
  expect(results.map((result) => booksOf(result).established)).toEqual([76, 75]);
  expect(results.map(({ summary }) => summary?.connections.planned)).toEqual([76, 75]);
  expect(results.map(({ summary }) => summary?.plan)).toMatchObject([
    { connections: 151, share: 76, segment: '0:1/2' },
    { connections: 151, share: 75, segment: '1/2:1' },
  ]);
  for (const result of results) expectBalance(result);
  expect(server.stats()).toMatchObject({ accepted: 151, closeCodes: { 1000: 151 } });
});

it('a token in the address and one in a header reach the server, and nothing else', async () => {
  const seen = new Set<string>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  afterwards(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (client, request) => {
    seen.add(`${request.url} ${request.headers.authorization}`);
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const env = {
    ...SHORT,
    WS_URL: `ws://127.0.0.1:${port}/feed?token=sesame-query`,
    WS_HEADERS: '{"Authorization":"Bearer sesame-header"}',
    WS_CONNECTIONS: '20',
  };
  const result = await run(env, [], true);
  expect(result.exitCode).toBe(PASSED);
  expect([...seen]).toEqual(['/feed?token=sesame-query Bearer sesame-header']);
  expect(result.samples).toContain('ws_connect_attempts');
  const inspected = await k6Command(['inspect', '--execution-requirements', ...given(env), script]);
  expect(JSON.parse(inspected.stdout).maxVUs).toBe(21);
  const { stdout, stderr, summary, junit, samples } = result;
  for (const text of [stdout, stderr, JSON.stringify(summary), junit, samples, inspected.stdout, inspected.stderr]) {
    expect(text).not.toBeNull();
    expect(text).not.toContain('sesame');
  }
});

it.runIf(process.platform === 'linux')("k6's memory is a target, and what the system says it is", async () => {
  const server = await target();
  const address = `127.0.0.1:${await ownPort()}`;
  const { child, result } = await startK6({
    scenario: 'concurrent',
    env: {
      ...SHORT,
      WS_URL: server.url,
      WS_CONNECTIONS: '300',
      // All are open long before its end, however slow the machine is.
      WS_HOLD: '4s',
      WS_GENERATOR_ADDRESS: address,
      WS_MAX_MEMORY: '50MB',
    },
    // The user's k6 may have a configuration that does without bodies.
    args: ['--address', address, '--profiling-enabled', '--discard-response-bodies'],
  });
  // The last peak that the system tells before the process ends.
  let peakBytes = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? peakBytes / 1024) * 1024;
    } catch {
      // It has ended.
    }
  }, 20);
  afterwards(() => clearInterval(watch));
  const { exitCode, summary, stdout } = await result;
  expect(exitCode).toBe(TARGET_MISSED);
  expect(summary?.targets.filter(({ pass }) => pass !== true)).toMatchObject([
    { name: 'generator memory', metric: 'generator_memory', target: '< 50MB', pass: false },
  ]);
  expect(stdout).toContain('missed generator memory');
  const measured = summary?.generator.memoryBytes ?? 0;
  expect(Math.abs(measured - peakBytes) / peakBytes).toBeLessThan(0.05);
});
