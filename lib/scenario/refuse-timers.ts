/**
 * Takes k6's timers from a conversation of the user's. Over k6/ws they stand still while a connection is open; over
 * k6/websockets what throws in one ends all connections of the VU, and k6 tells nobody.
 */
export function refuseTimers(): void {
  const globals = globalThis as unknown as Record<string, unknown>;
  globals['setTimeout'] = refusing('setTimeout', 'after');
  globals['setInterval'] = refusing('setInterval', 'every');
}

function refusing(name: string, instead: string): () => never {
  return () => {
    throw new Error(`${name}() in a conversation, expected session.${instead}(ms, (session) => …)`);
  };
}
