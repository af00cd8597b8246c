import { expect, it } from 'vitest';
import { proxyFor } from '../../../lib/settings/proxy.ts';

/** What golang.org/x/net/http/httpproxy v0.57 said for the same target as http:// or https://. */
const CASES: [Record<string, string>, string, string | null][] = [
  [{}, 'ws://example.com/', null],
  [{ HTTP_PROXY: 'http://p:3128' }, 'ws://example.com/', 'http://p:3128'],
  [{ HTTP_PROXY: 'http://p:3128' }, 'wss://example.com/', null],
  [{ HTTPS_PROXY: 'http://p:3128' }, 'ws://example.com/', null],
  [{ HTTPS_PROXY: 'http://p:3128' }, 'wss://example.com/', 'http://p:3128'],
  [{ http_proxy: 'http://low:1' }, 'ws://example.com/', 'http://low:1'],
  [{ HTTP_PROXY: 'http://up:1', http_proxy: 'http://low:1' }, 'ws://example.com/', 'http://up:1'],
  [{ HTTP_PROXY: '', http_proxy: 'http://low:1' }, 'ws://example.com/', 'http://low:1'],
  [{ HTTP_PROXY: 'http://user:hunter2@p:3128/path?x' }, 'ws://example.com/', 'http://p:3128'],
  [{ HTTP_PROXY: 'p:3128' }, 'ws://example.com/', 'http://p:3128'],
  [{ HTTP_PROXY: 'p' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: '10.0.0.1:3128' }, 'ws://example.com/', 'http://10.0.0.1:3128'],
  [{ HTTP_PROXY: 'user:hunter2@p:3128' }, 'ws://example.com/', 'http://p:3128'],
  [{ HTTP_PROXY: '[::2]:3128' }, 'ws://example.com/', 'http://[::2]:3128'],
  [{ HTTP_PROXY: 'HTTP://P:3128/' }, 'ws://example.com/', 'http://P:3128'],
  [{ HTTP_PROXY: 'socks5://p:1080' }, 'ws://example.com/', 'socks5://p:1080'],
  [{ HTTP_PROXY: 'http://p:x' }, 'ws://example.com/', '(not an address)'],
  [{ HTTP_PROXY: 'http://p q' }, 'ws://example.com/', '(not an address)'],
  [{ HTTP_PROXY: 'http://p' }, 'ws://localhost/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://localhost:8081/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://LOCALHOST/', 'http://p'],
  [{ HTTP_PROXY: 'http://p' }, 'ws://a.localhost/', 'http://p'],
  [{ HTTP_PROXY: 'http://p' }, 'ws://127.0.0.1/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://127.9.9.9:80/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://[::1]:80/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://[::ffff:127.0.0.1]/', null],
  [{ HTTP_PROXY: 'http://p' }, 'ws://[::2]/', 'http://p'],
  [{ HTTP_PROXY: 'http://p' }, 'ws://10.1.2.3/', 'http://p'],
  [{ HTTP_PROXY: 'http://p' }, 'ws://0.0.0.0/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '*' }, 'ws://example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com' }, 'ws://example.com/', null],
  [{ HTTP_PROXY: 'http://p', no_proxy: 'example.com' }, 'ws://example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'other.com', no_proxy: 'example.com' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'EXAMPLE.com ' }, 'ws://Example.COM/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com' }, 'ws://a.example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com' }, 'ws://badexample.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '.example.com' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '.example.com' }, 'ws://a.example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '*.example.com' }, 'ws://a.example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '*.example.com' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'a, ,example.com:80' }, 'ws://example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com:8080' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com:8080' }, 'ws://example.com:8080/', null],
  [{ HTTPS_PROXY: 'http://p', NO_PROXY: 'example.com:443' }, 'wss://example.com/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: 'example.com:' }, 'ws://example.com:81/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: ':80' }, 'ws://example.com/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.1.2.3' }, 'ws://10.1.2.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.1.2.3:81' }, 'ws://10.1.2.3/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.1.2.3:80' }, 'ws://10.1.2.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.0.0.0/8' }, 'ws://10.1.2.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.0.0.0/9' }, 'ws://10.129.2.3/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.0.0.0/9' }, 'ws://10.127.2.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.0.0.0/33' }, 'ws://10.127.2.3/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '0.0.0.0/0' }, 'ws://10.127.2.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '0.0.0.0/0' }, 'ws://[2001:db8::1]/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '2001:db8::/32' }, 'ws://[2001:db8:1::1]/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '2001:db8::/32' }, 'ws://[2001:db9:1::1]/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '2001:db8::1' }, 'ws://[2001:DB8:0:0::1]:8080/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '[2001:db8::1]:8080' }, 'ws://[2001:db8::1]:8080/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '[2001:db8::1]:8081' }, 'ws://[2001:db8::1]:8080/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '[2001:db8::1]' }, 'ws://[2001:db8::1]:8080/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.1.2.3' }, 'ws://[::ffff:10.1.2.3]/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '3' }, 'ws://10.1.2.3/', 'http://p'],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '3' }, 'ws://a.3/', null],
  [{ HTTP_PROXY: 'http://p', NO_PROXY: '10.1.2.03' }, 'ws://10.1.2.3/', 'http://p'],
];

it.each(CASES)('with %j k6 reaches %s through %s', (env, url, proxy) => {
  expect(proxyFor(env, url)).toBe(proxy);
});

it('shows no user, password or path of a proxy', () => {
  for (const HTTP_PROXY of [
    'http://hunter2:hunter2@p:1/hunter2?hunter2',
    'hunter2:hunter2@p:1',
    'http://hunter2 x',
    '//hunter2',
  ])
    expect(proxyFor({ HTTP_PROXY }, 'ws://example.com/')).not.toContain('hunter2');
});

it('of what is no address there is none', () => {
  expect(proxyFor({ HTTP_PROXY: 'http://p' }, 'not an address')).toBeNull();
});
