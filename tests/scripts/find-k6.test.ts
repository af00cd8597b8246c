import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EXIT_NO_K6, findK6, k6OfVersion } from '../../scripts/lib/find-k6.mjs';
import { checksumOf, describeMissingTar, releaseName } from '../../scripts/lib/k6-release.mjs';
import { FALLBACK_K6, PINNED_K6 } from '../../scripts/lib/k6-version.mjs';
import { ownPort } from '../servers/own-port.mjs';
import { fakeProgram, k6Answering, temporaryFolder } from './fakes.ts';
import { ARCHIVE, packRelease, serveReleases, sha256 } from './releases-server.ts';

/** Nobody listens there, so that a download fails at once. */
const NO_RELEASES = `http://127.0.0.1:${await ownPort()}`;

let said: string;

beforeEach(() => {
  vi.restoreAllMocks();
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});

/** A machine with nothing on PATH, an empty cache and no internet. */
function machine() {
  const folder = temporaryFolder();
  const programs = path.join(folder, 'bin');
  const cache = path.join(folder, 'cache');
  return { programs, cache, env: { PATH: programs, LOAD_TEST_CACHE: cache, LOAD_TEST_K6_RELEASES: NO_RELEASES } };
}

/** A Go that builds a k6 of the version that go.mod requires, unless it is in `broken`; it logs what it was asked. */
function fakeGo(folder: string, broken: string[] = []): string {
  const log = path.join(folder, 'go.log');
  fakeProgram(
    folder,
    'go',
    `const fs = require('node:fs');
     const [, required, version] = /^require (\\S+) v(\\S+)$/m.exec(fs.readFileSync('go.mod', 'utf8'));
     const { GOFLAGS, GOWORK, GOOS, CGO_ENABLED } = process.env;
     fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: process.argv.slice(2), required, version, GOFLAGS, GOWORK, GOOS, CGO_ENABLED }) + '\\n');
     if (${JSON.stringify(broken)}.includes(version)) { console.error('go: downloading\\ngo: needs a newer Go'); process.exit(1); }
     const out = process.argv[process.argv.indexOf('-o') + 1];
     fs.writeFileSync(out, '#!' + process.execPath + "\\nconsole.log('k6 v" + version + " (go1.26.8, linux/amd64)');", { mode: 0o755 });`,
  );
  return log;
}

function goLog(file: string) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What a failed fetch may leave in the cache: nothing. */
function inCache(cache: string): string[] {
  return existsSync(cache) ? readdirSync(cache) : [];
}

