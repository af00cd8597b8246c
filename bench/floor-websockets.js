// The floor under `multiplexed`: the same connections and messages over k6/websockets, one VU for each batch of 100 and
// one timer for each VU, as lean as we know to write it. Replies are counted in a variable; there is no metric, check,
// timeout or report of its own.
import { WebSocket } from 'k6/websockets';

const OPEN = 1;
const SOCKETS_PER_VU = 100;
/** Messages are sent at whole multiples of this, as those of `multiplexed` are: k6 wakes less often. */
const STEP_MS = 10;
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
  const endAt = start + rampMs + holdMs;
  const prefix = `{"id":"${__VU + 10000000}-`;
  const sockets = [];
  const dueAt = [];
  for (let i = 0; i < SOCKETS_PER_VU; i++) {
    const socket = new WebSocket(url);
    socket.onmessage = onMessage;
    sockets.push(socket);
    dueAt.push(start + Math.random() * intervalMs);
  }
  // In this order they are due, again and again: looking at all of them each time took a quarter more CPU.
  dueAt.sort((a, b) => a - b);
  let next = 0;

  function wake() {
    const now = Date.now();
    while (dueAt[next] <= now && now < endAt) {
      if (sockets[next].readyState === OPEN) {
        sockets[next].send(`${prefix}${sequence++}","pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}`);
      }
      dueAt[next] += intervalMs;
      next = next + 1 === SOCKETS_PER_VU ? 0 : next + 1;
    }
    if (now < endAt) {
      const at = Math.min(dueAt[next], endAt);
      setTimeout(wake, Math.max(1, at + STEP_MS - (at % STEP_MS) - now));
      return;
    }
    for (const socket of sockets) socket.close(1000);
    // Until the ramp down is over, so that k6 starts no second batch in its place.
    setTimeout(() => {
      if (replies === 0) console.warn('no reply came');
    }, rampMs + 2000);
  }

  wake();
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
