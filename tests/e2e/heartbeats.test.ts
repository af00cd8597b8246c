import { describe, expect, it } from 'vitest';
import { startChild } from '../servers/real/child.mjs';
import { booksWith } from './books.ts';
import { afterwards, booksOf, expectBalance, PASSED, SCENARIOS, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { poll } from './poll.ts';
import { moduleOf } from './spoken.ts';

const CONNECTIONS = 20;

const PROTOCOLS = [
  { server: 'aedes', options: {}, conversation: moduleOf('mqtt-alive'), word: 'no PINGRESP' },
  {
    server: 'socket-io',
    // A client that keeps its word has a second for it, beside other runs on a busy machine.
    options: { pingIntervalMs: 400, pingTimeoutMs: 1_100 },
    conversation: 'socket.io',
    word: 'ping timeout',
  },
];

describe.each(PROTOCOLS)('heartbeats of $server', ({ server: name, options, conversation, word }) => {
  describe.each(SCENARIOS)('over $scenario', ({ scenario }) => {
    const start = async (hold: string) => {
      const server = await startChild(name, options);
      afterwards(server.stop);
      const settings = { WS_PROFILE: 'smoke', WS_CONNECTIONS: String(CONNECTIONS), WS_HOLD: hold };
      const running = runK6({ scenario, env: { ...settings, WS_URL: server.url, WS_CONVERSATION: conversation } });
      return { server, running };
    };
    const open = { attempted: CONNECTIONS, established: CONNECTIONS, ready: CONNECTIONS };

    it('keep connections that ask for nothing', async () => {
      const { running } = await start('5s');
      const result = await running;
      expect(booksOf(result)).toEqual(booksWith({ ...open, closed: CONNECTIONS }));
      expectBalance(result);
      expect(result.exitCode).toBe(PASSED);
    });

    it('are missed when the server stands still: nobody holds such connections', async () => {
      // It takes two looks to miss it, and one more for each that came late.
      const { server, running } = await start('7s');
      await poll('all have logged in', async () => ((await server.counts()).logins === CONNECTIONS ? true : undefined));
      server.freeze();
      const result = await running;
      expect(booksOf(result)).toEqual(booksWith({ ...open, dropped: { [word]: CONNECTIONS } }));
      expectBalance(result);
      expect(result.exitCode).toBe(TARGET_MISSED);
    });
  });
});
