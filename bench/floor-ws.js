// The floor under `concurrent`: the same connections and messages over k6/ws, as lean as we know to write it. Replies
// are counted in a variable; there is no metric, check, timeout or report of its own. In one file, with few functions:
// a second module would cost each of 10,000 VUs another 10 KB.
import { sleep } from 'k6';
import ws from 'k6/ws';

/** Messages are sent at whole multiples of this, as those of `concurrent` are: k6 wakes less often. */
const STEP_MS = 10;
const url = __ENV.BENCH_URL;
const holdMs = +__ENV.BENCH_HOLD_MS;
const intervalMs = +__ENV.BENCH_INTERVAL_MS;
/** Batches of 100, 50 ms apart; the close at the same pace. */
const rampMs = +__ENV.BENCH_CONNECTIONS / 2;

// In VU 0 alone: building 200 stages in each VU would cost more CPU than all messages.
export const options = __VU === 0 ? rampOptions(+__ENV.BENCH_CONNECTIONS) : undefined;

let replies = 0;
let sequence = 10000000;

export default function () {
  ws.connect(url, null, (socket) => {
    // Each read of a method makes a new function around the Go one, so what each message calls is read once.
    const { send } = socket;
    const prefix = `{"id":"${__VU + 10000000}-`;
    const talk = () => send(`${prefix}${sequence++}","pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}`);
    socket.on('message', () => {
      replies += 1;
    });
    // Each connection begins at a moment of its own within the interval, as those of `concurrent` do.
    const now = Date.now();
    const firstAt = now + Math.random() * intervalMs;
    socket.setTimeout(
      () => {
        talk();
        socket.setInterval(talk, intervalMs);
      },
      firstAt + STEP_MS - (firstAt % STEP_MS) - now,
    );
    socket.setTimeout(() => socket.close(1000), rampMs + holdMs);
  });
  if (replies === 0) console.warn('no reply came');
  // Until the ramp down is over, so that k6 starts no second connection in its place.
  sleep(rampMs / 1000 + 2);
}

function rampOptions(connections) {
  const stages = [];
  for (let open = 100; open <= connections; open += 100) {
    stages.push({ duration: '0s', target: open }, { duration: '50ms', target: open });
  }
  stages.push({ duration: `${holdMs}ms`, target: connections }, { duration: `${rampMs}ms`, target: 0 });
  return {
    scenarios: {
      connections: { executor: 'ramping-vus', startVUs: 0, stages, gracefulRampDown: '60s', gracefulStop: '60s' },
    },
  };
}
