import { describe, expect, it } from 'vitest';
import { platformOf } from '../../../lib/report/platform.ts';

describe('the platform', () => {
  it.each([
    ['windows', ['HTTP 503', 'dial tcp #: connectex: winapi error #10061']],
    ['windows', ['dial tcp #: bind: winapi error #10055']],
    ['windows', ['dial tcp #: connectex: 由于目标计算机积极拒绝，无法连接。']],
    ['windows', ['read tcp #->#: wsarecv: 远程主机强迫关闭了一个现有的连接。']],
    ['windows', ['write tcp #->#: wsasend: An existing connection was forcibly closed by the remote host.']],
    ['windows', ['dial tcp #: bind: Ein Socketvorgang konnte nicht ausgeführt werden']],
    ['windows', ['dial tcp #: bind: システムのバッファー領域が不足している']],
    ['any', ['dial tcp #->#: bind: address already in use']],
    ['windows', ['dial tcp #: bind: Ein Socketvorgang konnte nicht ausgeführt werden']],
    ['windows', ['dial tcp #: bind: システムのバッファー領域が不足している']],
    ['any', ['dial tcp #->#: bind: address already in use']],
    ['macos', ["dial tcp #: connect: can't assign requested address"]],
    ['linux', ['dial tcp #: connect: cannot assign requested address']],
    ['any', ['dial tcp #: connect: connection refused', 'close 1011']],
    ['any', []],
  ])('is %s by %j', (platform, details) => {
    expect(platformOf(details)).toBe(platform);
  });
});
