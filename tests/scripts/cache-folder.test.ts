import os from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { cacheFolder } from '../../scripts/lib/cache-folder.mjs';

const HOME = os.homedir();
const NAME = 'k6-websocket-concurrency';

test.each([
  ['linux', {}, path.join(HOME, '.cache', NAME)],
  ['linux', { XDG_CACHE_HOME: '/var/xdg' }, path.join('/var/xdg', NAME)],
  // The XDG specification: a relative path is to be ignored.
  ['linux', { XDG_CACHE_HOME: 'xdg' }, path.join(HOME, '.cache', NAME)],
  ['darwin', { XDG_CACHE_HOME: '/var/xdg' }, path.join(HOME, 'Library', 'Caches', NAME)],
  ['win32', { LOCALAPPDATA: '/local' }, path.join('/local', NAME, 'Cache')],
  ['win32', {}, path.join(HOME, 'AppData', 'Local', NAME, 'Cache')],
  ['linux', { LOAD_TEST_CACHE: path.resolve('/mine'), XDG_CACHE_HOME: '/var/xdg' }, path.resolve('/mine')],
] as const)('%s %o', (platform, env, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});

test('a relative LOAD_TEST_CACHE is refused with a path that would do', () => {
  expect(() => cacheFolder({ LOAD_TEST_CACHE: 'cache' })).toThrow(
    `LOAD_TEST_CACHE is "cache" but has to be an absolute path, for example ${path.resolve('cache')}.`,
  );
});

test('a user without a home folder needs none where a variable names the cache, and else is told to set one', () => {
  vi.spyOn(os, 'homedir').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_os_homedir');
  });
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/xdg' }, 'linux')).toBe(path.join('/var/xdg', NAME));
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(path.join('/local', NAME, 'Cache'));
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(() => cacheFolder({}, platform)).toThrow(
      'this user has no home folder; set LOAD_TEST_CACHE to the absolute path of a folder',
    );
  }
  vi.restoreAllMocks();
});
