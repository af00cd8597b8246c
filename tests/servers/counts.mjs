/**
 * What the server did, counted where it did it.
 *
 * @typedef {object} Counts
 * @property {number} accepted TCP connections.
 * @property {number} handshakes 101 answers with a right key.
 * @property {Record<string, number>} refused Answers by HTTP status.
 * @property {number} brokenHandshakes Wrong keys and garbage.
 * @property {number} handshakesEnded FIN instead of an answer.
 * @property {number} handshakesReset RST before the handshake was done.
 * @property {number} hung Requests that never got an answer.
 * @property {number} reset RST on established connections.
 * @property {number} vanished FIN without a close frame on established connections.
 * @property {number} violations
 * @property {Record<string, number>} closesSent By code, of the server's own accord.
 * @property {Record<string, number>} closesReceived By code, of the client's own accord.
 * @property {number} received Data messages.
 * @property {number} speakers Connections that sent at least one.
 * @property {Record<string, number>} replies Frames sent, by kind.
 * @property {number} open Handshake done, neither side has ended it.
 */

/** @returns {Counts} */
export function noCounts() {
  return {
    accepted: 0,
    handshakes: 0,
    refused: {},
    brokenHandshakes: 0,
    handshakesEnded: 0,
    handshakesReset: 0,
    hung: 0,
    reset: 0,
    vanished: 0,
    violations: 0,
    closesSent: {},
    closesReceived: {},
    received: 0,
    speakers: 0,
    replies: {},
    open: 0,
  };
}

/**
 * Adds one to a counter by key.
 *
 * @param {Record<string, number>} counter
 * @param {string | number} key
 */
export function count(counter, key) {
  counter[key] = (counter[key] ?? 0) + 1;
}
