// What a release consists of, made into a folder: `node scripts/release.mjs release [--tag v0.2.0]`
//
//   k6-websocket-concurrency-0.2.0.tgz   the npm package
//   k6-websocket-concurrency-0.2.0.zip   the bundles, for k6 without Node.js
//   SHA256SUMS                           of both, as sha256sum writes it
//
// The same sources give the same bytes, with the same Node.js and npm.
//
// Exit codes: 0 made; 2 bad arguments, or the tag is not the version of package.json; npm's own.
import './lib/require-node.mjs';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { npmCommand } from './lib/dependencies.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { ROOT } from './lib/project.mjs';
import { releaseZip } from './lib/release-zip.mjs';
import { runStep } from './lib/run-step.mjs';
import { say } from './lib/say.mjs';

const EXAMPLE = 'node scripts/release.mjs release --tag v0.2.0';

/** @param {string[]} args */
async function main(args) {
  const { folder, tag } = parse(args);
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  if (tag !== undefined && tag !== `v${version}`) {
    throw new ExitError(
      `The tag is ${tag}, but package.json has version ${version}: expected v${version}`,
      EXIT_BAD_INPUT,
    );
  }
  mkdirSync(folder, { recursive: true });
  // It builds, by the script "prepack".
  const { program, args: npm, shell } = npmCommand();
  const quoted = shell ? `"${folder}"` : folder;
  const code = await runStep(program, [...npm, 'pack', '--loglevel=warn', '--pack-destination', quoted], {
    quietStdout: true,
    shell,
  });
  if (code !== 0) throw new ExitError(`npm pack failed with exit code ${code}; its reason is above.`, code);
  const title = `${name}-${version}`;
  writeFileSync(path.join(folder, `${title}.zip`), releaseZip(title));
  const sums = [`${title}.tgz`, `${title}.zip`].map((file) => `${sha256(path.join(folder, file))}  ${file}\n`);
  writeFileSync(path.join(folder, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(sums.join(''));
  say(`Made in ${folder}.`);
  return 0;
}

/** @param {string[]} args */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { tag: { type: 'string' } } });
    const [folder] = positionals;
    if (positionals.length === 1 && folder !== undefined) return { folder: path.resolve(folder), tag: values.tag };
    throw new Error(`expected one folder, got ${positionals.length}`);
  } catch (error) {
    throw new ExitError(`${/** @type {Error} */ (error).message}. Example: ${EXAMPLE}`, EXIT_BAD_INPUT);
  }
}

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

await runAsScript(import.meta.url, main);
