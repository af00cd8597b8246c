import { expect, it } from 'vitest';
import { targetFiguresIn } from '../../../lib/generator/target-figures.ts';

const NONE = { memory: null, cpuSeconds: null, openFiles: null, goroutines: null, eventLoopLag: null };

it('reads what a server in Go tells', () => {
  const text = `# TYPE go_goroutines gauge
go_goroutines 1207
process_cpu_seconds_total 12.5
process_open_fds 1.008e+03
process_max_fds 1e+06
process_resident_memory_bytes 1.2e+08
process_virtual_memory_bytes 9e+09
`;
  expect(targetFiguresIn(text)).toEqual({
    memory: 1.2e8,
    cpuSeconds: 12.5,
    openFiles: 1008,
    goroutines: 1207,
    eventLoopLag: null,
  });
});

it.each([
  ['nodejs_eventloop_lag_seconds 0.5\nnodejs_eventloop_lag_p99_seconds 0.02', 20],
  ['nodejs_eventloop_lag_seconds 0.5\nnodejs_eventloop_lag_mean_seconds 0.02', 500],
  ['nodejs_eventloop_lag_p99_seconds NaN\nnodejs_eventloop_lag_mean_seconds 0.001', 1],
])('takes the slowest time of an event loop that is no chance: %s', (text, lag) => {
  expect(targetFiguresIn(text)).toEqual({ ...NONE, eventLoopLag: lag });
});

it('adds up the workers of a server, of whose lags the longest counts', () => {
  const text = `process_resident_memory_bytes{pid="1"} 100
process_resident_memory_bytes{pid="2"} 200
nodejs_eventloop_lag_p99_seconds{pid="1"} 0.001
nodejs_eventloop_lag_p99_seconds{pid="2"} 0.003
`;
  expect(targetFiguresIn(text)).toEqual({ ...NONE, memory: 300, eventLoopLag: 3 });
});

it.each(['', '<html>not here</html>', '{"a":1}'])('finds nothing in %s', (text) => {
  expect(targetFiguresIn(text)).toEqual(NONE);
});
