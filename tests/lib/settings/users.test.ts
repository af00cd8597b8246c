import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../../lib/settings/settings-error.ts';
import { parseUsers } from '../../../lib/settings/users.ts';

const ANN = { user: 'ann', token: 'abc' };
const BOB = { user: 'bob', token: 'x,y' };

/** What the error says after "but". */
function refusal(text: string): string {
  try {
    parseUsers(text, 'users.csv');
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    const { message } = error as SettingsError;
    const match =
      /^One problem with the settings:\n {2}- WS_USERS="users\.csv": expected CSV with a header line or a JSON array of flat objects, but (.*); for example /.exec(
        message,
      );
    expect(match, message).not.toBeNull();
    return match?.[1] ?? '';
  }
  throw new Error('accepted');
}

describe('a CSV of users', () => {
  it.each([
    ['line feeds', 'user,token\nann,abc\nbob,"x,y"\n'],
    ['CRLF and a BOM', '\ufeffuser,token\r\nann,abc\r\nbob,"x,y"\r\n'],
    ['line breaks of several systems', 'user,token\nann,abc\r\nbob,"x,y"\r'],
    ['those in the other order', 'user,token\r\nann,abc\nbob,"x,y"\n'],
    ['no line break at its end', 'user,token\nann,abc\nbob,"x,y"'],
    ['blank lines', '\nuser,token\n\nann,abc\n  \nbob,"x,y"\n\n'],
    ['quoted names and spaces around them', '"user", token \nann,abc\nbob,"x,y"'],
  ])('is read with %s', (_name, text) => {
    expect(parseUsers(text, 'users.csv')).toEqual({ columns: ['user', 'token'], rows: [ANN, BOB] });
  });

  it('keeps values as they are: spaces, quotes, line breaks, empty ones, braces, numbers', () => {
    const text = 'a,b\n x ,"say ""hi"""\n"1\r\n2",\n{c},007';
    expect(parseUsers(text, 'u').rows).toEqual([
      { a: ' x ', b: 'say "hi"' },
      { a: '1\r\n2', b: '' },
      { a: '{c}', b: '007' },
    ]);
  });

  it('may have one column, and names that every object has', () => {
    expect(parseUsers('token\nabc\n', 'u').rows).toEqual([{ token: 'abc' }]);
    const { rows } = parseUsers('__proto__,constructor\nx,y', 'u');
    expect(JSON.stringify(rows)).toBe('[{"__proto__":"x","constructor":"y"}]');
  });

  it.each([
    ['', 'the file is empty'],
    ['\ufeff \n', 'the file is empty'],
    ['user,token\n', 'it has no rows of users'],
    ['user,token\n\n\n', 'it has no rows of users'],
    ['u\0s\0e\0r\0', 'it is not text in UTF-8: save it as such'],
    ['user\nMüller'.replace('ü', '\ufffd'), 'it is not text in UTF-8: save it as such'],
    ['user,token\nann,hunter2\nbob\n', 'line 3 has 1 field where the header has 2'],
    ['user,token\nann,hunter2,hunter2\n', 'line 2 has 3 fields where the header has 2'],
    ['user,token\n"a\nb","c\r\nd"\n\nbob,hunter2,\n', 'line 6 has 3 fields where the header has 2'],
    ['user,user\na,hunter2\n', 'the column "user" is there twice'],
    ['user, user\na,hunter2\n', 'the column "user" is there twice'],
    ['user,\na,hunter2\n', 'a column has no name'],
    ['user;token\na;hunter2\n', 'its header has no comma: semicolons and tabs separate nothing here'],
    ['user\ttoken\na\thunter2\n', 'its header has no comma: semicolons and tabs separate nothing here'],
    ['user,token\nann,"hunter2\nbob,x\n', 'the quotes in line 2 are unclosed or in the middle of a field'],
    ['user,token\nann,"hunter2"3\n', 'the quotes in line 2 are unclosed or in the middle of a field'],
  ])('is refused: %j', (text, what) => {
    expect(refusal(text)).toBe(what);
  });
});

describe('a JSON of users', () => {
  it.each([
    '[{"user":"ann","token":"abc"},{"user":"bob","token":"x,y"}]',
    '\ufeff\n [{"user":"ann","token":"abc"},{"token":"x,y","user":"bob"}]\n',
  ])('is read: %j', (text) => {
    expect(parseUsers(text, 'users.json')).toEqual({ columns: ['user', 'token'], rows: [ANN, BOB] });
  });

  it('makes text of numbers, true and false', () => {
    expect(parseUsers('[{"id":7,"share":0.5,"admin":false}]', 'u').rows).toEqual([
      { id: '7', share: '0.5', admin: 'false' },
    ]);
  });

  it.each([
    ['[]', 'it has no rows of users'],
    ['{"user":"hunter2"}', 'it is one JSON object in place of an array'],
    ['[{"user":"hunter2"', 'it begins like JSON and is not valid JSON'],
    ['["hunter2"]', 'element 1 of the array is no object'],
    ['[{"user":"a"},["hunter2"]]', 'element 2 of the array is no object'],
    ['[{"user":{"name":"hunter2"}}]', '"user" of element 1 is nested'],
    ['[{"user":"a"},{"user":["hunter2"]}]', '"user" of element 2 is nested'],
    ['[{"user":null}]', '"user" of element 1 is null'],
    ['[{"user":"a","token":"hunter2"},{"user":"b"}]', 'element 2 has no "token", which the first has'],
    ['[{"user":"a"},{"user":"b","token":"hunter2"}]', '"token" of element 2 is not in the first'],
    ['[{"id":12345678901234567890}]', '"id" of element 1 is a number too large to be exact: write it in quotes'],
    ['[{}]', 'a column has no name'],
    ['[{"":"hunter2"}]', 'a column has no name'],
  ])('is refused: %s', (text, what) => {
    expect(refusal(text)).toBe(what);
  });
});

it('no error shows a value', () => {
  for (const text of ['a,b\nhunter2\n', 'a\n"hunter2', '[{"a":hunter2}]', '[{"a":["hunter2"]}]'])
    expect(refusal(text)).not.toContain('hunter2');
});
