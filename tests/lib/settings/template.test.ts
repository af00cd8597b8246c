import { describe, expect, it } from 'vitest';
import { Expected } from '../../../lib/settings/parsers.ts';
import { columnsOf, fill } from '../../../lib/settings/template.ts';

const asItIs = (value: string) => value;

describe('columnsOf()', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['ws://host/', []],
    ['ws://host/{room}?token={token}', ['room', 'token']],
    ['{a}{b}{a}', ['a', 'b']],
    ['{user name}', ['user name']],
    ['{{a}}', []],
    ['{{{a}}}', ['a']],
    ['{{}}', []],
  ])('of %j is %j', (text, names) => {
    expect(columnsOf(text)).toEqual(names);
  });

  it.each(['{', '}', '{}', 'ws://host/{room', 'ws://host/room}', '{a{b}}', '{a}}', '{"a":{b}}', 'a{{{b'])(
    'refuses %j',
    (text) => {
      expect(() => columnsOf(text)).toThrow(
        new Expected(
          'the name of a column of WS_USERS between { and }, such as {token}; a brace itself is written {{ or }}',
        ),
      );
    },
  );

  it('shows nothing of the text, which can be a secret', () => {
    expect(() => columnsOf('Bearer hunter2{')).not.toThrow('hunter2');
  });
});

describe('fill()', () => {
  const row = { user: 'ann', token: 'a/b c&é', empty: '', brace: '{user}$&' };

  it.each([
    ['Bearer {token}', 'Bearer a/b c&é'],
    ['{user}{user}', 'annann'],
    ['no columns', 'no columns'],
    ['{{user}} {{{user}}}', '{user} {ann}'],
    ['<{empty}>', '<>'],
    // A value is no template.
    ['{brace}', '{user}$&'],
  ])('makes of %j in a header %j', (text, filled) => {
    expect(fill(text, row, asItIs)).toBe(filled);
  });

  it('encodes values and braces for their place', () => {
    expect(fill('ws://h/{user}?t={token}&x={{1}}', row, encodeURIComponent)).toBe(
      'ws://h/ann?t=a%2Fb%20c%26%C3%A9&x=%7B1%7D',
    );
  });

  it('never puts in what is no column of the row', () => {
    expect(() => fill('{toke}', row, asItIs)).toThrow('the users have no column toke');
    expect(() => fill('{constructor}', row, asItIs)).toThrow('the users have no column constructor');
  });
});
