// The floor under `multiplexed`: the same connections and messages over k6/websockets, one VU for each batch of 100 and
// one timer for each VU, as lean as k6 lets a script be. Replies are counted in a variable; there is no metric, check,
// timeout or report of its own.
import { WebSocket } from 'k6/websockets';

const OPEN = 1;
const SOCKETS_PER_VU = 100;
/** How late a message may be: the step of the VU's one timer. */
const STEP_MS = 50;
const url = __ENV.BENCH_URL;
const holdMs = +__ENV.BENCH_HOLD_MS;
const intervalMs = +__ENV.BENCH_INTERVAL_MS;
/** A batch, which is a VU, each 50 ms; the close at the same pace. */
const rampMs = +__ENV.BENCH_CONNECTIONS / 2;

export const options = __VU === 0 ? rampOptions(+__ENV.BENCH_CONNECTIONS / SOCKETS_PER_VU) : undefined;

let replies = 0;
let sequence = 10000000;

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
    const isOver = now - start > rampMs + holdMs;
    for (let i = 0; i < SOCKETS_PER_VU; i++) {
      if (isOver) sockets[i].close(1000);
      else if (dueAt[i] <= now && sockets[i].readyState === OPEN) {
        dueAt[i] += intervalMs;
        sockets[i].send(`{"id":"${__VU + 10000000}-${sequence++}","pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}`);
      }
    }
    if (!isOver) return;
    clearInterval(timer);
    // Until the ramp down is over, so that k6 starts no second batch in its place.
    setTimeout(() => {
      if (replies === 0) console.warn('no reply came');
    }, rampMs + 2000);
  }, STEP_MS);
}

function rampOptions(vus) {
  const stages = [];
  for (let open = 1; open <= vus; open++) {
    stages.push({ duration: '0s', target: open }, { duration: '50ms', target: open });
  }
  stages.push({ duration: `${holdMs}ms`, target: vus }, { duration: `${rampMs}ms`, target: 0 });
  return {
    scenarios: {
      connections: { executor: 'ramping-vus', startVUs: 0, stages, gracefulRampDown: '60s', gracefulStop: '60s' },
    },
  };
}
