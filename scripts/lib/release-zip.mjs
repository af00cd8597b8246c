import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { FALLBACK_K6, OLDEST_K6, PINNED_K6 } from './k6-version.mjs';
import { ROOT } from './project.mjs';

/** The least that a zip can say, so that the same files make the same bytes. In local time, as fflate writes it. */
const DATE = new Date(1980, 0, 1);
/** The examples' types by the name of the npm package, which is not beside the zip. */
const TYPES = /'k6-websocket-concurrency'/g;

/**
 * The bundles for k6 without Node.js, as a zip of one folder: `k6 run k6-websocket-concurrency-0.2.0/concurrent.js`. What
 * dist/ holds has to be built, its types too.
 *
 * @param {string} title The folder's name: `k6-websocket-concurrency-0.2.0`.
 * @param {string} [root] The project's folder.
 * @returns {Uint8Array}
 */
export function releaseZip(title, root = ROOT) {
  const read = (/** @type {string} */ file) => readFileSync(path.join(root, file));
  const inFolder = (/** @type {string} */ folder, /** @type {RegExp} */ names) =>
    readdirSync(path.join(root, folder))
      .filter((name) => names.test(name))
      .sort();
  const bundles = inFolder('dist', /\.js$/);
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  for (const name of bundles) files[name] = read(`dist/${name}`);
  files['conversation.d.ts'] = read('dist/conversation.d.ts');
  for (const name of inFolder('dist/types', /\.d\.ts$/)) files[`types/${name}`] = read(`dist/types/${name}`);
  // Without the servers to try them on, which need Node.js.
  for (const name of inFolder('examples', /\.(?:ts|js|csv)$/)) {
    const text = read(`examples/${name}`).toString('utf8').replace(TYPES, "'../types/makers.d.ts'");
    files[`examples/${name}`] = Buffer.from(text);
  }
  for (const name of ['.dashboard.json', 'LICENSE']) files[name] = read(name);
  files['README.md'] = Buffer.from(readme(title, bundles));
  const entries = Object.entries(files).map(([name, content]) => [`${title}/${name}`, content]);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: DATE });
}

/**
 * @param {string} title
 * @param {string[]} bundles
 */
function readme(title, bundles) {
  const tested = [FALLBACK_K6, PINNED_K6].map((version) => `v${version}`).join(' and ');
  return `# ${title}

Scripts for k6 v${OLDEST_K6} or newer (tested with ${tested}): how many WebSocket connections does a server really hold?

\`\`\`sh
k6 run -e WS_URL=wss://example.com/socket -e WS_PROFILE=smoke multiplexed.js
\`\`\`

The scripts: ${bundles.join(', ')}. \`multiplexed.js\` puts 100 connections on each VU, which takes the least memory.

With your server's own language, from a module beside the script:

\`\`\`sh
k6 run -e WS_URL=wss://example.com/socket -e WS_CONVERSATION=hello.js -e WS_USERS=users.csv multiplexed.js
\`\`\`

\`examples/\` has modules to copy, \`conversation.d.ts\` is the contract that they fulfil. A wrong setting is answered with
what is expected.

- \`-e WS_RESULTS_DIR=results\`, a folder that is there: summary.json and junit.xml.
- \`--address 127.0.0.1:6565 --profiling-enabled\`: k6's memory is measured and judged too.
- \`k6 run --out web-dashboard …\` in this folder shows a live view with the layout of \`.dashboard.json\`.
- Exit code 0: all targets met. 99: a target was missed.

The npm package of the same name brings a server to try it on, reports in HTML and a comparison of runs:
\`npx k6-websocket-concurrency\`. All settings and the guide are in its README.md.
`;
}
