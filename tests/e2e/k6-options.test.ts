import { describe, expect, it } from 'vitest';
import { ownPort } from '../servers/own-port.mjs';
import { afterwards, expectBalance, PASSED, SCENARIOS, serve, TARGET_MISSED } from './cases.ts';
import { runK6, startK6 } from './helpers.ts';
import { target } from './target.ts';

/** k6: exec.test.abort(). */
const ABORTED = 108;

const SIZE = { WS_CONNECTIONS: '40', WS_HOLD: '2s', WS_MESSAGE_INTERVAL: '500ms' };

const lastLineOf = (stdout: string) => stdout.trimEnd().split('\n').at(-1);

describe.each(SCENARIOS)('$scenario', ({ scenario }) => {
  it('reports the same from the machine-readable summary of k6', async () => {
    const server = await target();
    const run = await runK6({
      scenario,
      env: { ...SIZE, WS_URL: server.url },
      args: ['--new-machine-readable-summary', '--quiet'],
    });
    expect(run.exitCode, run.stdout + run.stderr).toBe(PASSED);
    expect(run.summary?.connections).toMatchObject({ attempted: 40, established: 40, closed: 40 });
    expect(run.summary?.messages).toMatchObject({ sent: server.stats().received, failed: {} });
    expect(run.summary?.latencyMs.roundTrip).toMatchObject({ count: null, p99: null, max: expect.any(Number) });
    expectBalance(run);
    expect(run.stdout).not.toMatch(/undefined|NaN/);
    expect(lastLineOf(run.stdout)).toMatch(new RegExp(`^PASS ${scenario}: all judged targets met`));
  });

  it('is refused before the first connection with system tags that crash k6, tell secrets or lose reasons', async () => {
    const server = await serve([{}]);
    const run = await runK6({
      scenario,
      env: { ...SIZE, WS_URL: `${server.url}?token=hunter2` },
      args: ['--system-tags', 'check,ip,url'],
    });
    expect(run.exitCode).toBe(ABORTED);
    expect(run.stderr).toContain('has ip in it, with which k6 crashes');
    expect(run.stderr).toContain('has url in it, which would write what may be a token into every sample');
    expect(run.stderr).toContain('leaves out scenario, group, without which k6 counts no reasons');
    expect(server.counts().accepted).toBe(0);
  });

  it('says at its start that there will be no results, where it can know', async () => {
    const server = await target();
    const run = await runK6({ scenario, env: { ...SIZE, WS_URL: server.url, K6_SUMMARY_MODE: 'disabled' } });
    expect(run.exitCode).toBe(PASSED);
    expect(run.summary).toBeNull();
    expect(run.stderr).toContain('K6_SUMMARY_MODE=disabled: there will be no report');
  });

  it('shows its own memory, and never that of another k6 at the address', async () => {
    const server = await serve([{}]);
    const address = `127.0.0.1:${await ownPort()}`;
    const env = { ...SIZE, WS_URL: server.url, WS_GENERATOR_ADDRESS: address };
    const own = await startK6({
      scenario,
      env: { ...env, WS_HOLD: '12s' },
      args: ['--address', address, '--profiling-enabled'],
    });
    afterwards(() => own.child.kill('SIGKILL'));
    await own.meanwhile(
      'all had opened',
      server.until(({ handshakes }) => handshakes === 40),
    );
    const other = await runK6({ scenario, env });
    expect(own.child.exitCode).toBeNull();
    expect(other.exitCode, other.stdout).toBe(PASSED);
    expect(other.summary?.generator.memoryBytes).toBeNull();
    expect(other.stdout).toContain('memory not measured');
    expect((await own.result).summary?.generator.memoryBytes).toBeGreaterThan(10e6);
  });

  it('tells which of several targets failed, and what the age of connections that were ended tells', async () => {
    const closing = await serve([{ ending: { kind: 'close', code: 1008, reason: 'login', afterMs: 1_000 } }]);
    const dead = await ownPort();
    const run = await runK6({
      scenario,
      env: {
        ...SIZE,
        WS_URL: `${closing.url}?token=hunter2,ws://localhost:${dead}/`,
        WS_BATCH_SIZE: '8',
        WS_BATCH_DELAY: '300ms',
        WS_MESSAGE_INTERVAL: '20s',
      },
      // Else k6 writes its progress once more after the report.
      args: ['--quiet'],
    });
    expect(run.exitCode).toBe(TARGET_MISSED);
    expect(run.summary?.byTarget).toEqual({
      [`1 127.0.0.1:${closing.port}: dropped`]: 20,
      [`2 localhost:${dead}: not established`]: 20,
    });
    expect(run.summary?.byAddress).toEqual({ [`localhost:${dead} at 127.0.0.1: not established`]: 20 });
    expect(run.summary?.hints).toEqual([expect.stringMatching(/of 20 connections .* after their opening: an idle/)]);
    expect(lastLineOf(run.stdout)).toMatch(new RegExp(`^FAIL ${scenario}: missed connect success, `));
    expect(run.stdout).not.toContain('hunter2');
  });
});
