import { expect, it } from 'vitest';
import { asyncWarning, fileProblems } from '../../../lib/conversation/file-problems.ts';

it('of a module are all told at once, each with its file', () => {
  const files = [
    {
      path: '/a.ts',
      text: `import { sleep } from 'k6'; import { Counter } from 'k6/metrics';\nnew Counter('ws_pushes');`,
    },
    { path: '/b.ts', text: `import { setTimeout } from 'k6/timers';` },
  ];
  expect(fileProblems(files, ['ws_pushes'])).toEqual([
    expect.stringMatching(/^\/a\.ts takes sleep from k6, .*session\.after\(ms, callback\)$/),
    expect.stringMatching(/^\/b\.ts takes timers from k6\/timers, /),
    expect.stringMatching(/^\/a\.ts makes a metric ws_pushes, .* chat_ws_pushes$/),
  ]);
  expect(fileProblems([{ path: '/a.ts', text: '' }], ['ws_pushes'])).toEqual([]);
});

it.each([
  'async function handle(session) {}',
  'const handle = async (session) => {};',
  'const handle = async session => {};',
  'const handle = async<T,>(session: T) => {};',
  'class Chat { async handle(session) {} }',
  'const all = { async *frames() {} };',
])('an async function is warned of, since nobody sees what it throws: %s', (text) => {
  expect(asyncWarning([{ path: '/a.ts', text }])).toMatch(/^\/a\.ts has an async function: nobody waits for it/);
  // What a module imports may be anybody's.
  expect(
    asyncWarning([
      { path: '/a.ts', text: '' },
      { path: '/b.ts', text },
    ]),
  ).toBeNull();
});

it.each([
  'const async = 1;',
  'const mode = { async: true };',
  'say(\'async (as told)\', "async function", `async () => {}`);',
])('%s is none', (text) => {
  expect(asyncWarning([{ path: '/a.ts', text }])).toBeNull();
});
