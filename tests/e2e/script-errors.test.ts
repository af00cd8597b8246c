import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTargetServer } from '../../scripts/lib/echo-server.mjs';
import { booksWith } from './books.ts';
import {
  afterwards,
  booksOf,
  expectBalance,
  PASSED,
  SCENARIOS,
  SCRIPT_EXCEPTION,
  serve,
  TARGET_MISSED,
} from './cases.ts';
import { type K6Result, runK6 } from './helpers.ts';
import { fileWith, folder, summaryOf } from './spoken.ts';

const CONNECTIONS = 10;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: String(CONNECTIONS),
  WS_BATCH_SIZE: '50',
  WS_HOLD: '1s',
  // Each has sent something and has its reply long before the end of its hold.
  WS_MESSAGE_INTERVAL: '250ms',
  WS_MESSAGE_TIMEOUT: '1s',
};

/** A conversation that works, to have parts of it replaced. */
const parts = {
  opened: 'opened: (session) => session.ready(),',
  received: "received: (session, frame) => { session.answered(Number(String(frame).split(' ')[1])); },",
  requests: "requests: { ask: { frames: (session, n) => 'ask ' + n } },",
  rest: '',
};

/** The module with these parts; what goes wrong stands in line 4 or below. */
const moduleWith = (own: Partial<typeof parts>) =>
  ['// A module of the user.', 'export default {', ...Object.values({ ...parts, ...own }), '};', ''].join('\n');

function expectOnTime({ durationMs, summary }: K6Result): void {
  expect(durationMs).toBeLessThan((summary?.plan.totalMs ?? 0) + 10_000);
}

/** Nothing of it is blamed on the server. */
function expectNoBlame(result: K6Result): void {
  const { connections, messages } = summaryOf(result);
  const reasons = [connections.failed, connections.notReady, connections.dropped, messages.failed].flatMap(Object.keys);
  expect(new Set(reasons)).toEqual(new Set(['script_error']));
}

