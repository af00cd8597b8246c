import { describe, expect, test } from 'vitest';
import graphql from '../../../examples/graphql.ts';
import jsonRpcExample from '../../../examples/json-rpc.ts';
import mqttExample from '../../../examples/mqtt.ts';
import socketIoExample from '../../../examples/socket-io.ts';
import stompExample from '../../../examples/stomp.ts';
import type { Conversation } from '../../../lib/conversation/conversation.ts';
import { graphqlTransportWs } from '../../../lib/conversation/graphql-transport-ws.ts';
import { jsonRpc } from '../../../lib/conversation/json-rpc.ts';
import type { Makers } from '../../../lib/conversation/makers.ts';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { stomp } from '../../../lib/conversation/stomp.ts';
import { systemTool } from '../../e2e/system-tools.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';

const makers = { socketIo, graphqlTransportWs, mqtt, stomp, jsonRpc } as Makers;

/** The server of each, and the command that it needs beside npm. */
const EXAMPLES: [string, string, (makers: Makers) => unknown, string?][] = [
  ['socket-io', 'socket-io', socketIoExample],
  ['json-rpc', 'rpc-websockets', jsonRpcExample],
  ['graphql', 'graphql-ws', graphql],
  ['mqtt', 'aedes', mqttExample],
  ['mqtt', 'mosquitto', mqttExample, 'mosquitto'],
  ['stomp', 'rabbitmq', stompExample, 'rabbitmq-server'],
];

describe.each(EXAMPLES)('examples/%s.ts against %s', (_name, server, example, tool) => {
  test.skipIf(tool !== undefined && systemTool(tool) === undefined)(
    'ten connections say what the server counts',
    async () => {
      const real = await startChild(server);
      const conversation = example(makers) as Conversation<unknown>;
      const players = await Promise.all(
        Array.from({ length: 10 }, (_, index) => connect(conversation, real.url, { index })),
      );
      const kinds = Object.entries(conversation.requests ?? {});
      const spoken = kinds.filter(([, { reach }]) => reach !== undefined).length * 10 * 10;
      for (const player of players) {
        await player.until(({ counts }) => counts.ready);
        expect(player.end).toBeUndefined();
      }
      for (const player of players) for (const [kind] of kinds) player.ask(kind);
      const sum = (count: 'sent' | 'sentOnly' | 'answered' | 'delivered' | 'unexpected') =>
        players.reduce((all, { counts }) => all + counts[count], 0);
      for (const player of players) {
        await player.until(
          ({ counts }) =>
            counts.answered + counts.sentOnly === kinds.length && counts.delivered === spoken / players.length,
        );
      }
      expect([sum('sent'), sum('unexpected')]).toEqual([10 * kinds.length, 0]);
      // A batch of two is one request here and two there.
      const requests = sum('sent') + (server === 'rpc-websockets' ? 10 : 0);
      await expect
        .poll(() => real.counts())
        .toEqual({ logins: 10, loginsRefused: 0, requests, refused: 0, deliveries: spoken, open: 10 });
      for (const player of players) player.goodbye();
      await real.stop();
    },
    // RabbitMQ alone can take half a minute to start, where another one does so at the same time on a busy machine.
    120_000,
  );
});
