import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { capture } from './capture.mjs';
import { NothingThere } from './nothing-there.mjs';
import { onPath } from './on-path.mjs';
import { formatElapsed, say, withHeartbeat } from './say.mjs';

/**
 * Builds k6 from its Go module, whose checksum Go itself verifies.
 *
 * A module of our own that requires k6 is used, because `go install module@version` also asks the proxy for the list of
 * all versions (to warn of deprecation), which restricted networks refuse.
 *
 * @param {string} version `2.2.0`
 * @param {string} folder An empty folder to work in.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} The path of the k6 program inside the folder.
 * @throws {Error} Saying why not.
 */
export async function buildWithGo(version, folder, env = process.env) {
  const go = onPath('go', env);
  if (!go) throw new NothingThere('Go is not on PATH');
  const major = Number(version.split('.')[0]);
  const module = major > 1 ? `go.k6.io/k6/v${major}` : 'go.k6.io/k6';
  // What is built must run here, whatever the user cross-compiles at the moment; no C compiler is needed then either.
  const goEnv = { ...env, GOOS: '', GOARCH: '', GOWORK: 'off', GO111MODULE: 'on', CGO_ENABLED: '0' };

  await writeFile(path.join(folder, 'go.mod'), `module k6build\n\ngo 1.21\n\nrequire ${module} v${version}\n`);
  const program = path.join(folder, process.platform === 'win32' ? 'k6.exe' : 'k6');
  const what = `building k6 v${version} from source with Go`;
  say(`${what.replace(/^b/, 'B')}, once; this takes a minute or two.`);
  const startedMs = performance.now();
  // -mod=mod lets Go complete go.mod and go.sum. The rest is how the official releases are built.
  const args = ['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', program, module];
  const { code, stderr } = await withHeartbeat(what, capture(go, args, { cwd: folder, env: goEnv }));
  if (code !== 0) throw new Error(`go build ${module}@v${version} failed: ${lastLine(stderr)}`);
  say(`Built k6 v${version} in ${formatElapsed(performance.now() - startedMs)}.`);
  return program;
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() || 'it printed no reason';
}
