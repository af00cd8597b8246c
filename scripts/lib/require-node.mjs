const OLDEST_MAJOR = 20;

/**
 * What is wrong with a version of Node, in one sentence.
 *
 * @param {string} version `20.20.2`
 * @returns {string | undefined} undefined if it will do.
 */
export function nodeProblem(version) {
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return undefined;
  return `Node.js ${OLDEST_MAJOR} or newer is needed, this is ${version}: https://nodejs.org/en/download`;
}

// On import, and imported first: what comes after it may use what an old Node does not have.
const problem = nodeProblem(process.versions.node);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
