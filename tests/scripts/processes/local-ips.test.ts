import { describe, expect, it } from 'vitest';
import { countLocalIps, turnLocalIps } from '../../../scripts/lib/processes/local-ips.mjs';

describe('countLocalIps()', () => {
  it.each([
    ['10.0.0.1', 1],
    ['10.0.0.1,10.0.0.5-10.0.1.4', 257],
    // As k6: without the network's first and last address.
    ['192.168.0.0/24', 254],
    ['192.168.0.9/30', 2],
    ['10.0.0.0/31', 2],
    ['10.0.0.7/32', 1],
    ['fd:1::0/120', 256],
    ['::1,::ffff:1.2.3.4', 2],
    ['10.0.0.5-10.0.0.1', null],
    ['10.0.0.1-::2', null],
    ['host', null],
    ['10.0.0.0/40', null],
  ])('%s', (text, count) => {
    expect(countLocalIps(text)).toBe(count);
  });
});

describe('turnLocalIps()', () => {
  it.each([
    ['10.0.0.1,10.0.0.2,10.0.0.3', 0, '10.0.0.1,10.0.0.2,10.0.0.3'],
    ['10.0.0.1,10.0.0.2,10.0.0.3', 2, '10.0.0.3,10.0.0.1,10.0.0.2'],
    ['10.0.0.1,10.0.0.2,10.0.0.3', 7, '10.0.0.2,10.0.0.3,10.0.0.1'],
    ['10.0.0.250-10.0.1.9', 6, '10.0.1.0-10.0.1.9,10.0.0.250-10.0.0.255'],
    ['192.168.0.0/29,10.0.0.1', 2, '192.168.0.3-192.168.0.6,10.0.0.1,192.168.0.1-192.168.0.2'],
    ['fd::/126', 1, 'fd:0:0:0:0:0:0:1-fd:0:0:0:0:0:0:3,fd:0:0:0:0:0:0:0'],
    ['nonsense', 1, 'nonsense'],
  ])('%s by %i', (text, steps, turned) => {
    expect(turnLocalIps(text, steps)).toBe(turned);
    expect(countLocalIps(turned)).toBe(countLocalIps(text));
  });
});
