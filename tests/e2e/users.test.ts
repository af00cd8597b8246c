import { describe, expect, it } from 'vitest';
import { startRecorder } from '../servers/spoken/recorder.mjs';
import { booksOf, expectBalance, PASSED, SCENARIOS, SCRIPT_EXCEPTION } from './cases.ts';
import { type K6Result, runK6 } from './helpers.ts';
import { fileWith, forThisTest, moduleOf, summaryOf } from './spoken.ts';

const CONNECTIONS = 100;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: String(CONNECTIONS),
  WS_BATCH_SIZE: '50',
  WS_HOLD: '3s',
  WS_MESSAGE_INTERVAL: '1s',
  WS_MESSAGE_TIMEOUT: '1s',
};

/** Users whose name, token, place and dialect stand in a column each; all hold the word `sesame`, by which it is looked for. */
const users = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `sesame name/${i}&ö`,
    token: `sesame-token-${i}`,
    dialect: `sesame.${i}`,
  }));

const csv = (rows: ReturnType<typeof users>) =>
  ['name,token,dialect', ...rows.map(({ name, token, dialect }) => `"${name}",${token},${dialect}`)].join('\n');

const COLUMNS = {
  WS_HEADERS: '{"Authorization":"Bearer {token}","X-Braces":"{{token}}"}',
  WS_SUBPROTOCOL: 'plain.{dialect}',
};

/** None of what k6 and this package wrote shows a value of a user. */
function expectNoUser({ stdout, stderr, summary, junit, samples }: K6Result): void {
  for (const text of [stdout, stderr, JSON.stringify(summary), junit ?? '', samples]) {
    expect(text).not.toMatch(/sesame/i);
  }
}

describe.each(SCENARIOS)('the users of $scenario', ({ scenario }) => {
  it('are those of the file, each in its address, headers and sub-protocol, and shown nowhere', async () => {
    const server = await forThisTest(startRecorder());
    const rows = users(CONNECTIONS);
    const result = await runK6({
      scenario,
      samples: true,
      env: {
        ...SHORT,
        ...COLUMNS,
        WS_URL: `${server.url}chat/{name}?token={token}&q={{}}`,
        WS_USERS: await fileWith('users.csv', csv(rows)),
      },
    });
    const said = server
      .clients()
      .map(({ url, headers }) => [url, headers.authorization, headers['x-braces'], headers['sec-websocket-protocol']]);
    const expected = rows.map(({ name, token, dialect }) => [
      `/chat/${encodeURIComponent(name)}?token=${token}&q=%7B%7D`,
      `Bearer ${token}`,
      '{token}',
      `plain.${dialect}`,
    ]);
    expect(said.sort()).toEqual(expected.sort());
    expect(booksOf(result)).toMatchObject({
      established: CONNECTIONS,
      closed: CONNECTIONS,
      dropped: {},
      unexpected: 0,
    });
    expect(booksOf(result).answered).toBe(server.counts()['received']);
    expect(summaryOf(result).plan.users).toBe(CONNECTIONS);
    expect(result.stdout).toContain('100 users, each connection its own.');
    expect(result.samples).toContain('ws_connect_attempts');
    expectNoUser(result);
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });

  it('are used again where they are fewer than connections, and the report says how often', async () => {
    const server = await forThisTest(startRecorder());
    const rows = users(30);
    const result = await runK6({
      scenario,
      env: {
        ...SHORT,
        WS_URL: `${server.url}?token={token}`,
        WS_USERS: await fileWith('users.json', JSON.stringify(rows)),
      },
    });
    const times: Record<string, number> = {};
    for (const { url } of server.clients()) times[url] = (times[url] ?? 0) + 1;
    // 100 connections: 10 users have four, 20 have three.
    expect(Object.keys(times)).toHaveLength(30);
    expect(rows.map(({ token }) => times[`/?token=${token}`])).toEqual(rows.map((_, i) => (i < 10 ? 4 : 3)));
    expect(result.stdout).toContain('30 users, each for up to 4 connections.');
    expect(result.exitCode).toBe(PASSED);
  });

  it('are masked in errors and refusals that quote them', async () => {
    const server = await forThisTest(startRecorder());
    const result = await runK6({
      scenario,
      samples: true,
      env: {
        ...SHORT,
        WS_URL: server.url,
        WS_TRACE: '2',
        WS_CONVERSATION: moduleOf('telltale'),
        WS_USERS: await fileWith('users.csv', csv(users(CONNECTIONS))),
      },
    });
    const { scriptErrors, unexpectedFrames, messages, connections } = summaryOf(result);
    expect(Object.keys(scriptErrors).join()).toMatch(/Error: the token \*\*\* is no good at telltale\.ts:\d+:\d+/);
    expect(Object.keys(unexpectedFrames).join()).toContain('stray ***');
    expect(Object.keys(messages.refused).join()).toContain('no such user ***');
    expect(connections.dropped).toMatchObject({ script_error: CONNECTIONS / 4, 'gone with ***': CONNECTIONS / 4 });
    expectNoUser(result);
  });
});

describe('a users’ file that cannot be used', () => {
  const run = async (text: string | null, env: Record<string, string> = {}) => {
    const server = await forThisTest(startRecorder());
    const file = text === null ? '/nowhere/users.csv' : await fileWith('users.csv', text);
    const result = await runK6({
      scenario: 'concurrent',
      samples: true,
      env: { ...SHORT, WS_URL: server.url, WS_USERS: file, ...env },
    });
    return { result, server };
  };

  it.each([
    {
      what: 'an unknown column',
      text: csv(users(2)),
      env: { WS_HEADERS: '{"X-A":"{tokn}"}' },
      says: 'WS_HEADERS takes {tokn}, but WS_USERS has only name, token, dialect',
    },
    { what: 'no row', text: '\n', env: {}, says: 'but the file is empty' },
    { what: 'a header alone', text: 'name,token\n', env: {}, says: 'but it has no rows of users' },
    {
      what: 'a row of another length',
      text: 'name,token\nann,sesame\nbob\n',
      env: {},
      says: 'but line 3 has 1 field where the header has 2',
    },
    {
      what: 'an open quote',
      text: 'name,token\n"ann,sesame\n',
      env: {},
      says: 'but the quotes in line 2 are unclosed',
    },
    {
      what: 'an object in place of a list',
      text: '{"name":"sesame"}',
      env: {},
      says: 'but it is one JSON object in place of an array',
    },
  ])('with $what, is refused in one error before the first connection', async ({ text, env, says }) => {
    const { result, server } = await run(text, env as Record<string, string>);
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(result.stderr).toContain(says);
    expect(result.stderr.split(says)).toHaveLength(2);
    expect(result.stderr).not.toContain('\n    at ');
    expect(server.counts()['handshakes']).toBe(0);
    expectNoUser(result);
  });

  it('that is not there, is looked for in places that the error names', async () => {
    const { result, server } = await run(null);
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(result.stderr).toContain('there is no such file, or it cannot be read; looked for /nowhere/users.csv');
    expect(server.counts()['handshakes']).toBe(0);
  });
});
