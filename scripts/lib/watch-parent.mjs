import path from 'node:path';

/** Who started this process, asked before it can have gone. */
const PARENT = process.ppid;
const EACH_MS = 1000;
/**
 * The script of a package.json, or what npx runs, that is this program in the foreground and nothing before it. In a shell script
 * of the user's, or with &, this process may be meant to outlive who started it.
 */
const OURS = /^'?(?:node \S*scripts[\\/]\S+\.mjs|k6-websocket-concurrency)\b(?!.*(?:\s&(?:\s|$)|&&))/;

/**
 * Notices that npm, or the shell that it started this process in, has gone: npm passes a SIGTERM on to that shell, which does not
 * pass it on. Started by anything else, such as nohup, this process stays. On Windows a parent that has gone keeps its number,
 * so nothing is noticed.
 *
 * @param {() => void} gone Is called once.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {() => number} [parent]
 * @param {string} [program] This one's file name.
 * @returns {() => void} Ends that.
 */
export function watchParent(
  gone,
  env = process.env,
  parent = () => process.ppid,
  program = path.basename(process.argv[1] ?? ''),
) {
  const script = env['npm_lifecycle_script'] ?? '';
  // A script of the user's that starts this one has it in its environment, too.
  if (!OURS.test(script) || !(script.includes(program) || script.includes('k6-websocket-concurrency'))) return () => {};
  const timer = setInterval(() => {
    if (parent() === PARENT) return;
    clearInterval(timer);
    gone();
  }, EACH_MS);
  timer.unref();
  return () => clearInterval(timer);
}
