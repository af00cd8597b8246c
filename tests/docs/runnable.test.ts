import { expect, test } from 'vitest';
import { ENGLISH, PAGES } from './pages.ts';
import { notPrinted, runnablesOf } from './runnable.ts';

const PAGE = `
<!-- runnable -->
\`\`\`sh
export A=1
run one
\`\`\`

\`\`\`
PASS  20 of 20
\`\`\`

\`\`\`sh
export B=2
not marked
\`\`\`

  <!-- runnable exit=99 server="node server.mjs --port 8081" -->
  \`\`\`sh
  run two
  \`\`\`

Prose.

\`\`\`
not its output
\`\`\`
`;

test('marked blocks are found, with what the page has exported before', () => {
  expect(runnablesOf('page.md', PAGE)).toEqual([
    { page: 'page.md', line: 2, script: 'export A=1\nrun one\n', exitCode: 0, output: 'PASS  20 of 20\n' },
    {
      page: 'page.md',
      line: 17,
      script: 'export A=1\nexport B=2\nrun two\n',
      exitCode: 99,
      server: 'node server.mjs --port 8081',
    },
  ]);
});

test.each(['exit=no', 'port=8081', 'server=node'])('a marker of %s is an error', (words) => {
  const page = PAGE.replace('<!-- runnable -->', `<!-- runnable ${words} -->`);
  expect(() => runnablesOf('page.md', page)).toThrow(`page.md:2: <!-- runnable ${words} -->: expected exit=99`);
});

test('what is shown has to be printed, whatever its numbers and its line breaks', () => {
  const shown = ' PASS  all met\n  1,000 connections, 50ms apart, held for 15s; 17s in all\n    ...\n    peak 273MB\n';
  const printed = ' PASS  all met\n  500 connections, 1.5s apart, held\n  for 15s; 17s in all\nmore\n    peak 1.2GB\n';
  expect(notPrinted(shown, printed)).toBeUndefined();
  expect(notPrinted(shown, printed.replace('PASS', 'FAIL'))).toBe(' PASS  all met');
  expect(notPrinted(shown, printed.replace('more\n    peak', 'beak'))).toBe('    peak 273MB');
  expect(notPrinted('b\na\n', 'a\nb\n')).toBe('a');
});

test('markers mean something, the English pages have some, and none of them changes the packages of the project', () => {
  const all = PAGES.flatMap((page) => runnablesOf(page));
  expect(all.filter(({ page }) => ENGLISH.includes(page)).length).toBeGreaterThan(2);
  for (const { script, page, line } of all) expect(script, `${page}:${line}`).not.toMatch(/\bnpm (ci|i|install)\b/);
});
