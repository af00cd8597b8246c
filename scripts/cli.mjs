#!/usr/bin/env node
// `k6-websocket-concurrency`, the command of the npm package: a run as `npm start` does it, or with the name of a script in
// front that script.
//
//   npx k6-websocket-concurrency multiplexed -e WS_URL=wss://example.com/socket
//   npx k6-websocket-concurrency compare-results before after
//   npx k6-websocket-concurrency --version
//
// Exit codes: those of the script (scripts/start.mjs).
import './lib/require-node.mjs';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { COMMANDS } from './lib/commands.mjs';
import { ROOT } from './lib/project.mjs';

const [node = '', , ...args] = process.argv;
if (args[0] === '--version') {
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  process.stdout.write(`${name} ${version}\n`);
} else {
  const isCommand = args[0] !== undefined && COMMANDS.includes(args[0]);
  const script = fileURLToPath(new URL(`${isCommand ? args[0] : 'start'}.mjs`, import.meta.url));
  process.argv = [node, script, ...(isCommand ? args.slice(1) : args)];
  await import(pathToFileURL(script).href);
}
