// The load of the benchmark for its own k6 scripts: batches of 100, 50 ms apart, then the hold, then the close at the
// pace of the ramp. What the package's scenarios do with WS_CONNECTIONS, WS_HOLD and WS_MESSAGE_INTERVAL.

const BATCH_SIZE = 100;
const BATCH_DELAY_MS = 50;
/** Connections of a VU over k6/websockets: a batch, as WS_SOCKETS_PER_VU has it by default. */
export const SOCKETS_PER_VU = 100;

const connections = +__ENV.BENCH_CONNECTIONS;
const holdMs = +__ENV.BENCH_HOLD_MS;
const rampMs = (connections / BATCH_SIZE) * BATCH_DELAY_MS;
/** Makes a message 64 bytes long, the default of WS_MESSAGE_SIZE. */
const PADDING = 'x'.repeat(29);

/** How long the ramp, and again the close, takes, in s. */
export function rampSeconds() {
  return rampMs / 1000;
}

/** From the first moment of a connection to its close, in ms. */
export function lifeMs() {
  return rampMs + holdMs;
}

/** The message with this number on its connection, in the form of the protocol `echo`. */
export function messageFor(sequence) {
  return `{"id":"${__VU + 10000000}-${sequence + 10000000}","pad":"${PADDING}"}`;
}

/** k6's options for one VU per `perVu` connections; nobody is interrupted. */
export function rampOptions(perVu) {
  const stages = [];
  for (let open = BATCH_SIZE; open <= connections; open += BATCH_SIZE) {
    stages.push({ duration: '0s', target: open / perVu }, { duration: `${BATCH_DELAY_MS}ms`, target: open / perVu });
  }
  const vus = connections / perVu;
  stages.push({ duration: `${holdMs}ms`, target: vus }, { duration: `${rampMs}ms`, target: 0 });
  return {
    scenarios: {
      connections: { executor: 'ramping-vus', startVUs: 0, stages, gracefulRampDown: '60s', gracefulStop: '60s' },
    },
  };
}
