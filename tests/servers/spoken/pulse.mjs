import { serveSpoken } from './serve.mjs';

/** Whoever owes a heartbeat for so long is put out. */
const PATIENCE_MS = 2_000;

/** Sends `beat` and wants `pong`; wants `alive` now and then besides. Puts out whom it misses, and says why. */
export function startPulse() {
  return serveSpoken((peer, tally) => {
    let pongAt = performance.now();
    let aliveAt = performance.now();
    peer.every(400, () => {
      const now = performance.now();
      if (now - pongAt > PATIENCE_MS) {
        tally('no pong');
        peer.end(4408, 'no pong');
      } else if (now - aliveAt > PATIENCE_MS) {
        tally('not alive');
        peer.end(4409, 'not alive');
      } else {
        tally('beats');
        peer.send('beat');
      }
    });
    peer.socket.on('ping', () => tally('pings'));
    return (data) => {
      const word = String(data);
      tally(word);
      if (word === 'pong') pongAt = performance.now();
      else if (word === 'alive') aliveAt = performance.now();
    };
  });
}
