// The floor under `multiplexed`: the same connections and messages over k6/websockets, one VU for each batch and one
// timer for each VU, as lean as k6 lets a script be. Replies are counted in a variable; there is no metric, check,
// timeout or report of its own.
import { WebSocket } from 'k6/websockets';
import { lifeMs, messageFor, rampOptions, rampSeconds, SOCKETS_PER_VU } from './lib/load.js';

export const options = __VU === 0 ? rampOptions(SOCKETS_PER_VU) : undefined;

const OPEN = 1;
/** How late a message may be: the step of the VU's one timer. */
const STEP_MS = 50;
const url = __ENV.BENCH_URL;
const intervalMs = +__ENV.BENCH_INTERVAL_MS;
const life = lifeMs();
let replies = 0;
let sequence = 0;

function onMessage() {
  replies += 1;
}

export default function () {
  const start = Date.now();
  const sockets = [];
  const dueAt = [];
  for (let i = 0; i < SOCKETS_PER_VU; i++) {
    const socket = new WebSocket(url);
    socket.onmessage = onMessage;
    sockets.push(socket);
    dueAt.push(start + Math.random() * intervalMs);
  }
  const timer = setInterval(() => {
    const now = Date.now();
    const isOver = now - start > life;
    for (let i = 0; i < SOCKETS_PER_VU; i++) {
      if (isOver) sockets[i].close(1000);
      else if (dueAt[i] <= now && sockets[i].readyState === OPEN) {
        dueAt[i] += intervalMs;
        sockets[i].send(messageFor(sequence++));
      }
    }
    if (!isOver) return;
    clearInterval(timer);
    // Until the ramp down is over, so that k6 starts no second batch in its place.
    setTimeout(
      () => {
        if (replies === 0) console.warn('no reply came');
      },
      (rampSeconds() + 2) * 1000,
    );
  }, STEP_MS);
}
