// What a tester writes with the k6 documentation open: k6/ws, one VU for each connection, `options` with stages, a
// message at once and others at an interval, checks on what comes. As many messages as the others send.
import { check, sleep } from 'k6';
import ws from 'k6/ws';

const connections = Number(__ENV.BENCH_CONNECTIONS);
const holdMs = Number(__ENV.BENCH_HOLD_MS);
const rampMs = connections / 2;
const stages = [];
for (let open = 100; open <= connections; open += 100) {
  stages.push({ duration: '0s', target: open }, { duration: '50ms', target: open });
}
stages.push({ duration: `${holdMs}ms`, target: connections }, { duration: `${rampMs}ms`, target: 0 });

export const options = {
  scenarios: {
    connections: { executor: 'ramping-vus', startVUs: 0, stages, gracefulRampDown: '60s', gracefulStop: '60s' },
  },
};

export default function () {
  const response = ws.connect(__ENV.BENCH_URL, { tags: { client: 'plain' } }, (socket) => {
    socket.on('open', () => {
      let sequence = 10000000;
      const talk = () => {
        socket.send(JSON.stringify({ id: `${__VU + 10000000}-${sequence}`, pad: 'x'.repeat(29) }));
        sequence += 1;
      };
      talk();
      socket.setInterval(talk, Number(__ENV.BENCH_INTERVAL_MS));
    });
    socket.on('message', (data) => {
      check(data, { 'reply has an id': (text) => JSON.parse(text).id !== undefined });
    });
    socket.on('error', (error) => console.error(error.error()));
    socket.setTimeout(() => socket.close(), rampMs + holdMs);
  });
  check(response, { 'status is 101': (r) => r && r.status === 101 });
  sleep(rampMs / 1000 + 2);
}
