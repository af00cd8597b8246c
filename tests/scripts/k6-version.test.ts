import { expect, test } from 'vitest';
import { FALLBACK_K6, isNewEnough, PINNED_K6, parseK6Version } from '../../scripts/lib/k6-version.mjs';

test.each([
  ['k6 v1.8.1 (commit/5a8e3c1, go1.25.1, linux/amd64)', '1.8.1'],
  ['k6 v2.2.0 (go1.26.8, linux/amd64)\nExtensions:\n  github.com/x/y v9.9.9', '2.2.0'],
  ['k6.exe v2.2.0 (commit/1, go1.26.0, windows/amd64)\r\n', '2.2.0'],
  ['my-k6-2 v2.2.0 (go1.26.8, linux/amd64)', '2.2.0'],
  ['k6 v2.0.0-rc1 (go1.26.8, linux/amd64)', '2.0.0-rc1'],
  ['k3s version v1.30.0', undefined],
  ['', undefined],
])('reads %j as %s', (text, version) => {
  expect(parseK6Version(text)).toBe(version);
});

test.each(['1.8.0', '1.8.1', '1.10.0', '2.0.0', '2.0.0-rc1', '10.0.0', PINNED_K6, FALLBACK_K6])(
  '%s will do',
  (version) => {
    expect(isNewEnough(version)).toBe(true);
  },
);

test.each(['0.57.0', '1.7.9', '1.8.0-rc1', '0.99.0'])('%s is too old', (version) => {
  expect(isNewEnough(version)).toBe(false);
});
