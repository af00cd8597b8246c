/**
 * Takes k6's timers from a conversation of the user's, before it is loaded: it could keep them. Over k6/ws they stand
 * still while a connection is open; over k6/websockets what throws in one ends all connections of the VU, and k6 tells
 * nobody.
 */
export function refuseTimers(): void {
  const globals = globalThis as unknown as Record<string, unknown>;
  globals['setTimeout'] = refuse;
  globals['setInterval'] = refuse;
}

function refuse(): never {
  throw new Error(
    'setTimeout() or setInterval() in a conversation, expected session.after(ms, (session) => …) or session.every(ms, (session) => …)',
  );
}
