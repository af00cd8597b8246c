import { describe, expect, it } from 'vitest';
import { findSleep } from '../../../lib/conversation/sleep.ts';

const find = (text: string) => findSleep([{ path: '/chat.ts', text }]);

describe('sleep of k6', () => {
  it.each([
    `import { sleep } from 'k6';`,
    `import { check, sleep as pause } from "k6";`,
    `import {\n  check,\n  sleep,\n} from 'k6';`,
    `import * as k6 from 'k6';\nk6.sleep(1);`,
    `import k6 from 'k6';\nk6 . sleep(1);`,
    `import * as $k from 'k6';\n$k.sleep(1);`,
    `export { sleep } from 'k6';`,
    `import{sleep}from"k6";`,
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
    `import * as k6 from 'k6';\nk6.check(1, {});\nobject.sleep(1);`,
    `import { sleepless } from 'k6';`,
    `session.sleep(1);`,
  ])('is not in %j', (text) => {
    expect(find(text)).toBeNull();
  });

  it('is told by the file that takes it', () => {
    const files = [
      { path: '/a.ts', text: '' },
      { path: '/b.ts', text: `import { sleep } from 'k6';` },
    ];
    expect(findSleep(files)).toBe('/b.ts');
  });
});
