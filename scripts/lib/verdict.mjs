import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { say } from './say.mjs';

/** k6's own where a threshold was not met. */
const EXIT_MISSED = 99;

/**
 * Has the report leave its last line, which starts with the verdict. k6's exit code is that of thresholds alone, and those
 * cannot tell whether the books balance.
 *
 * @typedef {object} Verdict
 * @property {Record<string, string>} variables For k6.
 * @property {string} folder Temporary.
 * @property {(code: number) => Promise<number>} over The exit code, given k6's; says why it is not that.
 * @property {() => Promise<void>} forget To be called at the end.
 *
 * @returns {Promise<Verdict>}
 */
export async function openVerdict() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'k6-verdict-'));
  const file = path.join(folder, 'verdict');
  return {
    variables: { LOAD_TEST_VERDICT: file },
    folder,
    async over(code) {
      // Without a report there is no verdict, and k6 says why.
      const line = await readFile(file, 'utf8').catch(() => '');
      if (code !== 0 || !line.startsWith('FAIL')) return code;
      say(`All thresholds of k6 are met, but the report says: ${line.trim()}`);
      return EXIT_MISSED;
    },
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}
