import { expect, it } from 'vitest';
import { fileProblems } from '../../../lib/conversation/file-problems.ts';

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
