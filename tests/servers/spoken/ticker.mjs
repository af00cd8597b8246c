import { serveSpoken } from './serve.mjs';

/**
 * Pushes and never answers.
 *
 * @param {object} options
 * @param {number} options.everyMs
 * @param {string | Uint8Array} options.frame
 * @param {number} [options.frames] To each connection at most. Default: until its end.
 */
export function startTicker({ everyMs, frame, frames = Number.POSITIVE_INFINITY }) {
  return serveSpoken(
    (peer, tally) => {
      let sent = 0;
      peer.every(everyMs, () => {
        if (sent >= frames) return;
        sent += 1;
        tally('pushed');
        peer.send(frame);
      });
      return () => tally('received');
    },
    { subprotocol: (offered) => [...offered][0] ?? false },
  );
}