// The fakes are scripts that Windows does not start.
describe.skipIf(process.platform === 'win32')('findK6', () => {
  describe('on PATH', () => {
    test.each([
      ['k6 v1.8.1 (commit/5a8e3c1, go1.25.1, linux/amd64)', '1.8.1'],
      ['k6 v2.2.0 (go1.26.8, linux/amd64)', '2.2.0'],
    ])('%s is taken as it is, without a word', async (text, version) => {
      const { programs, cache, env } = machine();
      const program = fakeProgram(programs, 'k6', k6Answering(text));
      expect(await findK6(env)).toEqual({ path: program, version });
      expect([said, inCache(cache)]).toEqual(['', []]);
    });

    test('one that is too old is passed over, saying so', async () => {
      const { programs, env } = machine();
      const program = fakeProgram(programs, 'k6', k6Answering('k6 v0.57.0 (commit/1, go1.23.4, linux/amd64)'));
      const { url } = await serveReleases(packRelease());
      const { version } = await findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      expect(version).toBe(PINNED_K6);
      expect(said).toContain(`No k6 from PATH: ${program} is v0.57.0, older than v1.8.0.\n`);
    });

    test('one that is not k6 at all is passed over, saying what it printed', async () => {
      const { programs, env } = machine();
      fakeProgram(programs, 'k6', "console.error('k6: six kittens'); process.exit(3);");
      const { url } = await serveReleases(packRelease());
      await findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      expect(said).toContain('does not answer like k6, it printed: k6: six kittens.\n');
    });
  });

  describe('for a user without a home folder', () => {
    beforeEach(() => {
      vi.spyOn(os, 'homedir').mockImplementation(() => {
        throw new Error('ENOENT: no such file or directory, uv_os_homedir');
      });
    });

    test('one on PATH is taken, since it needs no cache', async () => {
      const { programs } = machine();
      const program = fakeProgram(programs, 'k6', k6Answering('k6 v2.2.0 (go1.26.8, linux/amd64)'));
      expect(await findK6({ PATH: programs })).toEqual({ path: program, version: '2.2.0' });
    });

    test('none on PATH is an error that names the variable to set', async () => {
      const { programs } = machine();
      await expect(findK6({ PATH: programs })).rejects.toMatchObject({
        exitCode: EXIT_NO_K6,
        message: expect.stringContaining(
          'PATH: there is none\n  cache, download and build: this user has no home folder; set LOAD_TEST_CACHE to ',
        ),
      });
    });
  });

  describe('download', () => {
    test('the release is fetched once and then found in the cache', async () => {
      const { cache, env } = machine();
      const { url, requests } = await serveReleases(packRelease());
      const first = await findK6({ ...env, LOAD_TEST_K6_RELEASES: `${url}/` });
      expect(first.version).toBe(PINNED_K6);
      expect(path.relative(cache, first.path).split(path.sep)).toEqual([expect.stringContaining(PINNED_K6), 'k6']);
      expect(said).toContain(`Downloading k6 v${PINNED_K6} from ${url}/v${PINNED_K6}/${ARCHIVE}\n`);
      expect(requests).toHaveLength(2);
      said = '';
      expect(await findK6({ ...env, LOAD_TEST_K6_RELEASES: url })).toEqual(first);
      expect([said, requests.length, inCache(cache).length]).toEqual(['', 2, 1]);
      // By its version: it is the same one, and another one is not there.
      expect(await k6OfVersion(PINNED_K6, { ...env, LOAD_TEST_K6_RELEASES: url })).toEqual(first);
      await expect(k6OfVersion('1.9.9', { ...env, LOAD_TEST_K6_RELEASES: url })).rejects.toThrow('Go is not on PATH');
    });

    test('calls at the same time all get a whole one', async () => {
      const { cache, env } = machine();
      const { url } = await serveReleases(packRelease());
      const all = await Promise.all(Array.from({ length: 5 }, () => findK6({ ...env, LOAD_TEST_K6_RELEASES: url })));
      expect(new Set(all.map((k6) => k6.path)).size).toBe(1);
      expect(inCache(cache)).toHaveLength(1);
    });

    test('a wrong checksum is refused and nothing of it is kept or run', async () => {
      const { cache, env } = machine();
      const archive = packRelease();
      const { url } = await serveReleases(archive, `${'a'.repeat(64)}  ${ARCHIVE}\n`);
      const search = findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      await expect(search).rejects.toMatchObject({ exitCode: EXIT_NO_K6 });
      expect(said).toContain(
        `${ARCHIVE} has the SHA-256 checksum ${sha256(archive)} but ${'a'.repeat(64)} is published, so it was refused.\n`,
      );
      expect(inCache(cache)).toEqual([]);
    });

    test('a download that breaks off is refused', async () => {
      const { cache, env } = machine();
      const archive = packRelease();
      const { url } = await serveReleases(
        (response) => {
          response.writeHead(200, { 'content-length': archive.length });
          response.write(archive.subarray(0, 100), () => response.destroy());
        },
        `${sha256(archive)}  ${ARCHIVE}\n`,
      );
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: url })).rejects.toMatchObject({ exitCode: EXIT_NO_K6 });
      expect(said).toMatch(new RegExp(`No k6 from download: ${url}/v${PINNED_K6}/${ARCHIVE}: .+\\.\n`));
      expect(inCache(cache)).toEqual([]);
    });

    test('a file cut short that arrives without an error is refused', async () => {
      const { env } = machine();
      const archive = packRelease();
      const { url } = await serveReleases(archive.subarray(0, 100), `${sha256(archive)}  ${ARCHIVE}\n`);
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: url })).rejects.toThrow('so it was refused');
    });

    test('a release that is not there, and one without a published checksum', async () => {
      const { env } = machine();
      const missing = await serveReleases(
        (response) => response.writeHead(404).end(),
        `${'a'.repeat(64)}  ${ARCHIVE}\n`,
      );
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: missing.url })).rejects.toThrow(`${ARCHIVE}: HTTP 404`);
      const unlisted = await serveReleases(packRelease(), `${'a'.repeat(64)}  other.zip\n`);
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: unlisted.url })).rejects.toThrow(
        `the published checksums have no line for ${ARCHIVE}`,
      );
      expect(unlisted.requests).toHaveLength(1);
    });

    test('a machine without tar is told what to install', async () => {
      const { programs, cache, env } = machine();
      const { url } = await serveReleases(packRelease());
      // The program is looked for in the PATH of this process.
      vi.stubEnv('PATH', programs);
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: url })).rejects.toThrow(
        'download: there is no tar on PATH to unpack it with; install tar, or k6 itself',
      );
      vi.unstubAllEnvs();
      expect(inCache(cache)).toEqual([]);
    });

    test('a LOAD_TEST_K6_RELEASES that is no address is bad input, not a failed download', async () => {
      const { env } = machine();
      await expect(findK6({ ...env, LOAD_TEST_K6_RELEASES: 'mirror' })).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(
          /^LOAD_TEST_K6_RELEASES is "mirror" but has to be an http or https address, for example https:/,
        ),
      });
    });
  });

  describe('Go', () => {
    test('builds the pinned version where no release can be had, in its own module and for this machine', async () => {
      const { programs, cache, env } = machine();
      const log = fakeGo(programs);
      const k6 = await findK6({
        ...env,
        GOFLAGS: '-buildvcs=false',
        GOOS: 'plan9',
        GOWORK: '/elsewhere/go.work',
      } as typeof env);
      expect(k6.version).toBe(PINNED_K6);
      expect(goLog(log)).toEqual([
        expect.objectContaining({
          required: 'go.k6.io/k6/v2',
          version: PINNED_K6,
          args: expect.arrayContaining(['build', '-mod=mod', 'go.k6.io/k6/v2']),
          GOFLAGS: '-buildvcs=false',
          GOWORK: 'off',
          GOOS: '',
          CGO_ENABLED: '0',
        }),
      ]);
      expect(said).toMatch(/No k6 from download: .+ECONNREFUSED.+\nBuilding k6 v.+\nBuilt k6 v.+ in \d+ s\.\n$/);
      expect(await findK6(env)).toEqual(k6);
      expect([goLog(log).length, inCache(cache).length]).toEqual([1, 1]);
    });

    test('builds the last v1 where the pinned version cannot be built, and keeps to it', async () => {
      const { programs, env } = machine();
      const log = fakeGo(programs, [PINNED_K6]);
      const k6 = await findK6(env);
      expect(k6.version).toBe(FALLBACK_K6);
      expect(goLog(log)[1]).toMatchObject({ required: 'go.k6.io/k6', version: FALLBACK_K6 });
      expect(said).toContain(
        `No k6 from a Go build of v${PINNED_K6}: go build go.k6.io/k6/v2@v${PINNED_K6} failed: go: needs a newer Go.\n`,
      );
      expect(await findK6(env)).toEqual(k6);
      expect(goLog(log)).toHaveLength(2);
    });
  });

  describe('cache', () => {
    test('a damaged one is removed and fetched again', async () => {
      const { env } = machine();
      const { url, requests } = await serveReleases(packRelease());
      const { path: program } = await findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      writeFileSync(program, '');
      chmodSync(program, 0o755);
      expect(await findK6({ ...env, LOAD_TEST_K6_RELEASES: url })).toEqual({ path: program, version: PINNED_K6 });
      expect(said).toContain('Removing what is in the cache: ');
      // The new one is whole: it is found without fetching a third time.
      await findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      expect(requests).toHaveLength(4);
    });

    test('what a killed fetch left behind is removed, what a running one works in is not', async () => {
      const { cache, env } = machine();
      const { url } = await serveReleases(packRelease());
      for (const name of ['fetching-old', 'fetching-new']) mkdirSync(path.join(cache, name), { recursive: true });
      const yesterday = new Date(Date.now() - 24 * 3_600_000);
      utimesSync(path.join(cache, 'fetching-old'), yesterday, yesterday);
      await findK6({ ...env, LOAD_TEST_K6_RELEASES: url });
      expect(inCache(cache).filter((name) => name.startsWith('fetching-'))).toEqual(['fetching-new']);
    });
  });

  test('where nothing works, one error names all that was tried and what to do', async () => {
    const { cache, env } = machine();
    await expect(findK6(env)).rejects.toMatchObject({
      exitCode: EXIT_NO_K6,
      message: expect.stringMatching(
        new RegExp(
          [
            '^No k6 could be found or fetched. Tried in this order:',
            '  PATH: there is none',
            `  the cache in ${cache}: it holds none`,
            `  download: ${NO_RELEASES}/\\S+: .+`,
            `  a Go build of v${PINNED_K6}: Go is not on PATH`,
            `  a Go build of v${FALLBACK_K6}: Go is not on PATH`,
            'Install k6 v1.8.0 or newer so that it is on PATH: https://grafana.com/docs/k6/\\S+$',
          ].join('\n'),
        ),
      ),
    });
    // On the way only the failure is told, not what this machine does not have.
    expect(said).toMatch(/^No k6 from download: [^\n]+\n$/);
  });
});

