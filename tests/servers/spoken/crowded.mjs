import { serveSpoken } from './serve.mjs';

/**
 * Echoes what it gets, until there are too many. Counts, besides those of each server here: `received`, `answered`,
 * `refused` with 503, `put out`.
 *
 * @param {object} limits Each without a limit, unless given.
 * @param {number} [limits.most] Connections at one time; more are refused.
 * @param {number} [limits.youngest] Connections at one time; the oldest is put out for each that is more.
 * @param {number} [limits.msEach] A reply comes so many ms later for each connection that is open.
 */
export function startCrowded({ most = Number.POSITIVE_INFINITY, youngest = Number.POSITIVE_INFINITY, msEach = 0 }) {
  /** @type {Set<import('./serve.mjs').Peer>} In the order of their coming. */
  const inside = new Set();
  return serveSpoken(
    (peer, tally) => {
      inside.add(peer);
      peer.socket.on('close', () => inside.delete(peer));
      if (inside.size > youngest) {
        const [oldest] = inside;
        inside.delete(oldest);
        tally('put out');
        oldest.end(1013, 'crowded');
      }
      return (data, isBinary) => {
        tally('received');
        const answer = () => {
          peer.send(isBinary ? data : String(data));
          tally('answered');
        };
        if (msEach === 0) answer();
        else peer.after(msEach * inside.size, answer);
      };
    },
    { admits: () => inside.size < most },
  );
}
