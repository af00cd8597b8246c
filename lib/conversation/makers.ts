import type { echo } from './echo.ts';
import type { graphqlTransportWs } from './graphql-transport-ws.ts';
import type { jsonRpc } from './json-rpc.ts';
import type { listen } from './listen.ts';
import type { mqtt } from './mqtt.ts';
import type { sendOnly } from './send-only.ts';
import type { socketIo } from './socket-io.ts';
import type { stomp } from './stomp.ts';

// For modules of users: all that they need comes from here. The types of the npm package are this file's.
export type * from './conversation.ts';

/** The makers of the shipped conversations, as the function that a user's module exports gets them. */
export interface Makers {
  echo(options?: Parameters<typeof echo>[0]): ReturnType<typeof echo>;
  listen: typeof listen;
  sendOnly(options?: Parameters<typeof sendOnly>[0]): ReturnType<typeof sendOnly>;
  socketIo: typeof socketIo;
  graphqlTransportWs: typeof graphqlTransportWs;
  mqtt: typeof mqtt;
  stomp: typeof stomp;
  jsonRpc: typeof jsonRpc;
}
