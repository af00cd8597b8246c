import type { Conversation } from './conversation.ts';
import type { Traits } from './traits.ts';

/** A conversation and what came with it. */
export interface Loaded {
  conversation: Conversation<unknown>;
  traits: Traits;
}

/** What the loading of modules needs of k6's init stage. */
export interface Init {
  /** k6's require(). */
  require(path: string): unknown;
  /** Where a path of the user's is looked for, in this order. */
  candidates(path: string): string[];
}

/**
 * Loads the conversation that WS_CONVERSATION names. In k6's init stage only, since require() works nowhere else; each
 * file of ours is required where it stands, so that only the chosen one is made in a VU (build.mjs).
 *
 * @param name - of a shipped one, or the path of a module.
 * @param init - asked only for a module.
 * @throws the Error of the user's module; an Error that lists the places where no such file was found.
 */
export function loadConversation(name: string, init: () => Init): Loaded {
  switch (name) {
    case 'echo': {
      const { echo } = require('./echo.ts') as typeof import('./echo.ts');
      return leanOne(echo(), true, true);
    }
    case 'listen': {
      const { listen } = require('./listen.ts') as typeof import('./listen.ts');
      return leanOne(listen(), false, false);
    }
    case 'send-only': {
      const { sendOnly } = require('./send-only.ts') as typeof import('./send-only.ts');
      return leanOne(sendOnly(), true, false);
    }
    case 'socket.io':
      return withTraits((require('./socket-io.ts') as typeof import('./socket-io.ts')).socketIo());
    case 'graphql-transport-ws': {
      const { graphqlTransportWs } = require('./graphql-transport-ws.ts') as typeof import('./graphql-transport-ws.ts');
      return withTraits(graphqlTransportWs());
    }
    case 'mqtt':
      return withTraits((require('./mqtt.ts') as typeof import('./mqtt.ts')).mqtt());
    case 'stomp':
      return withTraits((require('./stomp.ts') as typeof import('./stomp.ts')).stomp());
    case 'json-rpc':
      return withTraits((require('./json-rpc.ts') as typeof import('./json-rpc.ts')).jsonRpc());
  }
  const { modulesConversation } = require('./of-module.ts') as typeof import('./of-module.ts');
  return withTraits(modulesConversation(name, init()));

  function leanOne(conversation: unknown, sends: boolean, awaits: boolean): Loaded {
    const { lean } = require('./lean.ts') as typeof import('./lean.ts');
    return { conversation: conversation as Conversation<unknown>, traits: lean(sends, awaits) };
  }

  function withTraits(given: unknown): Loaded {
    const { traitsOf } = require('./traits.ts') as typeof import('./traits.ts');
    const conversation = given as Conversation<unknown>;
    return { conversation, traits: traitsOf(conversation) };
  }
}
