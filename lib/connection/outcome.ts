/**
 * How a connection, a login and a request can end. Each ends in exactly one of these; the report has one sentence of
 * advice for each (lib/report/advice.ts). A conversation adds words of its own to the last three.
 */
export const CONNECT_FAILURES = [
  'dns',
  'refused',
  'handshake_timeout',
  'connect_timeout',
  'reset',
  'ports_exhausted',
  'files_exhausted',
  'unreachable',
  'forbidden',
  'tls',
  'http_4xx',
  'http_5xx',
  'bad_handshake',
  'subprotocol',
  'script_error',
  'interrupted',
  'other',
] as const;
/** Why a connection was never established. */
export type ConnectFailure = (typeof CONNECT_FAILURES)[number];

export const READY_FAILURES = [
  'timeout',
  'server_close',
  'reset',
  'protocol_error',
  'script_error',
  'interrupted',
] as const;
/** Why an established connection never completed its login; else the conversation's own word, by fail(). */
export type ReadyFailure = (typeof READY_FAILURES)[number];

export const DROPS = ['server_close', 'reset', 'protocol_error', 'subprotocol', 'script_error', 'interrupted'] as const;
/** Why a ready connection went before the test closed it; else the conversation's own word, by fail(). */
export type Drop = (typeof DROPS)[number];

export const MESSAGE_FAILURES = ['timeout', 'refused', 'lost', 'script_error', 'interrupted'] as const;
/** Why a request has no reply in time: none came, the server said no, the connection went, our script broke, the run was cut. */
export type MessageFailure = (typeof MESSAGE_FAILURES)[number];
