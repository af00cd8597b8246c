import os from 'node:os';
import { expect, test } from 'vitest';
import { thisSystem } from '../../scripts/lib/this-system.mjs';

test('the system is told by what figures depend on, not by a name of the machine or its user', () => {
  expect(thisSystem()).toMatch(/^\w+ \S+, \w+, \d+ CPUs, \d+\.\d GB$/);
  expect(thisSystem()).not.toContain(os.hostname());
});
