import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requirePackage } from '../../scripts/lib/needed-package.mjs';
import { scenarioNames } from '../../scripts/lib/project.mjs';
import { temporaryFolder } from './fakes.ts';

test('scenarios are those of scenarios/, and in the package those of dist/', () => {
  const root = temporaryFolder();
  mkdirSync(path.join(root, 'dist', 'for-node'), { recursive: true });
  for (const name of ['tiers.js', 'churn.js', 'conversation.d.ts']) writeFileSync(path.join(root, 'dist', name), '');
  expect(scenarioNames(root)).toEqual(['churn', 'tiers']);
  mkdirSync(path.join(root, 'scenarios'));
  writeFileSync(path.join(root, 'scenarios', 'storm.ts'), '');
  expect(scenarioNames(root)).toEqual(['storm']);
});

test('a package that a demo needs and that is not there is named, with what to do', () => {
  const root = temporaryFolder();
  expect(() => requirePackage('socket.io', 'socket.io', root)).toThrow(
    /^The server of --conversation socket\.io is made with the npm package socket\.io, which is not installed beside this one: npm install socket\.io where/,
  );
  mkdirSync(path.join(root, 'node_modules', 'socket.io'), { recursive: true });
  writeFileSync(path.join(root, 'node_modules', 'socket.io', 'index.js'), '');
  expect(() => requirePackage('socket.io', 'socket.io', root)).not.toThrow();
});
