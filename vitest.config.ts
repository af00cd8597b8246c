import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/**
 * In the product `require('./file.ts')` has a file made only where that line is reached (build.mjs). Node's modules know no
 * such call: here the file is imported above, and stands in the call's place.
 */
function requireInPlace(): Plugin {
  return {
    name: 'require-in-place',
    enforce: 'pre',
    transform(code, id) {
      const file = path.relative(ROOT, id.replace(/\?.*/, '')).replaceAll('\\', '/');
      if (!/^(lib|scenarios)\/.*\.ts$/.test(file)) return null;
      const imports: string[] = [];
      // Not in a comment.
      const made = code.replace(/^(?!\s*(?:\*|\/[/*])).*$/gm, (line) =>
        line.replace(/\brequire\((['"])(\.{1,2}\/[^'"]+\.ts)\1\)/g, (_call, _quote, required: string) => {
          const name = `required${imports.length}`;
          imports.push(`import * as ${name} from '${required}';`);
          return name;
        }),
      );
      // In the first line, so that all lines keep their numbers.
      return imports.length === 0 ? null : { code: `${imports.join(' ')} ${made}`, map: null };
    },
  };
}

/** Each runs a real k6 against a real server. */
const REAL_K6 = { testTimeout: 240_000, hookTimeout: 120_000 };

/** Those that judge times, memory or CPU, and one that builds dist/: with another beside them they would measure that. */
const ALONE = [
  'beside',
  'capacity',
  'compare',
  'concurrent',
  'docs',
  'generator',
  'live',
  'package',
  'processes',
  'reconnect',
  'segments',
  'storm',
  'truth',
].map((name) => `tests/e2e/${name}.test.ts`);

export default defineConfig({
  plugins: [requireInPlace()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // What servers in processes of their own have counted can lag behind, with all cores busy by more than a second.
          expect: { poll: { timeout: 10_000 } },
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**'],
        },
      },
      {
        extends: true,
        test: {
          ...REAL_K6,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: ALONE,
          // They mostly wait: two at once take half the time, and share the cores with nobody.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...REAL_K6,
          name: 'e2e-alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
