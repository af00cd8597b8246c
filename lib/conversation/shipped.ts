/** Names of the shipped conversations, in the order of the documentation. */
export const SHIPPED = [
  'echo',
  'listen',
  'send-only',
  'socket.io',
  'graphql-transport-ws',
  'mqtt',
  'stomp',
  'json-rpc',
] as const;

/** Whether this names a module of the user's, not a shipped conversation. */
export function isModulePath(name: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/i.test(name);
}
