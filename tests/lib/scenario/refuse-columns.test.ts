import { expect, it } from 'vitest';
import { refuseColumns } from '../../../lib/scenario/refuse-columns.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

const USERS = [{ user: 'ann', token: 'hunter2' }];

function refused(env: Record<string, string>, users: Record<string, string>[] | null): string {
  try {
    refuseColumns(parseSettings(env), users);
    return '';
  } catch (error) {
    return String(error);
  }
}

it.each([
  {},
  { WS_URL: 'ws://h/?t={token}', WS_HEADERS: '{"X":"{user} {user}"}', WS_SUBPROTOCOL: 'v1-{user}' },
  { WS_URL: 'ws://h/?t={{1}}' },
])('takes columns that the users have: %j', (env) => {
  expect(refused({ ...env, WS_USERS: 'users.csv' }, USERS)).toBe('');
});

it('refuses all others at once, each once, and shows no value', () => {
  const error = refused(
    {
      WS_URL: 'ws://h/{toke}/{toke},ws://i/{user}/{toke}',
      WS_HEADERS: '{"X":"{room}"}',
      WS_SUBPROTOCOL: 'v1-{kind}',
      WS_USERS: 'users.csv',
    },
    USERS,
  );
  for (const what of ['WS_URL takes {toke}', 'WS_HEADERS takes {room}', 'WS_SUBPROTOCOL takes {kind}']) {
    expect(error.split(`${what}, but WS_USERS has only user, token`)).toHaveLength(2);
  }
  expect(error).not.toContain('hunter2');
});

it('refuses columns where there are no users, with an example', () => {
  expect(refused({ WS_URL: 'ws://h/{token}' }, null)).toContain(
    "WS_URL takes {token} of the connection's user, but WS_USERS is not set; for example WS_USERS=users.csv, or {{ and }} for braces",
  );
});

it.each([
  { WS_HEADERS: '{"X-Auth":"{\\"token\\":\\"hunter2\\"}"}' },
  { WS_URL: 'ws://h/?auth={"jwt":"hunter2"}' },
  { WS_URL: 'ws://h/?auth={eyJhbGciOiJIUzI1NiJ9-hunter2-hunter2}' },
])('shows nothing of what is no plain name, such as JSON with single braces: %j', (env) => {
  const [name] = Object.keys(env);
  const what = `${name} takes what is between { and } (not shown: it can hold secrets)`;
  for (const users of [null, USERS]) {
    const error = refused(users === null ? env : { ...env, WS_USERS: 'users.csv' }, users);
    expect(error).toContain(what);
    expect(error).not.toContain('hunter2');
  }
});

it('says once that several are not shown', () => {
  const error = refused({ WS_URL: 'ws://h/?a={"b"}&c={"d"}' }, null);
  expect(error.split('(not shown')).toHaveLength(2);
});
