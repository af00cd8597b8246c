import { describe, expect, it } from 'vitest';
import { importedBy, takerOf } from '../../../lib/conversation/imported.ts';

const files = (texts: Record<string, string>) => (path: string) => texts[path] ?? null;
const pathsFrom = (path: string, read: (path: string) => string | null) =>
  importedBy(path, read).map((file) => file.path);

describe('the files of a module', () => {
  it('are those that it imports, and those that they import, each once', () => {
    const read = files({
      '/tests/chat.ts': `import { wait } from './lib/wait.ts';\nimport { check } from 'k6';`,
      '/tests/lib/wait.ts': `export { wait } from '../deep/pause.ts';\nimport { a } from '../chat.ts';`,
      '/tests/deep/pause.ts': `import http from 'k6/http'; import { a } from '/elsewhere/a.ts';`,
    });
    expect(pathsFrom('/tests/chat.ts', read)).toEqual([
      '/tests/chat.ts',
      '/tests/lib/wait.ts',
      '/tests/deep/pause.ts',
      '/elsewhere/a.ts',
    ]);
  });

  it('are looked for beside a module on Windows', () => {
    const read = files({ 'C:\\tests\\chat.ts': `import './x.ts'; import { a } from './wait.ts';` });
    expect(pathsFrom('C:\\tests\\chat.ts', read)).toEqual(['C:\\tests\\chat.ts', 'C:/tests/x.ts', 'C:/tests/wait.ts']);
  });

  it.each([`import './b.js';`, `import{x}from"./b.js";`, `export*from"./b.js"`, `const b = require('./b.js');`])(
    'are found by %j',
    (text) => {
      expect(pathsFrom('/a.js', files({ '/a.js': text }))).toEqual(['/a.js', '/b.js']);
    },
  );

  it.each([`export const path = './b.js';`, `const important = './b.js';`])('are not found by %j', (text) => {
    expect(pathsFrom('/a.js', files({ '/a.js': text }))).toEqual(['/a.js']);
  });

  it.each([
    [`const a = 1; // import { b } from './b.ts'`, []],
    [`const a = 'it\\'s // no comment'; import './b.ts';`, ['/b.ts']],
    [`const any = 'ws://x/*'; import './b.ts'; /* or */`, ['/b.ts']],
    ['const text = `a // b`; import "./b.ts";', ['/b.ts']],
  ])('know texts from comments: %j', (text, paths) => {
    expect(pathsFrom('/a.ts', files({ '/a.ts': text }))).toEqual(['/a.ts', ...paths]);
  });

  it('have no comments', () => {
    const read = files({ '/a.ts': `// import { b } from './b.ts';\n/* import { c }\nfrom './c.ts'; */ const d = 1;` });
    expect(importedBy('/a.ts', read).map(({ text }) => text.trim())).toEqual(['const d = 1;']);
  });

  it('are a hundred at most', () => {
    let reads = 0;
    const read = (path: string) => {
      reads += 1;
      return `import { next } from './${path.replace(/\W/g, '')}x.ts';`;
    };
    expect(importedBy('/a.ts', read)).toHaveLength(100);
    expect(reads).toBe(100);
  });
});

describe('who takes something from a module of k6', () => {
  const taker = (text: string) => takerOf([{ path: '/chat.ts', text }], 'k6/timers');

  it.each([
    `import { setTimeout } from 'k6/timers';`,
    `import * as timers from "k6/timers";`,
    `import 'k6/timers';`,
    `const { setInterval } = require('k6/timers');`,
  ])('is found by %j', (text) => {
    expect(taker(text)).toBe('/chat.ts');
  });

  it.each([`import { setTimeout } from './k6/timers';`, `const text = 'k6/timers';`, `import http from 'k6/http';`])(
    'is not who says %j',
    (text) => {
      expect(taker(text)).toBeNull();
    },
  );
});
