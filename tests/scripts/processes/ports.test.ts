import { describe, expect, it } from 'vitest';
import { outgoingPorts, portsInNetsh, portsInRange, targetAddresses } from '../../../scripts/lib/processes/ports.mjs';

describe('ports for outgoing connections', () => {
  it.each([
    ['32768\t60999\n', 28_232],
    ['49152\n65535\n', 16_384],
    ['', Number.POSITIVE_INFINITY],
  ])('%j', (text, ports) => {
    expect(portsInRange(text)).toBe(ports);
  });

  it('of Windows, in its language', () => {
    const german =
      '\r\nProtokoll tcp - Dynamischer Portbereich\r\n---\r\nStartport      : 49152\r\nAnzahl Ports   : 16384\r\n';
    expect(portsInNetsh(german)).toBe(16_384);
    expect(portsInNetsh('The system cannot find the file specified.')).toBe(Number.POSITIVE_INFINITY);
  });

  it('are some on this host', () => {
    expect(outgoingPorts()).toBeGreaterThan(0);
  });
});

describe('targetAddresses()', () => {
  const two = async () => 2;

  it.each([
    ['ws://127.0.0.1:9/', 1],
    ['ws://127.0.0.1:9/a, ws://127.0.0.1:9/b?x=1', 1],
    ['ws://127.0.0.1:9/,ws://127.0.0.1:10/,ws://[::1]:9/', 3],
    ['ws://127.0.0.1/,ws://127.0.0.1:80/,wss://127.0.0.1/', 2],
    ['ws://{host}.example/', Number.POSITIVE_INFINITY],
    ['nonsense', Number.POSITIVE_INFINITY],
    ['ws://127.0.0.1:9/{column}', 1],
  ])('%s', async (urls, count) => {
    expect(await targetAddresses(urls)).toBe(count);
  });

  it('counts the addresses that a name has, and asks once for each', async () => {
    expect(await targetAddresses('ws://A.example/,ws://a.example:80/,wss://b.example/', '4', two)).toBe(4);
  });

  it('takes only addresses of WS_IP', async () => {
    expect(await targetAddresses('ws://localhost:9/', '4')).toBe(1);
  });
});
