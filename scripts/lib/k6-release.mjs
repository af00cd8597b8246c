import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { capture } from './capture.mjs';
import { downloadFile, downloadText } from './download.mjs';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { makeFolder } from './make-folder.mjs';
import { say, withHeartbeat } from './say.mjs';

const RELEASES = 'https://github.com/grafana/k6/releases/download';

/** The systems that k6 is released for, as its release files name them. */
const SYSTEMS = /** @type {Record<string, string>} */ ({ linux: 'linux', darwin: 'macos', win32: 'windows' });
const MACHINES = /** @type {Record<string, string>} */ ({ x64: 'amd64', arm64: 'arm64' });

/**
 * The base name of the release for a system: `k6-v2.2.0-linux-amd64`.
 *
 * @param {string} version `2.2.0`
 * @param {string} [platform]
 * @param {string} [arch]
 * @returns {string | undefined} undefined if k6 publishes none.
 */
export function releaseName(version, platform = process.platform, arch = process.arch) {
  const system = SYSTEMS[platform];
  const machine = MACHINES[arch];
  return system && machine && `k6-v${version}-${system}-${machine}`;
}

/**
 * Fetches an official release, checks it against the checksum published with it, and unpacks it.
 *
 * @param {string} version `2.2.0`
 * @param {string} folder An empty folder to work in; whatever is left there belongs to the caller.
 * @param {NodeJS.ProcessEnv} [env] `LOAD_TEST_K6_RELEASES` names a mirror of the release downloads.
 * @returns {Promise<string>} The path of the k6 program inside the folder.
 * @throws {Error} Saying why not. Nothing that fails the check is ever unpacked.
 * @throws {ExitError} With code 2 if LOAD_TEST_K6_RELEASES is no http(s) address.
 */
export async function fetchRelease(version, folder, env = process.env) {
  const name = releaseName(version);
  if (!name) throw new Error(`there is no release for ${process.platform} on ${process.arch}`);
  const base = `${releasesUrl(env)}/v${version}`;
  const archive = name.includes('-linux-') ? `${name}.tar.gz` : `${name}.zip`;

  const checksums = await downloadText(`${base}/k6-v${version}-checksums.txt`);
  const expected = checksumOf(checksums, archive);
  if (!expected) throw new Error(`the published checksums have no line for ${archive}`);

  say(`Downloading k6 v${version} from ${base}/${archive}`);
  const file = path.join(folder, archive);
  await withHeartbeat(`downloading k6 v${version}`, downloadFile(`${base}/${archive}`, file));
  const actual = await sha256Of(file);
  if (actual !== expected) {
    throw new Error(`${archive} has the SHA-256 checksum ${actual} but ${expected} is published, so it was refused`);
  }
  await unpack(file, folder);
  return path.join(folder, name, process.platform === 'win32' ? 'k6.exe' : 'k6');
}

/** @param {NodeJS.ProcessEnv} env */
function releasesUrl(env) {
  const given = env['LOAD_TEST_K6_RELEASES'];
  if (!given) return RELEASES;
  if (/^https?:\/\/[^/]/.test(given)) return given.replace(/\/+$/, '');
  throw new ExitError(
    `LOAD_TEST_K6_RELEASES is "${given}" but has to be an http or https address, for example ${RELEASES}`,
    EXIT_BAD_INPUT,
  );
}

/**
 * The checksum of one file in a list as `sha256sum` prints it.
 *
 * @param {string} checksums
 * @param {string} file
 * @returns {string | undefined} 64 hexadecimal digits in lower case.
 */
export function checksumOf(checksums, file) {
  const line = checksums.split(/\r?\n/).find((text) => text.replace(/^\S+\s+\*?/, '') === file);
  return line && /^[0-9a-f]{64}(?=\s)/i.exec(line)?.[0].toLowerCase();
}

/** @param {string} file */
async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * @param {string} archive
 * @param {string} folder
 */
async function unpack(archive, folder) {
  await makeFolder(folder);
  const tar = tarProgram();
  const { code, stderr } = await capture(tar, ['-xf', archive, '-C', folder]).catch((error) => {
    throw error.code === 'ENOENT' ? new Error(describeMissingTar(tar)) : error;
  });
  if (code !== 0) throw new Error(`${path.basename(archive)} cannot be unpacked by tar: ${stderr.trim()}`);
}

/**
 * The tar of Windows and of macOS unpacks zip files too; another one on PATH, such as Git's, does not.
 *
 * @param {NodeJS.Platform} [platform]
 */
function tarProgram(platform = process.platform) {
  if (platform !== 'win32') return 'tar';
  return path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'tar.exe');
}

/**
 * @param {string} tar As it was looked for.
 * @param {NodeJS.Platform} [platform]
 * @returns {string} What to install.
 */
export function describeMissingTar(tar, platform = process.platform) {
  return platform === 'win32'
    ? `there is no ${tar} to unpack it with, which Windows has since Windows 10 version 1803 and Server 2019; install k6 itself: winget install k6, or the .msi file at https://github.com/grafana/k6/releases`
    : 'there is no tar on PATH to unpack it with; install tar, or k6 itself';
}
