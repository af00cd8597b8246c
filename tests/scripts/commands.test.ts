import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../scripts/lib/commands.mjs';
import { ROOT } from './fakes.ts';

test("the package's command knows each script that the package brings", () => {
  const { files } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const brought = readdirSync(path.join(ROOT, 'scripts'))
    .filter((name) => name.endsWith('.mjs') && !files.includes(`!scripts/${name}`))
    .map((name) => name.replace(/\.mjs$/, ''))
    // The command itself, and what it does without the name of a script.
    .filter((name) => name !== 'cli' && name !== 'start');
  expect([...COMMANDS].sort()).toEqual(brought.sort());
});
