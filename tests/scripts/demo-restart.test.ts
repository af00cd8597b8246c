import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { planRestart, takeRestart } from '../../scripts/lib/demo-restart.mjs';
import { startTargetProcess } from '../../scripts/lib/target-process.mjs';

describe('takeRestart', () => {
  test('reconnect restarts its own server, and k6 hears nothing of the setting', () => {
    const settings: Record<string, string> = { WS_RESTART_AT: '1.5s', WS_HOLD: '9s' };
    expect(takeRestart('reconnect', settings)).toBe(1_500);
    expect(settings).toEqual({ WS_HOLD: '9s' });
    expect(takeRestart('reconnect', {})).toBe(10_000);
    expect(takeRestart('concurrent', {})).toBeUndefined();
    expect(takeRestart('concurrent', { WS_RESTART_AT: '2m' })).toBe(120_000);
  });

  test("a server of one's own is never restarted, and asking for it is an error", () => {
    const own = { WS_URL: 'ws://example.test/' };
    expect(takeRestart('reconnect', { ...own })).toBeUndefined();
    expect(() => takeRestart('reconnect', { ...own, WS_RESTART_AT: '5s' })).toThrow(
      'WS_RESTART_AT restarts the server that npm start brings, but WS_URL names another',
    );
  });

  test('what is no time is an error with an example', () => {
    expect(() => takeRestart('reconnect', { WS_RESTART_AT: 'soon' })).toThrow(
      'WS_RESTART_AT="soon": expected a time since the start of k6, for example WS_RESTART_AT=20s',
    );
  });
});

test('a run that is over before its restart has none', async () => {
  let restarts = 0;
  const restart = async () => {
    restarts += 1;
  };
  const target = { restart } as unknown as Parameters<typeof planRestart>[0];
  await planRestart(target, 60_000)();
  expect(restarts).toBe(0);
});

test('a server that is restarted has its port again, and what it counted before', async () => {
  const target = await startTargetProcess();
  try {
    const talk = async () => {
      const socket = new WebSocket(target.url);
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      socket.send('x');
      await new Promise((resolve) => socket.addEventListener('message', resolve));
      return socket;
    };
    const first = await talk();
    const gone = new Promise<{ code: number }>((resolve) => first.addEventListener('close', resolve));
    await target.restart(1);
    expect((await gone).code).toBe(1006);
    const second = await talk();
    second.close();
    expect(await target.finalStats()).toMatchObject({ accepted: 2, received: 2, answered: 2, open: 0 });
  } finally {
    await target.stop();
  }
});

test('a server that has ended by itself is not waited for', async () => {
  const target = await startTargetProcess();
  process.kill(target.pid, 'SIGKILL');
  await expect(target.finalStats()).rejects.toThrow('The target server ended during the run');
  await expect(target.restart(1)).rejects.toThrow('it had ended by itself');
  await target.stop();
});