test.each([
  ['linux', 'x64', 'k6-v2.2.0-linux-amd64'],
  ['linux', 'arm64', 'k6-v2.2.0-linux-arm64'],
  ['darwin', 'arm64', 'k6-v2.2.0-macos-arm64'],
  ['win32', 'x64', 'k6-v2.2.0-windows-amd64'],
  ['linux', 's390x', undefined],
  ['freebsd', 'x64', undefined],
])('the release for %s on %s is %s', (platform, arch, name) => {
  expect(releaseName('2.2.0', platform, arch)).toBe(name);
});

test('a checksum is that of exactly the file named, in either form of sha256sum', () => {
  const [a, b, c] = ['a', 'b', 'C'].map((digit) => digit.repeat(64));
  const list = `${a}  k6.zip.sig\r\n${b} *k6.zip\r\n${c}  dir/k6.zip\r\nnothing  k6.exe\n`;
  expect(checksumOf(list, 'k6.zip')).toBe(b);
  expect(checksumOf(list, 'dir/k6.zip')).toBe('c'.repeat(64));
  expect(checksumOf(list, 'k6.exe')).toBeUndefined();
  expect(checksumOf(list, 'zip')).toBeUndefined();
});

test('a Windows without tar (Server 2016) is told which have it, and what to install', () => {
  const tar = 'C:\\Windows\\System32\\tar.exe';
  expect(describeMissingTar(tar, 'win32')).toMatch(
    /^there is no C:\\Windows\\System32\\tar\.exe .+ Windows 10 version 1803 .+; install k6 itself: winget install k6, or /,
  );
});
