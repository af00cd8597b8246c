import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { echo } from '../../../lib/conversation/echo.ts';
import { problemsOf } from '../../../lib/conversation/problems.ts';
import { temporaryFolder } from '../../scripts/fakes.ts';

const read = (file: string) =>
  readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
const doc = read('docs/conversations.md');
const modules = [...`${read('README.md')}${doc}`.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(
  ([, name = '', code = '']) => ({
    name,
    code,
  }),
);

test('each module of the README and the tutorial is a conversation, built on those before it', async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  // k6's own modules are not there: nothing of them is called before a handshake.
  const k6 = path.join(folder, 'node_modules', 'k6');
  mkdirSync(k6, { recursive: true });
  writeFileSync(path.join(k6, 'package.json'), '{"name":"k6","exports":{"./http":"./http.cjs"}}');
  writeFileSync(path.join(k6, 'http.cjs'), '');
  expect(modules.map(({ name }) => name)).toContain('login.js');
  for (const { name, code } of modules) {
    writeFileSync(path.join(folder, name), code);
    const { default: made } = await import(/* @vite-ignore */ pathToFileURL(path.join(folder, name)).href);
    expect(problemsOf(typeof made === 'function' ? made({ echo }) : made), name).toEqual([]);
  }
});

test('it speaks of all that a conversation can call and be', () => {
  const contract = read('lib/conversation/conversation.ts').replace(/\/\*\*[\s\S]*?\*\//g, '');
  const members = [...contract.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, name = '']) => name);
  expect(members.length).toBeGreaterThan(25);
  for (const name of members) expect(doc, name).toMatch(new RegExp(`\\b${name}\\b`));
});
