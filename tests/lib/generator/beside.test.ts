import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BesideParts, besideReader, READ_METRICS, watchBeside } from '../../../lib/generator/beside.ts';

const START = 1_000_000;
type Answer = string | number | Error | { body: string; ms: number };

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What was read, with servers that answer by path in turn; the last answer stays. */
function aReader(answers: Record<string, Answer[]>, { host = false } = {}) {
  const samples: string[] = [];
  const words: string[] = [];
  const asked: string[] = [];
  const metric =
    (name: string) =>
    (value: number | boolean, tags: Record<string, string> = {}) => {
      const list = Object.entries(tags).map(([tag, text]) => `${tag}:${text}`);
      samples.push(`${name}{${list.join()}} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`);
    };
  const parts: BesideParts = {
    request: async (_method, url, _body, params) => {
      expect(params).toBe(READ_METRICS);
      asked.push(url);
      const queue = answers[url] as Answer[];
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) as Answer;
      if (answer instanceof Error) throw answer;
      if (typeof answer === 'number') return { status: answer, body: 'no' };
      if (typeof answer === 'string') return { status: 200, body: answer };
      vi.setSystemTime(Date.now() + answer.ms);
      return { status: 200, body: answer.body };
    },
    sleep: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1_000),
    say: (word) => words.push(word),
    target: host
      ? null
      : {
          memory: metric('memory'),
          cpu: metric('cpu'),
          openFiles: metric('files'),
          goroutines: metric('goroutines'),
          eventLoopLag: metric('lag'),
        },
    host: !host
      ? null
      : {
          cpu: metric('cpu'),
          saturated: metric('saturated'),
          cores: metric('cores'),
          memory: metric('memory'),
          memoryTotal: metric('total'),
          networkIn: metric('in'),
          networkOut: metric('out'),
          tcp: metric('tcp'),
          k6Cpu: metric('k6Cpu'),
          k6Memory: metric('k6Memory'),
        },
  };
  const urls = Object.keys(answers);
  const read = host ? besideReader(parts, [], urls[0] as string) : besideReader(parts, urls, null);
  return { read, parts, samples, words, asked };
}

const process = (memory: number, cpu: number) =>
  `process_resident_memory_bytes ${memory}\nprocess_cpu_seconds_total ${cpu}\n`;

describe('a target', () => {
  it('is read into levels, and its CPU from the second reading on, also as the average of the hold', async () => {
    const { read, samples, words } = aReader({ a: [process(100, 1), process(200, 3), process(300, 4)] });
    await read('before', null);
    vi.setSystemTime(START + 1_000);
    await read(null, null);
    vi.setSystemTime(START + 5_000);
    await read(null, START + 1_000);
    expect(samples).toEqual([
      'memory{target:1,phase:before} 100',
      'memory{target:1} 200',
      'cpu{target:1} 2',
      'memory{target:1} 300',
      'cpu{target:1,phase:hold} 0.25',
      'cpu{target:1} 0.25',
    ]);
    expect(words).toEqual([]);
  });

  it('that did nothing has a CPU of almost 0: a Gauge of 0 is one without samples', async () => {
    const { read, samples } = aReader({ a: [process(100, 1)] });
    await read(null, null);
    vi.setSystemTime(START + 1_000);
    await read(null, null);
    expect(samples).toContain('cpu{target:1} 1e-9');
  });

  it('that was started anew is told, and has no CPU below 0', async () => {
    const { read, samples, words } = aReader({ a: [process(100, 9), process(50, 1)] });
    await read(null, null);
    vi.setSystemTime(START + 1_000);
    await read(null, null);
    expect(samples).toEqual(['memory{target:1} 100', 'memory{target:1} 50']);
    expect(words).toEqual(['1: it was started anew during the run']);
  });

  it('has the average of its lag in the hold', async () => {
    const lag = (seconds: number) => `nodejs_eventloop_lag_p99_seconds ${seconds}\n`;
    const { read, samples } = aReader({ a: [lag(0.9), lag(0.01), lag(0.03)] });
    await read(null, null);
    await read(null, START);
    await read(null, START);
    expect(samples.at(-2)).toBe('lag{target:1,phase:hold} 20');
    expect(samples.at(-1)).toBe('lag{target:1} 30');
  });

  it.each<[Answer, string]>([
    [404, 'HTTP 404'],
    [500, 'HTTP 500'],
    ['<html></html>', 'no process metrics in its answer'],
    ['process_resident_memory_bytes NaN', 'no process metrics in its answer'],
    [new Error('Get "http://me:secret@a/?token=abc": dial tcp: connect: connection refused'), 'connection refused'],
    [new Error('Get "http://a/?token=abc": request timeout'), 'no answer within 2s'],
    [new Error('lookup a: no such host'), 'no such host'],
    [new Error('x509: certificate signed by unknown authority'), 'TLS failed'],
    [new Error('EOF at http://a/?token=abc'), 'no answer'],
  ])('that answers %s is said without its address, and adds nothing', async (answer, word) => {
    const { read, samples, words } = aReader({ 'http://me:secret@a/?token=abc': [answer] });
    await read(null, null);
    expect(words).toEqual([`1: ${word}`]);
    expect(samples).toEqual([]);
  });

  it('whose answer is too long is not read again', async () => {
    const { read, words, asked } = aReader({ a: [`${process(1, 1)}${'x'.repeat(8_000_000)}`] });
    await read(null, null);
    await read(null, null);
    expect(asked).toHaveLength(1);
    expect(words).toEqual(['1: its answer was longer than 8 MB, so it was not read again']);
  });
});

