// What a tester writes with the k6 documentation open: k6/ws, one VU for each connection, `options` with stages, an
// interval that sends, checks on what comes. The same connections and messages as the others.
import { check, sleep } from 'k6';
import ws from 'k6/ws';
import { lifeMs, messageFor, rampOptions, rampSeconds } from './lib/load.js';

export const options = rampOptions(1);

export default function () {
  const url = __ENV.BENCH_URL;
  const params = { tags: { scenario: 'plain' } };
  const response = ws.connect(url, params, (socket) => {
    socket.on('open', () => {
      let sequence = 0;
      socket.setInterval(() => socket.send(messageFor(sequence++)), Number(__ENV.BENCH_INTERVAL_MS));
    });
    socket.on('message', (data) => {
      check(data, { 'reply has an id': (text) => JSON.parse(text).id !== undefined });
    });
    socket.on('error', (error) => console.error(error.error()));
    socket.setTimeout(() => socket.close(), lifeMs());
  });
  check(response, { 'status is 101': (r) => r && r.status === 101 });
  sleep(rampSeconds() + 2);
}
