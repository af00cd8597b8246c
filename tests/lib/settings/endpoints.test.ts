import { describe, expect, it } from 'vitest';
import { besideOf } from '../../../lib/settings/beside.ts';
import { endpoint, endpoints, publicEndpoint } from '../../../lib/settings/endpoints.ts';

describe('WS_TARGET_METRICS', () => {
  it.each([
    ['http://127.0.0.1:9100/metrics', ['http://127.0.0.1:9100/metrics']],
    ['https://a/m?x=1, http://[::1]:8/', ['https://a/m?x=1', 'http://[::1]:8/metrics']],
    ['http://host:9100', ['http://host:9100/metrics']],
    ['http://host:9100?format=text', ['http://host:9100/metrics?format=text']],
    ['http://me:secret@host/x', ['http://me:secret@host/x']],
  ])('takes %s', (text, expected) => {
    expect(endpoints(text)).toEqual(expected);
  });

  it.each([
    'ws://a/',
    'a:9100',
    'http://',
    'http://a:0/',
    'http://a:70000/',
    'http://a/#b',
    'http://a,',
    'http://a b/',
  ])('refuses %s', (text) => {
    expect(() => endpoints(text)).toThrow(/^an http:\/\/ or https:\/\/ address, or several \(at most 50\)/);
  });

  it('takes fifty and no more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `http://a${i}/`).join();
    expect(endpoints(many(50))).toHaveLength(50);
    expect(() => endpoints(many(51))).toThrow('at most 50');
  });

  it.each([
    ['http://me:secret@host:9100/hidden?token=abc', 'host:9100'],
    ['https://host/hidden', 'host'],
    ['http://[::1]:8/x', '[::1]:8'],
  ])('shows of %s only %s', (url, shown) => {
    expect(publicEndpoint(url)).toBe(shown);
  });
});

describe('WS_HOST_METRICS', () => {
  it('is one address', () => {
    expect(endpoint('http://127.0.0.1:9100')).toBe('http://127.0.0.1:9100/metrics');
    expect(() => endpoint('http://a/,http://b/')).toThrow('one http:// or https:// address');
  });
});

describe('what is read beside the run', () => {
  it('is nothing without a setting, also an empty one', () => {
    expect(besideOf({})).toBeNull();
    expect(besideOf({ WS_TARGET_METRICS: ' ', WS_HOST_METRICS: '' })).toBeNull();
  });

  it('is what the settings name', () => {
    expect(besideOf({ WS_TARGET_METRICS: 'http://a/x, http://b/y' })).toEqual({
      targets: ['http://a/x', 'http://b/y'],
      host: null,
    });
    expect(besideOf({ WS_HOST_METRICS: 'http://a' })).toEqual({ targets: [], host: 'http://a/metrics' });
  });
});
