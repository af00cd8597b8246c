import type { Init } from './load.ts';
import type { Makers } from './makers.ts';

/**
 * What a user's module says is its conversation: its default export, or what that returns for the shipped makers.
 *
 * @throws the module's own Error; an Error that lists the places where no such file was found.
 */
export function modulesConversation(path: string, init: Init): unknown {
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