describe('several targets', () => {
  it('have a sum, last of all', async () => {
    const { read, samples } = aReader({ a: [process(100, 1), process(100, 2)], b: [process(50, 1), process(50, 4)] });
    await read(null, null);
    vi.setSystemTime(START + 1_000);
    await read(null, null);
    expect(samples.slice(-3)).toEqual(['cpu{target:2} 3', 'memory{target:all} 150', 'cpu{target:all} 4']);
  });

  it('have none when one of them does not answer', async () => {
    const { read, samples, words } = aReader({ a: [process(100, 1)], b: [404] });
    await read('after', null);
    expect(samples).toEqual(['memory{target:1,phase:after} 100']);
    expect(words).toEqual(['2: HTTP 404']);
  });
});

describe('the host', () => {
  const host = (
    busy: number,
    idle: number,
    bytes: number,
    k6: number,
  ) => `node_cpu_seconds_total{cpu="0",mode="user"} ${busy}
node_cpu_seconds_total{cpu="0",mode="idle"} ${idle}
node_memory_MemTotal_bytes 100
node_memory_MemAvailable_bytes 40
node_network_receive_bytes_total{device="lo"} ${bytes}
node_network_transmit_bytes_total{device="lo"} ${bytes}
node_tcp_connection_states{state="established"} 5
node_tcp_connection_states{state="time_wait"} 2
k6_process_cpu_seconds_total ${k6}
k6_process_resident_memory_bytes 30
`;

  it('is read, and what is at 90 % or more in the hold is counted', async () => {
    const { read, samples } = aReader(
      { h: [host(0, 0, 0, 0), host(8, 2, 10, 1), host(17, 3, 30, 3), host(17, 13, 30, 3)] },
      { host: true },
    );
    await read('before', null);
    expect(samples).toEqual([
      'cores{} 1',
      'memory{phase:before} 60',
      'total{} 100',
      'k6Memory{} 30',
      'tcp{phase:before,state:time_wait} 2',
      'tcp{phase:before,state:established} 5',
    ]);
    const at = async (ms: number, holdFromMs: number | null) => {
      samples.length = 0;
      vi.setSystemTime(START + ms);
      await read(null, holdFromMs);
    };
    await at(10_000, null);
    expect(samples).toEqual(expect.arrayContaining(['cpu{} 0.8', 'in{} 1', 'out{} 1', 'k6Cpu{} 0.1']));
    expect(samples.join()).not.toContain('saturated');
    await at(20_000, START + 10_000);
    expect(samples).toEqual(expect.arrayContaining(['cpu{phase:hold} 0.9', 'cpu{} 0.9', 'saturated{} true']));
    await at(30_000, START + 10_000);
    expect(samples).toEqual(
      expect.arrayContaining([
        'cpu{phase:hold} 0.45',
        'in{phase:hold} 1',
        'k6Cpu{phase:hold} 0.1',
        'saturated{} false',
      ]),
    );
  });

  it('tells itself when it was read: k6 may come to the answer much later', async () => {
    const at = (seconds: number, k6: number) => `node_time_seconds ${seconds}\nk6_process_cpu_seconds_total ${k6}\n`;
    const { read, samples } = aReader({ h: [at(0, 0), at(5, 3), at(10, 6)] }, { host: true });
    await read('before', null);
    vi.setSystemTime(START + 9_900);
    await read(null, null);
    vi.setSystemTime(START + 10_000);
    await read(null, null);
    expect(samples.filter((sample) => sample.startsWith('k6Cpu'))).toEqual(['k6Cpu{} 0.6', 'k6Cpu{} 0.6']);
  });

  it('that is no host is told', async () => {
    const { read, words, samples } = aReader({ h: ['process_resident_memory_bytes 1'] }, { host: true });
    await read(null, null);
    expect(words).toEqual(['host: no figures of a host in its answer']);
    expect(samples).toEqual([]);
  });
});

describe('the watch', () => {
  const beside = { holds: [{ fromMs: 1_000, toMs: 11_000 }], totalMs: 12_000 };
  const LEAD_MS = 100;

  async function watched(ms: number[]) {
    const { read, parts } = aReader({ a: ms.map((each) => ({ body: process(1, 1), ms: each })) });
    const times: [number, number | null][] = [];
    const recorded: typeof read = async (when, holdFromMs) => {
      expect(when).toBeNull();
      times.push([Date.now() - START - LEAD_MS, holdFromMs === null ? null : holdFromMs - START - LEAD_MS]);
      await read(when, holdFromMs);
    };
    await watchBeside(recorded, parts, { beside, leadMs: LEAD_MS }, START);
    return times;
  }

  it('reads at once, at the ends of the hold and at the planned end', async () => {
    expect(await watched([0])).toEqual([
      [-LEAD_MS, null],
      [1_000, null],
      [6_000, 1_000],
      [11_000, 1_000],
      [12_000, null],
    ]);
  });

  it('leaves out what passed while an endpoint was slow', async () => {
    expect((await watched([2_200, 0])).map(([atMs]) => atMs)).toEqual([-LEAD_MS, 6_000, 11_000, 12_000]);
  });
});
