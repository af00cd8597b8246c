/**
 * Headers that the WebSocket handshake sets itself, in small letters; gorilla/websocket refuses a second one (client.go),
 * and takes a sub-protocol that is asked for in this way for one that was not.
 */
export const HANDSHAKE_HEADERS: readonly string[] = [
  'upgrade',
  'connection',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
];
