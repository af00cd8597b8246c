import { describe, expect, it } from 'vitest';
import { startPackets } from '../servers/spoken/packets.mjs';
import { startSteps } from '../servers/spoken/steps.mjs';
import { PASSED, SCENARIOS } from './cases.ts';
import { runK6 } from './helpers.ts';
import { fileWith, forThisTest, moduleOf } from './spoken.ts';

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: '20',
  WS_BATCH_SIZE: '20',
  WS_HOLD: '1s',
  WS_MESSAGE_INTERVAL: '300ms',
};

describe.each(SCENARIOS)('WS_TRACE in $scenario', ({ scenario }) => {
  /** The lines of the trace, as k6 logs them, without its own beginning. */
  const traced = async (env: Record<string, string>) => {
    const result = await runK6({ scenario, env: { ...SHORT, ...env } });
    expect(result.exitCode, result.stderr).toBe(PASSED);
    const lines = [...result.stderr.matchAll(/msg="(trace [^\n]*?)"(?: source=\w+)?$/gm)].map(([, line = '']) =>
      line.replaceAll('\\"', '"').replaceAll('\\\\', '\\'),
    );
    return { result, lines };
  };

  it('shows the frames of the first connection as they go and come, and no value of its user', async () => {
    const users = new Map(Array.from({ length: 20 }, (_, i) => [`sesame ${i}`, `sesame secret ${i}`]));
    const csv = ['name,secret', ...[...users].map((row) => row.join())].join('\n');
    const server = await forThisTest(startSteps(users));
    const { result, lines } = await traced({
      WS_URL: server.url,
      WS_TRACE: '1',
      WS_CONVERSATION: moduleOf('steps'),
      WS_USERS: await fileWith('users.csv', csv),
      WS_HEADERS: '{"Authorization":"Bearer sesame header"}',
    });
    expect(lines.every((line) => /^trace 0 \+\d+ms [<>=] /.test(line))).toBe(true);
    const frames = lines.map((line) => line.replace(/^trace 0 \+\d+ms /, ''));
    expect(frames.slice(0, 2)).toEqual([
      expect.stringMatching(/^> .*user.*\*\*\*/),
      expect.stringMatching(/^< .*challenge.*nonce-\d+/),
    ]);
    expect(frames.filter((frame) => /^> .*ask/.test(frame)).length).toBe(
      frames.filter((frame) => /^< .*reply/.test(frame)).length,
    );
    expect(frames.at(-1)).toMatch(/^< .*bye/);
    expect(result.stderr + result.stdout).not.toContain('sesame');
  });

  it('shows binary frames as hexadecimal digits, of so many connections as asked for', async () => {
    const server = await forThisTest(startPackets());
    const { lines } = await traced({ WS_URL: server.url, WS_TRACE: '3', WS_CONVERSATION: moduleOf('packets') });
    expect(new Set(lines.map((line) => line.split(' ')[1]))).toEqual(new Set(['0', '1', '2']));
    const of0 = lines.filter((line) => line.startsWith('trace 0 ')).map((line) => line.replace(/^.*ms /, ''));
    // The login in two frames, the welcome in three.
    expect(of0.slice(0, 5)).toEqual([
      '> bin 01000000',
      '> bin 03010203',
      '< bin 0200',
      '< bin 00000568',
      '< bin 656c6c6f',
    ]);
  });

  it('is bounded in lines and in their length', async () => {
    const server = await forThisTest(startPackets());
    const { lines } = await traced({
      WS_URL: server.url,
      WS_TRACE: '1',
      WS_CONVERSATION: moduleOf('chatter'),
    });
    expect(lines).toHaveLength(200);
    expect(lines.at(-1)).toMatch(/no more lines of this connection/);
    expect(lines[0]).toMatch(/… \(\d+ (characters|bytes)\)/);
    for (const line of lines) expect(line.length).toBeLessThan(500);
  });
});
