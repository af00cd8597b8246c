import { describe, expect, it } from 'vitest';
import { Expected } from '../../../lib/settings/parsers.ts';
import { contradictsIpVersion, publicUrl, urls } from '../../../lib/settings/url.ts';
import { seeded } from '../random.ts';

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

  const EXPECTED = 'a ws:// or wss:// address with a host, or several separated by commas';

  it.each<[string, string]>([
    ['localhost:8081', '; it does not begin with ws:// or wss://'],
    ['ws:/localhost/', '; it does not begin with ws:// or wss://'],
    ['http://localhost/?hunter2', '; it begins with http://: write ws:// in its place'],
    ['https://localhost/', '; it begins with https://: write wss:// in its place'],
    ['HTTPS://localhost/', '; it begins with HTTPS://: write wss:// in its place'],
    ['tcp://localhost/', '; it begins with tcp://: write ws:// in its place'],
    ['WS://localhost/', '; it begins with WS://: write ws:// in its place'],
    ['Wss://localhost/', '; it begins with Wss://: write wss:// in its place'],
    ['"ws://localhost/?hunter2"', '; it has quotes around it: leave them out'],
    ["'ws://localhost/'", '; it has quotes around it: leave them out'],
    ['“ws://localhost/”', '; it has quotes around it: leave them out'],
    ['ws://a/,"ws://b/"', '; number 2 of 2 has quotes around it: leave them out'],
    ['ws://a/,WS://b/', '; number 2 of 2 begins with WS://: write ws:// in its place'],
    [
      'ws://a/?ids=1,hunter2',
      '; what follows comma 1 does not begin with ws:// or wss://: write a comma inside an address as %2C',
    ],
    ['ws://a/;ws://b/', '; it has another address inside: write a comma between them'],
    ['ws://a/ wss://b/', '; it has another address inside: write a comma between them'],
    ['ws://a/\nws://b/', '; it has another address inside: write a comma between them'],
    ['ws://a/|ws://b/,ws://c/', '; number 1 of 2 has another address inside: write a comma between them'],
    ['ws://', '; it has no host'],
    ['ws:///path', '; it has no host'],
    ['ws://:8081/', '; it has no host'],
    ['ws://a:99999/', '; it has a port that is no number from 1 to 65535'],
    ['ws://a:0/', '; it has a port that is no number from 1 to 65535'],
    ['ws://[::1]:http/', '; it has a port that is no number from 1 to 65535'],
    ['ws://a:/', '; it has a port that is no number from 1 to 65535'],
    ['ws://host/a b', '; it has a space inside: write it as %20'],
    ['ws://a b/', '; it has a space inside: write it as %20'],
    ['ws://host:65536/', '; it has a port that is no number from 1 to 65535'],
    ['ws://::1:8081/', '; it has an IPv6 address without brackets: write it as in ws://[::1]:8081/'],
    ['ws://2001:db8::7/', '; it has an IPv6 address without brackets: write it as in ws://[::1]:8081/'],
    ['ws://[::1%eth0]/', ''],
    ['ws://[%25eth0/', ''],
    ['ws://a/,', ''],
  ])('refuses %s%s', (url, problem) => {
    expect(() => urls(url)).toThrow(new Expected(EXPECTED + problem));
  });

  it.each(['hunter2.example/', 'ws://a/?x=1,hunter2', 'ws://h/hunter2 x', '"ws://h/hunter2"', 'http://h/hunter2'])(
    'shows nothing of %s but the scheme',
    (url) => {
      expect(() => urls(url)).toThrow(EXPECTED);
      expect(() => urls(url)).not.toThrow('hunter2');
    },
  );

  it('refuses a host that is not ASCII, and says what to write', () => {
    expect(() => urls('ws://münchen.example/')).toThrow('a host in ASCII');
    expect(new URL('ws://münchen.example/').host).toBe('xn--mnchen-3ya.example');
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

describe('path and query', () => {
  it.each([
    ['ws://h/grüße?q=été', 'ws://h/gr%C3%BC%C3%9Fe?q=%C3%A9t%C3%A9'],
    ['ws://h?q=日本', 'ws://h?q=%E6%97%A5%E6%9C%AC'],
    ['ws://[::1]:80/😀', 'ws://[::1]:80/%F0%9F%98%80'],
    ['ws://h/gr%C3%BC?q=%c3%a9', 'ws://h/gr%C3%BC?q=%c3%a9'],
    ['ws://h/a\u00a0b', 'ws://h/a%C2%A0b'],
    ['ws://h/\ud800', 'ws://h/%EF%BF%BD'],
    ['ws://h/"<>`^', 'ws://h/%22%3C%3E%60%5E'],
    ["ws://h/it's?it's", "ws://h/it's?it%27s"],
    // For the columns of users.
    ['ws://h/{room}?t={token}&b={{', 'ws://h/{room}?t={token}&b={{'],
  ])('of %s are encoded: %s', (url, encoded) => {
    expect(urls(url)).toEqual([encoded]);
  });

  it('of any characters are encoded as browsers do', () => {
    const random = seeded(7);
    // Not #, which ends them, \ , which browsers take for /, dots, which they resolve; ^ in paths is younger than Node 20.
    const CHARACTERS = [...'!"$&\'()*+-/0:;<=>@A[]_`az|~\u0001\u007f\u0080é\u00a0߿ࠀ日\uffff😀'];
    for (let i = 0; i < 500; i++) {
      const some = () => Array.from({ length: 8 }, () => CHARACTERS[Math.floor(random() * CHARACTERS.length)]).join('');
      const url = `ws://host/p${some()}?q${some()}z`;
      expect(urls(url)).toEqual([new URL(url).href]);
    }
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
