import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isOwnPlace } from '../../../lib/connection/own-place.ts';

/** Stacks as k6 writes them, from the file itself. */
const BUNDLED = 'Error\n\tat isOwnPlace (file:///p/dist/concurrent.js:9:1(2))\n\tat f (file:///me/chat.ts:1:1(1))';
const NATIVE = 'Error\n\tat isOwnPlace (file:///p/lib/connection/own-place.ts:9:1(2))\n';

it.each([
  ['the script', 'file:///p/dist/', 'concurrent.js', BUNDLED, true],
  ["a user's file with a script's name", 'file:///me/', 'concurrent.js', BUNDLED, false],
  ["a user's file beside the script", 'file:///p/dist/', 'chat.ts', BUNDLED, false],
  ["a user's lib/", 'file:///me/lib/conversation/', 'chat.ts', BUNDLED, false],
  ['a source', 'file:///p/lib/conversation/', 'mqtt.ts', NATIVE, true],
  ['a scenario', 'file:///p/scenarios/', 'storm.ts', NATIVE, true],
  ['an example', 'file:///p/examples/', 'chat.ts', NATIVE, false],
  ["a user's lib/, of the sources", 'file:///me/lib/conversation/', 'chat.ts', NATIVE, false],
  ['nowhere', '', 'chat.ts', '', false],
])('%s: %s%s', (_what, folder, file, here, isOwn) => {
  expect(isOwnPlace(folder, file, here)).toBe(isOwn);
});

it('knows where it is itself', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  expect(isOwnPlace(`${root}lib/connection/`, 'session.ts')).toBe(true);
  expect(isOwnPlace(`${root}tests/lib/connection/`, 'own-place.test.ts')).toBe(false);
});
