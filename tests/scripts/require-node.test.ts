import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nodeProblem } from '../../scripts/lib/require-node.mjs';
import { ROOT } from './fakes.ts';

test.each(['20.0.0', '22.11.0', '100.0.0'])('%s will do', (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(['18.20.4', '9.0.0'])('%s is too old', (version) => {
  expect(nodeProblem(version)).toBe(
    `Node.js 20 or newer is needed, this is ${version}: https://nodejs.org/en/download`,
  );
});

test('package.json demands the same', () => {
  expect(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).engines.node).toBe('>=20');
});
