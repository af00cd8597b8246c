import { describe, expect, it } from 'vitest';
import {
  duration,
  Expected,
  flag,
  formatDuration,
  formatSize,
  headers,
  integer,
  integers,
  oneOf,
  share,
  size,
  subprotocols,
} from '../../../lib/settings/parsers.ts';

/** Accepts each text as the value beside it; refuses each of the others with the words of `expected`. */
function table<T>(parse: (text: string) => T, accepted: [string, T][], refused: string[], expected: string) {
  it.each(accepted)('reads %j as %j', (text, value) => {
    expect(parse(text)).toEqual(value);
  });
  it.each(refused)('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(new Expected(expected));
  });
}

describe('a duration', () => {
  table(
    duration(1, 3_600_000),
    [
      ['50ms', 50],
      ['10s', 10_000],
      ['1.5s', 1_500],
      ['20m', 1_200_000],
      ['1m30s', 90_000],
      ['1h', 3_600_000],
      ['1ms', 1],
    ],
    ['', '10', 's', '10 s', '-1s', '10d', '1h1ms', '0ms', '0s', '1e3s', '10S', '1s,', '.5s', '1.s'],
    'a duration from 1ms to 1h',
  );
});

describe('a size', () => {
  table(
    size(40, 2e9),
    [
      ['64', 64],
      ['64B', 64],
      ['4KB', 4_000],
      ['1.5kb', 1_500],
      ['500MB', 500e6],
      ['2GB', 2e9],
    ],
    ['', '39', '2.1GB', '-64', '64 B', 'big', '64KiB', '1TB', 'MB'],
    'a size from 40B to 2GB',
  );
});

describe('a whole number', () => {
  table(
    integer(1, 1_000_000),
    [
      ['1', 1],
      ['10000', 10_000],
      ['10_000', 10_000],
      ['1_000_000', 1_000_000],
    ],
    ['', '0', '1000001', '-5', '1.5', '1e3', '10,000', 'many', '_1', '1_', '1__0', '0x10'],
    'a whole number from 1 to 1000000',
  );
});

describe('a list of whole numbers', () => {
  table(
    integers(1, 9),
    [
      ['1', [1]],
      ['1, 9,3', [1, 9, 3]],
    ],
    ['', '1,,2', '1,10', '1;2', '1,'],
    'a whole number from 1 to 9',
  );
});

describe('a share', () => {
  table(
    share,
    [
      ['0', 0],
      ['1', 1],
      ['0.95', 0.95],
      ['95%', 0.95],
      ['95 %', 0.95],
      ['99.9%', 0.9990000000000001],
      ['100%', 1],
    ],
    ['', '95', '1.01', '101%', '-0.5', 'most', '%', '0,95', '95%%'],
    'a share from 0 to 1, or from 0% to 100%',
  );
});

describe('sub-protocols', () => {
  table(
    subprotocols,
    [
      ['chat', 'chat'],
      ['graphql-transport-ws, v2.chat', 'graphql-transport-ws,v2.chat'],
    ],
    ['', ',', 'a b', 'é', 'a,,b', 'a,a', 'a;b'],
    'names of sub-protocols without spaces, separated by commas, none of them twice',
  );
});

describe('a word', () => {
  table(
    oneOf(['echo', 'listen']),
    [
      ['echo', 'echo'],
      ['listen', 'listen'],
    ],
    ['', 'Echo', 'echo ', 'ech', 'toString'],
    'one of echo, listen',
  );
});

describe('a flag', () => {
  table(
    flag,
    [
      ['true', true],
      ['false', false],
    ],
    ['', 'yes', '1', 'True', 'flase'],
    'true or false',
  );
});

describe('headers', () => {
  it.each<[string, Record<string, string>]>([
    ['{}', {}],
    ['{"Authorization":"Bearer a=b, c"}', { Authorization: 'Bearer a=b, c' }],
    ['{"X-Tab":"a\\tb","Origin":"https://é"}', { 'X-Tab': 'a\tb', Origin: 'https://é' }],
  ])('are read from %j', (text, read) => {
    expect(headers(text)).toEqual(read);
  });

  it.each([
    ['', 'it is not JSON (some shells take the double quotes away)'],
    ['{', 'it is not JSON (some shells take the double quotes away)'],
    ['{Authorization:Bearer hunter2}', 'it is not JSON (some shells take the double quotes away)'],
    ['null', 'it is no JSON object'],
    ['"hunter2"', 'it is no JSON object'],
    ['[{"a":"hunter2"}]', 'it is no JSON object'],
    ['{"a":1}', 'the value of "a" is no text in quotes'],
    ['{"a":null}', 'the value of "a" is no text in quotes'],
    ['{"a b":"hunter2"}', '"a b" is no name of a header'],
    ['{"":"hunter2"}', '"" is no name of a header'],
    ['{"a:":"hunter2"}', '"a:" is no name of a header'],
    ['{"a":"b\\r\\nhunter2: d"}', 'the value of "a" has a control character'],
    ['{"a":"\\u0000"}', 'the value of "a" has a control character'],
    ['{"a":"\\u007f"}', 'the value of "a" has a control character'],
    ['{"Upgrade":"h2c"}', '"Upgrade" is set by the handshake'],
    ['{"connection":"close"}', '"connection" is set by the handshake'],
    ['{"Sec-WebSocket-Key":"hunter2"}', '"Sec-WebSocket-Key" is set by the handshake'],
    [
      '{"sec-websocket-PROTOCOL":"hunter2"}',
      '"sec-websocket-PROTOCOL" is set by the handshake; write its value into WS_SUBPROTOCOL',
    ],
    [
      '{"Sec-WebSocket-Extensions":"x"}',
      '"Sec-WebSocket-Extensions" is set by the handshake; WS_COMPRESSION=true offers permessage-deflate',
    ],
  ])('refuse %j: %s', (text, problem) => {
    expect(() => headers(text)).toThrow(
      new Expected(`a JSON object of strings, with header names that the handshake does not set itself; ${problem}`),
    );
  });

  it('are no properties that every object has', () => {
    expect(headers('{"constructor":"x"}')).toEqual({ constructor: 'x' });
  });
});

it.each([
  [0, '0ms'],
  [50, '50ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [1_234, '1.23s'],
  [59_994, '59.99s'],
  [59_999, '1m'],
  [60_000, '1m'],
  [90_000, '1m30s'],
  [3_599_999, '1h'],
  [3_600_000, '1h'],
  [5_400_000, '1h30m'],
  [3_601_500, '1h1.5s'],
])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [64, '64B'],
  [1_000, '1KB'],
  [500e6, '500MB'],
  [1_843_219_000, '1.84GB'],
  [2e9, '2GB'],
])('formatSize(%d) is %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
