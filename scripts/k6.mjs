// Finds or gets k6 and runs it: `node scripts/k6.mjs run dist/concurrent.js` is `k6 run dist/concurrent.js`.
//
// Looks for k6 v1.8.0 or newer on PATH, then in the cache; else downloads the official release for this system, checked
// against its published SHA-256 checksum; else builds it with Go. The next run finds it in the cache.
//
//   node scripts/k6.mjs ARGUMENTS...      run k6 with these
//   node scripts/k6.mjs --print-path      print the path of the k6 found and nothing else
//   node scripts/k6.mjs --print-version   print its version, such as 2.2.0
//
// LOAD_TEST_CACHE        where k6 is kept; by default the platform's folder for caches
// LOAD_TEST_K6_RELEASES  a mirror of https://github.com/grafana/k6/releases/download
//
// Exit codes: k6's own (0 passed, 99 a target missed); 127 no k6 could be had; 2 one of the two variables is wrong; 3 k6
// crashed or was killed, 128 + n by signal n (lib/end-of-k6.mjs).
import { runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { runK6 } from './lib/run-k6.mjs';

/** @param {string[]} args */
async function main(args) {
  const k6 = await findK6();
  if (args[0] === '--print-path') process.stdout.write(`${k6.path}\n`);
  else if (args[0] === '--print-version') process.stdout.write(`${k6.version}\n`);
  else return runK6(k6.path, args);
  return 0;
}

await runAsScript(import.meta.url, main);
