import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fakeProgram, ROOT, type Started, startScript, temporaryFolder } from './fakes.ts';

const K6_VERSION = 'k6 v2.2.0 (go1.26.8, linux/amd64)';

export interface Clone {
  root: string;
  /** Starts a script of the clone, with the fake npm and k6. */
  start(script: string, args?: string[], env?: NodeJS.ProcessEnv): Started;
}

/**
 * A clone of the project in which nothing is installed: the real scripts/, and an npm, a k6, a build and tools that
 * only pretend. `npm ci` brings the real `ws` and the pretended tools.
 *
 * @param k6 What k6 does but tell its version: JavaScript that may use `args`, its arguments.
 * @param tools What each pretended tool does: JavaScript. All print `ran NAME ARGUMENTS` first.
 */
export function bareClone(k6: string, tools: Record<string, string> = {}): Clone {
  const root = temporaryFolder();
  const programs = path.join(root, 'programs');
  for (const folder of ['scripts', 'examples']) {
    cpSync(path.join(ROOT, folder), path.join(root, folder), { recursive: true });
  }
  mkdirSync(path.join(root, 'scenarios'));
  for (const name of ['concurrent', 'multiplexed', 'storm'])
    writeFileSync(path.join(root, 'scenarios', `${name}.ts`), '');
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  const lock = JSON.stringify({ packages: { 'node_modules/ws': { version: '8.0.0' } } });
  writeFileSync(path.join(root, 'package-lock.json'), lock);
  writeFileSync(path.join(root, 'build.mjs'), `console.log('ran build');`);
  // The clone's own package.json would make them ES modules.
  mkdirSync(programs);
  writeFileSync(path.join(programs, 'package.json'), '{}');
  fakeProgram(
    programs,
    'k6',
    `const args = process.argv.slice(2);
     if (args[0] === 'version') { console.log('${K6_VERSION}'); process.exit(0); }
     if (args[0] === 'inspect') { console.log('{}'); process.exit(0); }
     ${k6}`,
  );
  const npm = path.join(root, 'npm-cli.cjs');
  writeFileSync(npm, fakeNpm(root, tools));
  return {
    root,
    start: (script, args = [], env = {}) =>
      startScript(path.join(root, 'scripts', script), args, {
        // As npm does.
        cwd: root,
        env: { PATH: programs, HOME: root, npm_execpath: npm, ...env },
      }),
  };
}

function fakeNpm(root: string, tools: Record<string, string>): string {
  const packages = { biome: '@biomejs/biome', tsc: 'typescript', vitest: 'vitest' };
  const writes = Object.entries(packages).map(([command, name]) => {
    const folder = path.join(root, 'node_modules', name);
    const code = `console.log(['ran ${command}', ...process.argv.slice(2)].join(' '));\n${tools[command] ?? ''}`;
    return `fs.mkdirSync(${JSON.stringify(folder)}, { recursive: true });
      fs.writeFileSync(${JSON.stringify(path.join(folder, 'package.json'))}, ${JSON.stringify(JSON.stringify({ bin: { [command]: 'tool.cjs' } }))});
      fs.writeFileSync(${JSON.stringify(path.join(folder, 'tool.cjs'))}, ${JSON.stringify(code)});`;
  });
  return `const fs = require('node:fs');
    console.log(['ran npm', ...process.argv.slice(2)].join(' '));
    ${writes.join('\n')}
    fs.symlinkSync(${JSON.stringify(path.join(ROOT, 'node_modules', 'ws'))}, ${JSON.stringify(path.join(root, 'node_modules', 'ws'))}, 'dir');
    fs.copyFileSync(${JSON.stringify(path.join(root, 'package-lock.json'))}, ${JSON.stringify(path.join(root, 'node_modules', '.package-lock.json'))});`;
}
