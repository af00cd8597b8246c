import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { describeMissing, ensureSystemTools, missingTools, SYSTEM_TOOLS } from '../../scripts/lib/system-tools.mjs';
import { fakeProgram, temporaryFolder } from './fakes.ts';

/** An apt-get that logs its arguments and ends with this code. */
function fakeApt(folder: string, exitCode = 0): string {
  const log = path.join(folder, 'apt.log');
  const entry = "process.argv.slice(2).join(' ') + ' ' + process.env.DEBIAN_FRONTEND + '\\n'";
  const code = `require('node:fs').appendFileSync(${JSON.stringify(log)}, ${entry}); process.exit(${exitCode});`;
  fakeProgram(folder, 'apt-get', code);
  return log;
}

describe.skipIf(process.platform === 'win32')('system tools', () => {
  test('any name of a tool will do', () => {
    const folder = temporaryFolder();
    for (const { commands } of SYSTEM_TOOLS) fakeProgram(folder, commands.at(-1) as string, '');
    expect(missingTools({ PATH: folder })).toEqual([]);
  });

  test('outside CI one sentence for each tool says what is not tested, and nothing is installed', async () => {
    const folder = temporaryFolder();
    const log = fakeApt(folder);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await ensureSystemTools({ PATH: folder });
    expect(stderr.mock.calls.map(([line]) => line)).toEqual(SYSTEM_TOOLS.map((tool) => `${describeMissing(tool)}\n`));
    expect(existsSync(log)).toBe(false);
    stderr.mockRestore();
  });

  test('the sentence names the tests, the tool and where to get it', () => {
    const tool = { commands: ['browser', 'b'], aptPackage: 'web-browser', tests: 'pages', install: 'https://a.test/' };
    expect(describeMissing(tool)).toBe(
      'Not tested: pages, because browser is not on PATH (apt-get install web-browser, or https://a.test/).',
    );
  });

  describe.runIf(process.getuid?.() === 0)('in CI as root', () => {
    test('what is missing is installed, each package once', async () => {
      const folder = temporaryFolder();
      const log = fakeApt(folder);
      fakeProgram(folder, 'chromium', '');
      await ensureSystemTools({ PATH: folder, CI: 'true' });
      expect(readFileSync(log, 'utf8')).toBe(
        '-qq update noninteractive\n-qq install --yes --no-install-recommends prometheus mosquitto rabbitmq-server noninteractive\n',
      );
    });

    test('an apt-get that fails ends the run with its code', async () => {
      const folder = temporaryFolder();
      fakeApt(folder, 100);
      await expect(ensureSystemTools({ PATH: folder, CI: 'true' })).rejects.toMatchObject({
        exitCode: 100,
        message: 'apt-get update failed with exit code 100; its reason is above.',
      });
    });
  });
});
