import { describe, expect, it } from 'vitest';
import { platformOf } from '../../../lib/report/platform.ts';

describe('the platform', () => {
  it.each([
    ['windows', ['HTTP 503', 'dial tcp #: connectex: winapi error #10061']],
    ['windows', ['dial tcp #: bind: winapi error #10055']],
    ['windows', ['write tcp #->#: wsasend: An existing connection was forcibly closed by the remote host.']],
    ['macos', ["dial tcp #: connect: can't assign requested address"]],
    ['linux', ['dial tcp #: connect: cannot assign requested address']],
    ['any', ['dial tcp #: connect: connection refused', 'close 1011']],
    ['any', []],
  ])('is %s by %j', (platform, details) => {
    expect(platformOf(details)).toBe(platform);
  });
});
