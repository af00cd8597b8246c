import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { typedFolder, withAbsolutePaths } from '../../scripts/lib/typed-paths.mjs';
import { ROOT, temporaryFolder } from './fakes.ts';

describe('the folder where the command was typed', () => {
  test("is npm's INIT_CWD, else the working directory", () => {
    const folder = temporaryFolder();
    expect(typedFolder({ INIT_CWD: folder }, ROOT)).toBe(folder);
    expect(typedFolder({}, '/elsewhere')).toBe('/elsewhere');
  });

  test("is the working directory where npm runs a script of the user's own project", () => {
    expect(typedFolder({ INIT_CWD: temporaryFolder() }, '/elsewhere')).toBe('/elsewhere');
  });

  test('is not one that is gone, or relative, or a file', () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'file'), '');
    for (const INIT_CWD of [path.join(folder, 'gone'), '.', path.join(folder, 'file'), '']) {
      expect(typedFolder({ INIT_CWD }, ROOT)).toBe(ROOT);
    }
  });
});

describe("the user's paths", () => {
  const folder = path.resolve('/typed here');
  const at = (...names: string[]) => path.join(folder, ...names);

  test.each([
    ['WS_RESULTS_DIR', 'results', at('results')],
    ['WS_USERS', 'users.csv', at('users.csv')],
    ['WS_USERS', path.resolve('/data/users.csv'), path.resolve('/data/users.csv')],
    ['WS_CONVERSATION', 'chat.ts', at('chat.ts')],
    ['WS_CONVERSATION', 'chat.MJS', at('chat.MJS')],
    ['WS_CONVERSATION', './chat', at('chat')],
    ['WS_CONVERSATION', '../mine/chat.cjs', path.resolve('/mine/chat.cjs')],
    ['WS_CONVERSATION', path.resolve('/mine/chat.js'), path.resolve('/mine/chat.js')],
  ])('%s=%s is %s', (name, given, absolute) => {
    expect(withAbsolutePaths({ [name]: given, WS_HOLD: '1s' }, folder)).toEqual({ [name]: absolute, WS_HOLD: '1s' });
  });

  test.each(['echo', 'socket.io', 'graphql-transport-ws', 'json-rpc', 'file:///mine/chat.ts'])(
    '%s stays as it is',
    (WS_CONVERSATION) => {
      expect(withAbsolutePaths({ WS_CONVERSATION }, folder)).toEqual({ WS_CONVERSATION });
    },
  );

  test('a backslash makes a path too', () => {
    const { WS_CONVERSATION } = withAbsolutePaths({ WS_CONVERSATION: 'mine\\chat' }, folder);
    expect(path.isAbsolute(WS_CONVERSATION as string)).toBe(true);
  });

  test('a run to compare with is one of the folder, else left to the script, which looks in the package', () => {
    const here = temporaryFolder();
    writeFileSync(path.join(here, 'summary.json'), '{}');
    const found = withAbsolutePaths({ WS_COMPARE_WITH: 'summary.json' }, here);
    expect(found).toEqual({ WS_COMPARE_WITH: path.join(here, 'summary.json') });
    const elsewhere = { WS_COMPARE_WITH: 'results/summary.json' };
    expect(withAbsolutePaths(elsewhere, here)).toEqual(elsewhere);
  });
});
