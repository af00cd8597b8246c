import { describe, expect, it } from 'vitest';
import { contradictsIpVersion, publicUrl, urls } from '../../../lib/settings/url.ts';

describe('urls()', () => {
  it.each([
    'ws://localhost:8081/',
    'wss://example.org',
    'ws://127.0.0.1:65535/a/b?c=d&e=f',
    'ws://[::1]:8081/',
    'ws://[fe80::1%25eth0]:80/',
    'wss://example.org?token=a@b',
    'ws://[2001:db8:0:1:2:3:4:5]/',
    'ws://[2001:DB8::]:80/',
    'ws://[::]/',
    'ws://[::ffff:127.0.0.1]/',
    'ws://[1:2:3:4:5:6:7::]/',
    'ws://host/a%2Fb%c3?c=%zz',
  ])('takes %s as it is', (url) => {
    expect(urls(url)).toEqual([url]);
  });

  it('takes several, with spaces around the commas', () => {
    expect(urls('ws://a/, wss://b/ ,ws://c/')).toEqual(['ws://a/', 'wss://b/', 'ws://c/']);
  });

  it.each([
    'localhost:8081',
    'http://localhost/',
    'ws:/localhost/',
    'ws://',
    'ws:///path',
    'ws://host:0/',
    'ws://host:65536/',
    'ws://host:port/',
    'ws://a b/',
    'ws://::1:8081/',
    'ws://[::1%eth0]/',
    'ws://[%25eth0/',
    'ws://host/a b',
    'ws://a/,',
  ])('refuses %s', (url) => {
    expect(() => urls(url)).toThrow('a ws:// or wss:// address with a host, or several separated by commas');
  });

  it('refuses user info, and says where it belongs instead', () => {
    expect(() => urls('ws://user:hunter2@host/')).toThrow(
      'an address without user:password@, which k6 refuses; put an Authorization header into WS_HEADERS',
    );
    expect(() => urls('ws://user@host/')).toThrow('without user:password@');
  });

  it.each([
    'ws://[1:2:3]/',
    'ws://[::1::]/',
    'ws://[1:2:3:4:5:6:7:8:9]/',
    'ws://[1:2:3:4:5:6:7:8::]/',
    'ws://[12345::]/',
    'ws://[:1:2:3:4:5:6:7]/',
    'ws://[127.0.0.1]/',
  ])('refuses %s, which is no IPv6 address', (url) => {
    expect(() => urls(url)).toThrow('an IPv6 address of eight groups, or with one ::');
  });

  it.each(['ws://host/%zz', 'ws://host/a%2', 'ws://ho%st/'])('refuses the broken escape in %s', (url) => {
    expect(() => urls(url)).toThrow('an address with two hexadecimal digits after each %');
  });

  it('refuses a fragment', () => {
    expect(() => urls('ws://host/a#b')).toThrow('an address without #fragment');
  });
});

describe('contradictsIpVersion()', () => {
  it('refuses an IPv6 literal with WS_IP=4, and says what to write', () => {
    expect(contradictsIpVersion(['ws://localhost/', 'ws://[::1]:8081/x?token=hunter2'], '4')).toBe(
      'WS_URL=ws://[::1]:8081/x?… is an IPv6 address but WS_IP is 4: write WS_IP=6, or an IPv4 address or name in WS_URL, for example ws://127.0.0.1:8081/',
    );
  });

  it('refuses an IPv4 literal with WS_IP=6, and says what to write', () => {
    expect(contradictsIpVersion(['ws://127.0.0.1:8081/'], '6')).toBe(
      'WS_URL=ws://127.0.0.1:8081/ is an IPv4 address but WS_IP is 6: write WS_IP=4, or an IPv6 address or name in WS_URL, for example ws://[::1]:8081/',
    );
  });

  it.each([
    ['ws://[::1]/', '6'],
    ['ws://[::1]/', 'any'],
    ['ws://127.0.0.1/', '4'],
    ['ws://127.0.0.1/', 'any'],
    ['ws://localhost/', '4'],
    ['ws://localhost/', '6'],
  ] as const)('has nothing against %s with WS_IP=%s', (url, ip) => {
    expect(contradictsIpVersion([url], ip)).toBeNull();
  });
});

it.each([
  ['ws://localhost:8081/', 'ws://localhost:8081/'],
  ['wss://example.org', 'wss://example.org/'],
  ['wss://example.org/feed?token=hunter2', 'wss://example.org/feed?…'],
  ['wss://example.org?token=hunter2#hunter2', 'wss://example.org/?…'],
  ['ws://user:hunter2@[::1]:1/', 'ws://…@[::1]:1/'],
  ['hunter2', '(not an address)'],
])('publicUrl(%j) is %j', (url, shown) => {
  expect(publicUrl(url)).toBe(shown);
});
