import { describe, expect, it } from 'vitest';
import { findSleep } from '../../../lib/conversation/sleep.ts';

const files = (texts: Record<string, string>) => (path: string) => texts[path] ?? null;
const find = (text: string) => findSleep('/chat.ts', files({ '/chat.ts': text }));

describe('sleep of k6', () => {
  it.each([
    `import { sleep } from 'k6';`,
    `import { check, sleep as pause } from "k6";`,
    `import {\n  check,\n  sleep,\n} from 'k6';`,
    `import * as k6 from 'k6';\nk6.sleep(1);`,
    `import k6 from 'k6';\nk6 . sleep(1);`,
    `import * as $k from 'k6';\n$k.sleep(1);`,
    `export { sleep } from 'k6';`,
    `const { sleep } = require('k6');`,
    `const { check, sleep: pause } = require("k6")`,
    `require('k6').sleep(1);`,
  ])('is found in %j', (text) => {
    expect(find(text)).toBe('/chat.ts');
  });

  it.each([
    '',
    `import { check } from 'k6';`,
    `import { sleep } from './helpers.ts';`,
    `import { sleep } from 'k6/x/other';`,
    `// import { sleep } from 'k6';`,
    `/*\n * import { sleep } from 'k6';\n */`,
    `import * as k6 from 'k6';\nk6.check(1, {});\nobject.sleep(1);`,
    `import { sleepless } from 'k6';`,
    `session.sleep(1);`,
  ])('is not in %j', (text) => {
    expect(find(text)).toBeNull();
  });

  it('is found in what the module imports, and there once more', () => {
    const read = files({
      '/tests/chat.ts': `import { wait } from './lib/wait.ts';`,
      '/tests/lib/wait.ts': `export { wait } from '../deep/pause.ts';`,
      '/tests/deep/pause.ts': `import { sleep } from 'k6';`,
    });
    expect(findSleep('/tests/chat.ts', read)).toBe('/tests/deep/pause.ts');
  });

  it('is looked for beside a module on Windows', () => {
    const read = files({
      'C:\\tests\\chat.ts': `import './x.ts'; import { a } from './wait.ts';`,
      'C:/tests/wait.ts': `import { sleep } from 'k6';`,
    });
    expect(findSleep('C:\\tests\\chat.ts', read)).toBe('C:/tests/wait.ts');
  });

  it('is not looked for in circles, nor in files that are not there', () => {
    const read = files({
      '/a.ts': `import { b } from './b.ts'; import { c } from './c.ts';`,
      '/b.ts': `import { a } from './a.ts';`,
    });
    expect(findSleep('/a.ts', read)).toBeNull();
  });

  it('is looked for in a hundred files at most', () => {
    let reads = 0;
    const read = (path: string) => {
      reads += 1;
      return `import { next } from './${path.replace(/\W/g, '')}x.ts';`;
    };
    expect(findSleep('/a.ts', read)).toBeNull();
    expect(reads).toBe(100);
  });
});