describe.each(SCENARIOS)('what a module throws in $scenario', ({ scenario, transport }) => {
  const run = async (module: string, env: Record<string, string> = {}) => {
    const server = await startTargetServer();
    afterwards(() => server.close());
    const file = await fileWith('mine.ts', module);
    const result = await runK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: file, ...env } });
    return { result, server };
  };

  it.each([
    {
      where: 'a typing error in received()',
      own: { received: 'received: (session, frame) => { session.anwsered(1); },' },
      text: /TypeError: Object has no member '#?anwsered'? at mine\.ts:4:\d+/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'frames()',
      own: { requests: "requests: { ask: { frames() { throw new Error('no frames today'); } } }," },
      text: /Error: no frames today at mine\.ts:5:\d+/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'handshake()',
      own: { rest: "handshake() { throw new Error('no token'); }," },
      text: /Error: no token at mine\.ts:6:\d+/,
      books: { failed: { script_error: CONNECTIONS } },
    },
    {
      where: 'begin()',
      own: { rest: "begin() { throw new Error('no state'); }," },
      text: /Error: no state at mine\.ts:6:\d+/,
      books: { failed: { script_error: CONNECTIONS } },
    },
    {
      where: 'opened()',
      own: { opened: "opened() { throw new Error('no login'); }," },
      text: /Error: no login at mine\.ts:3:\d+/,
      books: { established: CONNECTIONS, notReady: { script_error: CONNECTIONS } },
    },
    {
      where: 'a timer',
      own: {
        opened: "opened: (session) => { session.ready(); session.after(100, () => { throw new Error('no time'); }); },",
      },
      text: /Error: no time at mine\.ts:3:\d+/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'goodbye()',
      own: { rest: "goodbye() { throw new Error('no end'); }," },
      text: /Error: no end at mine\.ts:6:\d+/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'k6’s own timer',
      own: { received: 'received: (session, frame) => { setTimeout(() => session.answered(1), 100); },' },
      text: /Error: setTimeout\(\) or setInterval\(\) in a conversation, expected session\.after\(ms, .* at mine\.ts:4:\d+/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'a promise that a callback returns',
      own: { received: 'received: (session, frame) => Promise.resolve(frame),' },
      text: /TypeError: received returned a promise, expected a function that does all at once/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
    {
      where: 'timers that run wild',
      own: {
        // So many that a k6 that comes to its turn twenty times a second calls back too often.
        opened:
          'opened(session) { session.ready(); for (let i = 0; i < 100; i++) session.every(1, () => undefined); },',
      },
      text: /more than 1000 callbacks of after\(\) and every\(\) in a second on one connection/,
      books: { established: CONNECTIONS, ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } },
    },
  ])('in $where is counted with its text and place, and fails the run in time', async ({ own, text, books }) => {
    const { result } = await run(moduleWith(own));
    const { sent, answered, messagesFailed, ...rest } = booksOf(result);
    const { sent: _, answered: __, messagesFailed: ___, ...expected } = booksWith({ attempted: CONNECTIONS, ...books });
    expect(rest).toEqual(expected);
    expect(answered + (messagesFailed['script_error'] ?? 0)).toBe(sent);
    const { scriptErrors } = summaryOf(result);
    expect(Object.values(scriptErrors)).toEqual([CONNECTIONS]);
    expect(Object.keys(scriptErrors)[0]).toMatch(text);
    expectNoBlame(result);
    expectBalance(result);
    expectOnTime(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout.replace(/\s+/g, ' ')).toMatch(text);
    expect(result.stderr.split('\n').length).toBeLessThan(20);
  });

  it('in closed() is none of the server, which closes', async () => {
    const server = await serve([{ ending: { kind: 'close', code: 4400, reason: 'enough', afterMs: 100 } }]);
    const file = await fileWith(
      'mine.ts',
      moduleWith({ requests: '', rest: "closed() { throw new Error('no words'); }," }),
    );
    const result = await runK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: file } });
    expect(booksOf(result)).toMatchObject({ ready: CONNECTIONS, dropped: { script_error: CONNECTIONS } });
    expect(Object.keys(summaryOf(result).scriptErrors)[0]).toMatch(/Error: no words at mine\.ts:6:\d+/);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('of a frame of 1 MB to a server that does not read, ends in time', async () => {
    const server = await serve([{ talk: { kind: 'stopReading' } }]);
    const big = "requests: { big: { frames: () => 'x'.repeat(1000000) } },";
    const file = await fileWith('mine.ts', moduleWith({ requests: big }));
    const result = await runK6({
      scenario,
      limitMs: 60_000,
      env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: file },
    });
    const { sent, ...books } = booksOf(result);
    if (transport === 'ws') {
      expect(books).toMatchObject({ ready: 10, closed: 0, dropped: { script_error: 10 } });
      expect(Object.keys(summaryOf(result).scriptErrors)[0]).toMatch(
        /request big gave a frame of (#|1000000) bytes: over k6\/ws at most/,
      );
    } else {
      expect(books).toMatchObject({ ready: 10, closed: 10, dropped: {}, messagesFailed: { timeout: sent } });
      // What is under way unread is bounded to one each; those that are held back meanwhile time out.
      expect(result.stdout).toContain('sending paused: 64 KB without a sign that the server');
      expect(sent).toBeGreaterThan(10);
    }
    expectBalance(result);
    expectOnTime(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});

describe('a module that is wrong from the start', () => {
  const run = async (module: string, env: Record<string, string> = {}) => {
    const server = await startTargetServer();
    afterwards(() => server.close());
    const file = await fileWith('mine.ts', module);
    const result = await runK6({
      scenario: 'concurrent',
      env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: file, ...env },
    });
    expect(server.stats().accepted).toBe(0);
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    return result.stderr.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  };

  it.each([
    {
      what: 'throws when it is loaded',
      module: 'const settings = {};\nconst room = settings.rooms.first;\nexport default { received() {} };\n',
      says: /WS_CONVERSATION=".*mine\.ts": the module could not be loaded: TypeError: Cannot read property 'first' of undefined.*mine\.ts:2:\d+/,
    },
    {
      what: 'is not TypeScript',
      module: 'export default {\n  received( {\n};\n',
      says: /WS_CONVERSATION=".*mine\.ts": the module could not be loaded: .*mine\.ts/,
    },
    {
      what: 'has no default export',
      module: 'export const conversation = {};\n',
      says: /WS_CONVERSATION=".*mine\.ts": .*received is missing/,
    },
    {
      what: 'misspells a callback',
      module: 'export default { recieved() {}, requests: { a: { weight: -1, frames: 3 } } };\n',
      says: /recieved is not part of a conversation.*received is missing.*requests\.a\.frames is number/s,
    },
    {
      what: 'has an async method',
      module: 'export default { async received(session, frame) { session.answered(1); } };\n',
      says: /received is async or a generator, expected a function that does all at once/,
    },
    {
      what: 'misspells a wish of a request',
      module: "export default { received() {}, requests: { a: { frames: () => 'x', timeout: 5 } } };\n",
      says: /requests\.a\.timeout is not part of a request: expected frames, reply, weight, timeoutMs, reach/,
    },
    {
      what: 'takes sleep from k6',
      module: "import { sleep } from 'k6';\nexport default { received() { sleep(1); } };\n",
      says: /mine\.ts takes sleep from k6, which would stop all connections of its VU: use session\.after\(ms, callback\)/,
    },
    {
      what: 'takes timers from k6',
      module: "import { setTimeout } from 'k6/timers';\nexport default { received() { setTimeout(() => {}, 1); } };\n",
      says: /mine\.ts takes timers from k6\/timers, .*: use session\.after\(ms, callback\) or session\.every/,
    },
    {
      what: 'sets a timer of k6 while it loads',
      module: 'setTimeout(() => {}, 1);\nexport default { received() {} };\n',
      says: /could not be loaded: Error: setTimeout\(\) or setInterval\(\) in a conversation, .* at mine\.ts:1:\d+/,
    },
    {
      what: 'makes a metric of ours',
      module:
        "import { Counter } from 'k6/metrics';\nconst sent = new Counter('ws_messages_sent');\nexport default { received() { sent.add(1); } };\n",
      says: /mine\.ts makes a metric ws_messages_sent, which this test has itself: call it otherwise/,
    },
  ])('and $what, is refused in one clear error', async ({ module, says }) => {
    const stderr = await run(module);
    expect(stderr).toMatch(says);
    expect(stderr.match(/WS_CONVERSATION=/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/dist\/concurrent\.js:\d+/);
  });

  it('is told where it was looked for, when it is not there', async () => {
    const result = await runK6({ scenario: 'concurrent', env: { ...SHORT, WS_CONVERSATION: 'missing/chat.ts' } });
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(result.stderr).toMatch(/there is no such file; looked for .*missing\/chat\.ts, .*dist\/missing\/chat\.ts/);
  });

  it('is told the new name of WS_PROTOCOL, and what became of any-reply', async () => {
    const renamed = await runK6({ scenario: 'concurrent', env: { ...SHORT, WS_PROTOCOL: 'listen' } });
    expect(renamed.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(renamed.stderr).toContain('WS_CONVERSATION');
    const gone = await runK6({ scenario: 'concurrent', env: { ...SHORT, WS_CONVERSATION: 'any-reply' } });
    expect(gone.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(gone.stderr).toContain('examples/next-frame.ts');
  });
});

it('a module may check, count metrics of its own, and build on a shipped conversation', async () => {
  const server = await startTargetServer();
  afterwards(() => server.close());
  const place = await folder();
  const file = path.join(place, 'mine.ts');
  await writeFile(
    file,
    `import { check } from 'k6';
import { Counter } from 'k6/metrics';
const frames = new Counter('my_frames');
export default ({ echo }) => {
  const shipped = echo({ size: 100 });
  return {
    ...shipped,
    received(session, frame) {
      check(frame, { 'a frame of 100 bytes': (text) => text.length === 100 });
      frames.add(1);
      shipped.received(session, frame);
    },
  };
};
`,
  );
  const result = await runK6({ scenario: 'concurrent', env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: file } });
  const { received } = server.stats();
  expect(booksOf(result)).toMatchObject({ sent: received, answered: received });
  expect(summaryOf(result).checks).toEqual({ 'a frame of 100 bytes': { passes: received, fails: 0 } });
  expect(result.stdout).toMatch(new RegExp(`my_frames\\.+: ${received} `));
  expect(result.exitCode).toBe(PASSED);
});
