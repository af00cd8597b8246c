import type { Conversation } from './conversation.ts';
import type { Loaded } from './load.ts';
import type { Makers } from './makers.ts';
import { traitsOf } from './traits.ts';

/** What the loading of modules needs of k6's init stage. */
export interface Init {
  /** k6's require(). */
  require(path: string): unknown;
  /** Where a path of the user's is looked for, in this order. */
  candidates(path: string): string[];
}

/** The makers of our own that are not lean, by the name of their conversation. */
const OWN = {
  'socket.io': 'socketIo',
  'graphql-transport-ws': 'graphqlTransportWs',
  mqtt: 'mqtt',
  stomp: 'stomp',
  'json-rpc': 'jsonRpc',
} as const;

/**
 * Loads one of our conversations that is not lean, or what a user's module says is one: its default export, or what that
 * returns for the shipped makers. In k6's init stage only.
 *
 * @param name - of ours, or the path of a module.
 * @throws the module's own Error; an Error that lists the places where no such file was found.
 */
export function loadOther(name: string, init: Init): Loaded {
  const own = OWN[name as keyof typeof OWN];
  const given = own === undefined ? modulesConversation(name, init) : makers()[own]();
  const conversation = given as Conversation<unknown>;
  return { traits: traitsOf(conversation), conversation: () => conversation };
}

function modulesConversation(path: string, init: Init): unknown {
  const module = firstThere(path, init) as { default?: unknown };
  const exported = module?.default ?? module;
  return typeof exported === 'function' ? exported(makers()) : exported;
}

/** The makers, each made when it is asked for. */
function makers(): Makers {
  return {
    echo: (options) => (require('./echo.ts') as typeof import('./echo.ts')).echo(options),
    listen: () => (require('./listen.ts') as typeof import('./listen.ts')).listen(),
    sendOnly: (options) => (require('./send-only.ts') as typeof import('./send-only.ts')).sendOnly(options),
    socketIo: (options) => (require('./socket-io.ts') as typeof import('./socket-io.ts')).socketIo(options),
    graphqlTransportWs: (options) =>
      (require('./graphql-transport-ws.ts') as typeof import('./graphql-transport-ws.ts')).graphqlTransportWs(options),
    mqtt: (options) => (require('./mqtt.ts') as typeof import('./mqtt.ts')).mqtt(options),
    stomp: (options) => (require('./stomp.ts') as typeof import('./stomp.ts')).stomp(options),
    jsonRpc: (options) => (require('./json-rpc.ts') as typeof import('./json-rpc.ts')).jsonRpc(options),
  };
}

function firstThere(path: string, { require: load, candidates }: Init): unknown {
  const places = candidates(path);
  // Not for-of: a VU keeps what of the language it has used, here 5 KB.
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as string;
    try {
      return load(place);
    } catch (error) {
      // Another module's absence, or what the module throws, is the user's to see.
      const text = String(error).replaceAll('\\', '');
      if (!text.includes(`"${place.replaceAll('\\', '')}" couldn't be found`)) throw error;
    }
  }
  // No Error: its place would be one of ours.
  throw `there is no such file; looked for ${places.join(', ')}`;
}
