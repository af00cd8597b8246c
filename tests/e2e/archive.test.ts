import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { k6Path } from './helpers.ts';

const bundles = readdirSync('dist').filter((name) => name.endsWith('.js'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'archive-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('there is a bundle for each scenario', () => {
  expect(bundles.length).toBe(readdirSync('scenarios').filter((name) => name.endsWith('.ts')).length);
});

describe.each(bundles)('%s', (bundle) => {
  it('is all that k6 packs, and runs from the archive anywhere', () => {
    const archive = path.join(folder, `${bundle}.tar`);
    execFileSync(k6Path(), ['archive', path.resolve('dist', bundle), '-e', 'WS_URL=ws://example.com/', '-O', archive], {
      stdio: 'pipe',
    });
    const names = execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trim().split('\n');
    const files = names.filter((name) => /\.[a-z]+$/.test(name));
    expect(files.map((name) => path.basename(name)).sort()).toEqual([bundle, 'metadata.json'].sort());
    const inspect = spawnSync(k6Path(), ['inspect', archive], { encoding: 'utf8', cwd: folder });
    expect(inspect.status, inspect.stderr).toBe(0);
    expect(Object.keys(JSON.parse(inspect.stdout).thresholds).join()).toMatch(/ws_(step_)?connect_success/);
  });

  it('fits into a ConfigMap of Kubernetes (1 MiB with its name)', () => {
    expect(statSync(path.join('dist', bundle)).size).toBeLessThan(1_000_000);
  });
});
