// The floor under `concurrent`: the same connections and messages over k6/ws, as lean as k6 lets a script be. Replies
// are counted in a variable; there is no metric, check, timeout or report of its own.
import { sleep } from 'k6';
import ws from 'k6/ws';
import { lifeMs, messageFor, rampOptions, rampSeconds } from './lib/load.js';

// In VU 0 alone: building 200 stages in each of 10,000 VUs would cost more CPU than all their messages.
export const options = __VU === 0 ? rampOptions(1) : undefined;

const url = __ENV.BENCH_URL;
const intervalMs = +__ENV.BENCH_INTERVAL_MS;
const life = lifeMs();
let replies = 0;
let sequence = 0;

export default function () {
  ws.connect(url, null, (socket) => {
    const send = () => socket.send(messageFor(sequence++));
    socket.on('message', () => {
      replies += 1;
    });
    // Each connection begins at a moment of its own within the interval, as those of `concurrent` do.
    socket.setTimeout(
      () => {
        send();
        socket.setInterval(send, intervalMs);
      },
      1 + Math.random() * intervalMs,
    );
    socket.setTimeout(() => socket.close(1000), life);
  });
  if (replies === 0) console.warn('no reply came');
  // Until the ramp down is over, so that k6 starts no second connection in its place.
  sleep(rampSeconds() + 2);
}
