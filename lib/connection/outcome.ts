/**
 * How a connection can end. Each planned connection ends in exactly one of these; the report has one sentence of
 * advice for each (lib/report/advice.ts).
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
  'interrupted',
  'other',
] as const;
/** Why a connection was never established. */
export type ConnectFailure = (typeof CONNECT_FAILURES)[number];

export const DROPS = ['server_close', 'reset', 'protocol_error', 'interrupted'] as const;
/** Why an established connection went before the test closed it. */
export type Drop = (typeof DROPS)[number];

export const MESSAGE_FAILURES = ['timeout', 'lost', 'mismatch', 'interrupted'] as const;
/** Why a sent message has no reply in time: none came, the connection went, another reply came, the run was cut. */
export type MessageFailure = (typeof MESSAGE_FAILURES)[number];
