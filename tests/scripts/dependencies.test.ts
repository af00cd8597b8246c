import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { whyInstall } from '../../scripts/lib/dependencies.mjs';
import { temporaryFolder } from './fakes.ts';

type Packages = Record<string, { version: string; optional?: boolean }>;

function project(locked: Packages, installed?: Packages): string {
  const root = temporaryFolder();
  writeFileSync(
    path.join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '0.1.0' }, ...locked } }),
  );
  if (installed) {
    mkdirSync(path.join(root, 'node_modules'));
    writeFileSync(path.join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return root;
}

const WS = { 'node_modules/ws': { version: '8.0.0' } };

test('nothing installed', () => {
  expect(whyInstall(project(WS))).toBe('they are not there yet');
});

test('all installed, but for what is optional', () => {
  const locked = { ...WS, 'node_modules/for-another-system': { version: '1.0.0', optional: true } };
  expect(whyInstall(project(locked, WS))).toBeUndefined();
});

test.each([
  ['another version', { 'node_modules/ws': { version: '7.0.0' } }],
  ['a missing package', {}],
])('%s', (_, installed) => {
  expect(whyInstall(project(WS, installed))).toBe('node_modules/ws is not the one in package-lock.json');
});
