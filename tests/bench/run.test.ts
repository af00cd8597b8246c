import path from 'node:path';
import { expect, test } from 'vitest';
import { fakeProgram, k6Answering, ROOT, startScript, temporaryFolder } from '../scripts/fakes.ts';

test.skipIf(process.platform !== 'linux')('npm run bench is an error when no client can run', async () => {
  const folder = temporaryFolder();
  const k6 = fakeProgram(folder, 'k6', k6Answering('k6 v2.2.0'));
  const run = startScript(path.join(ROOT, 'bench', 'run.mjs'), ['--only', 'tsung,artillery'], {
    env: { PATH: folder, LOAD_TEST_K6: k6 },
  });
  expect(await run.ended).toBe(1);
  expect(run.output.stderr).toContain('tsung is left out: tsung is not installed.');
  expect(run.output.stderr).toContain('None of these clients can run here; see above.');
  expect(run.output.stdout).toBe('');
});
