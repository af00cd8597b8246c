import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { endOfK6 } from '../end-of-k6.mjs';
import { FORWARDS } from '../forward-signals.mjs';
import { showOutput } from './child-output.mjs';
import { howItEnded } from './exit-code.mjs';
import { isReady, resume, stop } from './k6-api.mjs';

const POLL_MS = 100;
const RESUMES = 5;

/**
 * One k6 among several.
 *
 * @typedef {object} Process
 * @property {number} number From 1.
 * @property {string} name `process 1 of 4`
 * @property {string} segment
 * @property {string} address Of its REST API.
 * @property {string} folder Gets its summary.json.
 * @property {number} planned Its connections.
 */

/** A k6 that makes its VUs and then waits until it is told to start, so that all start at the same moment. */
export class K6Process {
  hasEnded = false;
  endedByUs = false;

  /**
   * @param {Process} what
   * @param {string} k6
   * @param {string[]} args
   * @param {{ env: NodeJS.ProcessEnv, cwd: string }} options
   * @param {(line: string) => void} say
   */
  constructor(what, k6, args, options, say) {
    /** @type {Process} */
    this.what = what;
    this.address = what.address;
    this.say = say;
    // Its own report is dropped: it is of a part, and in summary.json.
    this.child = spawn(k6, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: FORWARDS });
    /** @type {Promise<{ exitCode: number, how: string }>} */
    this.ended = this.#end();
  }

  async #end() {
    const { child, what, say } = this;
    const exit = new Promise((resolve, reject) => {
      child.on('error', (error) => {
        this.hasEnded = true;
        reject(error);
      });
      child.on('exit', (code, signal) => {
        this.hasEnded = true;
        resolve({ code, signal });
      });
    });
    const shown = showOutput(
      /** @type {import('node:stream').Readable} */ (child.stderr),
      `process ${what.number}`,
      say,
    );
    const { code, signal } = await exit;
    await shown;
    const { exitCode, sentence } = endOfK6(code, signal);
    if (sentence && !this.endedByUs) say(`${what.name}: ${sentence}`);
    return { exitCode, how: howItEnded(code, signal) };
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    if (!this.hasEnded) this.child.kill(signal);
  }

  /** Waits until it has made its VUs, or has ended. */
  async ready() {
    while (!this.hasEnded && !(await isReady(this.address))) await delay(POLL_MS);
  }

  /** Has it start; ends it if it does not hear. */
  async start() {
    for (let tried = 0; tried < RESUMES && !this.hasEnded; tried += 1) {
      if (await resume(this.address)) return;
      await delay(POLL_MS);
    }
    if (this.hasEnded) return;
    this.say(`${this.what.name}: it does not answer at ${this.address}, so it is ended.`);
    this.kill('SIGKILL');
  }

  /** Ends it before its test has begun: there is nothing to report. */
  giveUp() {
    if (this.hasEnded) return;
    this.endedByUs = true;
    this.kill('SIGKILL');
  }

  /** Ends its test early, as one that the launcher has ended: on Windows no signal can do that. */
  async stopEarly() {
    if (this.hasEnded) return;
    this.endedByUs = true;
    if (!(await stop(this.address)) && FORWARDS) this.kill('SIGINT');
  }
}
