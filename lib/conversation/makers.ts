import type { Client } from './conversation.ts';
import type { graphqlTransportWs } from './graphql-transport-ws.ts';
import type { jsonRpc } from './json-rpc.ts';
import type { mqtt } from './mqtt.ts';
import type { socketIo } from './socket-io.ts';
import type { stomp } from './stomp.ts';

// For modules of users: all that they need comes from here.
export type { Client };

/** The makers of the shipped conversations, as the function that a user's module exports gets them. */
export interface Makers {
  socketIo: typeof socketIo;
  graphqlTransportWs: typeof graphqlTransportWs;
  mqtt: typeof mqtt;
  stomp: typeof stomp;
  jsonRpc: typeof jsonRpc;
}
