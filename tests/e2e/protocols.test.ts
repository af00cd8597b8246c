import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../lib/report/summary.ts';
import { startChild } from '../servers/real/child.mjs';
import type { Counts } from '../servers/real/serve.mjs';
import { afterwards, expectBalance, PASSED, SCENARIOS, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { poll } from './poll.ts';
import { fileWith, moduleOf, summaryOf } from './spoken.ts';
import { systemTool } from './system-tools.ts';

const CONNECTIONS = 50;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: String(CONNECTIONS),
  WS_BATCH_SIZE: '25',
  WS_HOLD: '5s',
  WS_MESSAGE_INTERVAL: '500ms',
};

const example = (name: string) => path.resolve('examples', `${name}.ts`);

/** Requests of the server, as the summary has them. */
type Taken = (messages: Summary['messages']) => number;
const all: Taken = ({ sent }) => sent;

interface Protocol {
  /** File of tests/servers/real. */
  server: string;
  /** Debian's package of it; '' for one of npm's. */
  apt: string;
  conversation: string;
  taken: Taken;
  /** A row of users that the server does not let in, the conversation for it, and the server's words for that. */
  wrong: { users: string; conversation: string; words: string };
}

const PROTOCOLS: Protocol[] = [
  {
    server: 'socket-io',
    apt: '',
    conversation: example('socket-io'),
    taken: all,
    wrong: { users: 'token\nwrong\n', conversation: example('socket-io'), words: 'unauthorized' },
  },
  {
    server: 'graphql-ws',
    apt: '',
    conversation: example('graphql'),
    taken: all,
    wrong: { users: 'token\nwrong\n', conversation: example('graphql'), words: 'Forbidden' },
  },
  {
    server: 'aedes',
    apt: '',
    conversation: example('mqtt'),
    taken: all,
    wrong: { users: 'name,password\nann,wrong\n', conversation: moduleOf('mqtt-credentials'), words: 'not authorized' },
  },
  {
    server: 'mosquitto',
    apt: 'mosquitto',
    conversation: example('mqtt'),
    taken: all,
    wrong: { users: 'name,password\nann,wrong\n', conversation: moduleOf('mqtt-credentials'), words: 'not authorized' },
  },
  {
    server: 'rabbitmq',
    apt: 'rabbitmq-server',
    conversation: example('stomp'),
    taken: all,
    wrong: { users: 'name,password\nguest,wrong\n', conversation: example('stomp'), words: 'Bad CONNECT' },
  },
  {
    server: 'rpc-websockets',
    apt: '',
    conversation: example('json-rpc'),
    // A batch has two calls.
    taken: ({ sent, byRequest }) => sent + (byRequest?.['both']?.sent ?? 0),
    wrong: { users: 'token\nwrong\n', conversation: example('json-rpc'), words: 'login' },
  },
];

describe.each(PROTOCOLS)('$server', ({ server: name, apt, conversation, taken, wrong }) => {
  describe.skipIf(apt !== '' && systemTool(apt) === undefined).each(SCENARIOS)('over $scenario', ({ scenario }) => {
    const start = async () => {
      const server = await startChild(name);
      afterwards(server.stop);
      return server;
    };
    /** Statistics can lag behind. */
    const counted = (server: Awaited<ReturnType<typeof start>>, isComplete: (counts: Counts) => boolean) =>
      poll(`${name} has counted all`, async () => {
        const counts = await server.counts();
        return isComplete(counts) ? counts : undefined;
      }).catch(() => server.counts());

    it('counts the logins, requests and deliveries that the report has', async () => {
      const server = await start();
      const result = await runK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: conversation } });
      const { connections, messages, deliveries } = summaryOf(result);
      const counts = await counted(server, ({ requests, open }) => requests === taken(messages) && open === 0);
      expect(connections).toMatchObject({ ready: CONNECTIONS, notReady: {}, closed: CONNECTIONS, dropped: {} });
      expect(counts).toMatchObject({
        logins: connections.ready,
        loginsRefused: 0,
        requests: taken(messages),
        refused: 0,
        open: 0,
      });
      expect(messages).toMatchObject({ answered: messages.sent - messages.sentOnly, failed: {}, unexpected: 0 });
      expect(messages.answered).toBeGreaterThan(4 * CONNECTIONS);
      if (deliveries) {
        expect(deliveries).toMatchObject({ delivered: deliveries.expected, missing: 0, duplicate: 0 });
        // Those of ramp and close are the server's alone.
        expect(counts.deliveries).toBeGreaterThanOrEqual(deliveries.delivered);
      }
      expectBalance(result);
      expect(result.exitCode).toBe(PASSED);
    });

    it('lets nobody in with wrong credentials, and the report has its words', async () => {
      const server = await start();
      const result = await runK6({
        scenario,
        env: {
          ...SHORT,
          WS_HOLD: '1s',
          WS_URL: server.url,
          WS_CONVERSATION: wrong.conversation,
          WS_USERS: await fileWith('users.csv', wrong.users),
        },
      });
      const { connections, details, messages } = summaryOf(result);
      const { logins, loginsRefused } = await counted(server, (counts) => counts.loginsRefused === CONNECTIONS);
      expect(loginsRefused).toBe(CONNECTIONS);
      if (name !== 'rabbitmq') expect(logins).toBe(0);
      expect(connections).toMatchObject({ established: CONNECTIONS, ready: 0, closed: 0 });
      expect(Object.values(connections.notReady)).toEqual([CONNECTIONS]);
      expect(connections.notReady).not.toHaveProperty('timeout');
      expect(Object.keys({ ...connections.notReady, ...details }).join()).toContain(wrong.words);
      expect(messages.sent).toBe(0);
      expectBalance(result);
      expect(result.exitCode).toBe(TARGET_MISSED);
    });
  });
});
