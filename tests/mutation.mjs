// Breaks the product in one line at a time, in a copy, and runs the unit tests that cover it: each break must make one
// of them fail. Prints the survivors. Not part of `npm test`: it takes minutes. `npm run mutation`, or with a part of a
// path or a find text to try only some: `npm run mutation -- judge`.
//
// Exit codes: 0 all breaks were noticed; 1 some survived, or a break no longer fits the code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BREAKS } from './breaks.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const COPIED = ['lib', 'thresholds', 'tests', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'README.md', 'docs'];
/** A break can make an endless loop: that is noticed, too. */
const LIMIT_MS = 60_000;

/**
 * The unit tests of a file are in the folder of the same name. The one of its own name comes first, which mostly notices;
 * beside a conversation there are tests with real servers, which take longer than the limit.
 */
function testsOf(file) {
  const own = `tests/${file.replace(/\.ts$/, '.test.ts')}`;
  const folder = `tests/${path.posix.dirname(file)}`;
  if (!existsSync(path.join(ROOT, own))) return [folder];
  return folder === 'tests/lib/conversation' ? [own] : [own, folder];
}

function makeCopy() {
  const copy = mkdtempSync(path.join(tmpdir(), 'mutation-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}

/** Whether the tests pass, one after the other. */
async function passes(copy, tests) {
  for (const test of tests) if (!(await passesOne(copy, test))) return false;
  return true;
}

/** A run that does not end has not passed. */
async function passesOne(copy, test) {
  const vitest = path.join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'unit', '--bail', '1', test], {
    cwd: copy,
    // In CI a golden file is compared and never written.
    env: { ...process.env, CI: '1' },
    stdio: 'ignore',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [code] = await once(child, 'close');
  return code === 0;
}

const wanted = process.argv[2] ?? '';
const jobs = Object.entries(BREAKS)
  .flatMap(([file, breaks]) => breaks.map(([find, replace]) => ({ file, find, replace })))
  .filter(({ file, find }) => file.includes(wanted) || find.includes(wanted));
if (jobs.length === 0) throw new Error(`no break has "${wanted}" in its file or code`);
const survivors = [];
const stale = [];
const copy = makeCopy();
try {
  for (const test of new Set(jobs.flatMap(({ file }) => testsOf(file)))) {
    if (!(await passes(copy, [test]))) throw new Error(`${test} fails without any break`);
  }
  for (const [i, { file, find, replace }] of jobs.entries()) {
    const target = path.join(copy, file);
    const code = readFileSync(target, 'utf8');
    const name = `${file}: ${JSON.stringify(find)} -> ${JSON.stringify(replace)}`;
    if (code.split(find).length !== 2) {
      stale.push(name);
      continue;
    }
    writeFileSync(
      target,
      code.replace(find, () => replace),
    );
    const survived = await passes(copy, testsOf(file));
    writeFileSync(target, code);
    if (survived) survivors.push(name);
    console.log(`${i + 1}/${jobs.length} ${survived ? 'SURVIVED' : 'noticed '} ${name}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
for (const name of survivors) console.log(`SURVIVED ${name}`);
for (const name of stale) console.log(`NOT THERE ONCE ${name}`);
console.log(`${jobs.length} breaks, ${survivors.length} survived, ${stale.length} no longer fit the code`);
process.exitCode = survivors.length + stale.length > 0 ? 1 : 0;
