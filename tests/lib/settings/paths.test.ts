import { describe, expect, it } from 'vitest';
import { candidatesFor } from '../../../lib/settings/paths.ts';

describe('a path', () => {
  it.each(['/srv/chat.ts', '\\srv\\chat.ts', 'C:\\tests\\chat.ts', 'c:/tests/chat.ts', 'file:///srv/chat.ts'])(
    'that is absolute is taken as it is: %s',
    (path) => {
      expect(candidatesFor(path, '/typed', 'file:///project/dist/')).toEqual([path]);
    },
  );

  it.each(['users.csv', './users.csv', '.\\users.csv'])(
    'is looked for where the command was typed, beside the script, and above it: %s',
    (path) => {
      expect(candidatesFor(path, '/typed', 'file:///project/dist/')).toEqual([
        '/typed/users.csv',
        '/project/dist/users.csv',
        '/project/users.csv',
      ]);
    },
  );

  it('keeps its folders', () => {
    expect(candidatesFor('data/users.csv', '/typed/', '/project/dist/')).toEqual([
      '/typed/data/users.csv',
      '/project/dist/data/users.csv',
      '/project/data/users.csv',
    ]);
    expect(candidatesFor('../users.csv', '/typed', '/project/dist/')[0]).toBe('/typed/../users.csv');
  });

  it.each([undefined, ''])('is looked for by the script alone where the shell tells nothing: %j', (typedIn) => {
    expect(candidatesFor('users.csv', typedIn, '/project/dist/')).toEqual([
      '/project/dist/users.csv',
      '/project/users.csv',
    ]);
  });

  it('is not looked for twice at one place', () => {
    expect(candidatesFor('users.csv', '/project', 'file:///project/dist/')).toEqual([
      '/project/users.csv',
      '/project/dist/users.csv',
    ]);
  });

  it.each([
    ['file:///C:/my%20tests/dist/', 'C:/my tests/dist/users.csv', 'C:/my tests/users.csv'],
    ['file://C:/tests/dist/', 'C:/tests/dist/users.csv', 'C:/tests/users.csv'],
    ['file:///srv/my%20tests/dist/', '/srv/my tests/dist/users.csv', '/srv/my tests/users.csv'],
  ])('is looked for in the folder of %s', (folder, beside, above) => {
    expect(candidatesFor('users.csv', undefined, folder)).toEqual([beside, above]);
  });
});
