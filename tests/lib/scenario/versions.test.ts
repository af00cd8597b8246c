import { expect, it } from 'vitest';
import { versionsOf } from '../../../lib/scenario/versions.ts';

it('tells what started k6 handed over, and claims nothing else', () => {
  expect(versionsOf({ LOAD_TEST_K6_VERSION: '2.2.0', LOAD_TEST_SYSTEM: 'Linux, 2 CPUs', OTHER: 'x' })).toEqual({
    k6: '2.2.0',
    system: 'Linux, 2 CPUs',
  });
  // From the sources, as here, there is no version of the package.
  expect(versionsOf({ LOAD_TEST_K6_VERSION: '' })).toEqual({});
});
