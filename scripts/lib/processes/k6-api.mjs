/** k6 answers from memory; one that takes longer than this has something better to do. */
const ANSWER_MS = 5_000;
/** `status` of k6's REST API when all VUs are made and it waits for the start (`--paused`). */
const PAUSED_BEFORE_RUN = 4;

/**
 * @param {string} address
 * @returns {Promise<boolean>} Whether the k6 that serves there is ready to start; false if nobody answers yet.
 */
export async function isReady(address) {
  return (await ask(address, 'status'))?.status >= PAUSED_BEFORE_RUN;
}

/**
 * @param {string} address
 * @returns {Promise<boolean>} Whether k6 said that it goes on.
 */
export async function resume(address) {
  return (await change(address, { paused: false }))?.paused === false;
}

/**
 * Ends the test as an interruption does, with its report, on every system: k6's exit code is 103.
 *
 * @param {string} address
 * @returns {Promise<boolean>} Whether k6 said that it stops.
 */
export async function stop(address) {
  return (await change(address, { stopped: true }))?.stopped === true;
}

/**
 * @param {string} address
 * @param {string} metric A Counter.
 * @returns {Promise<number | null>} Its count so far, over all tags; null if it cannot be read.
 */
export async function countOf(address, metric) {
  const count = (await ask(address, `metrics/${metric}`))?.sample?.count;
  return typeof count === 'number' ? count : null;
}

/** @param {string} address @param {object} attributes */
function change(address, attributes) {
  const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes } });
  return ask(address, 'status', { method: 'PATCH', headers: { 'content-type': 'application/json' }, body });
}

/**
 * @param {string} address
 * @param {string} what
 * @param {RequestInit} [request]
 * @returns {Promise<any>}
 */
async function ask(address, what, request = {}) {
  try {
    const answer = await fetch(`http://${address}/v1/${what}`, { ...request, signal: AbortSignal.timeout(ANSWER_MS) });
    return (await answer.json())?.data?.attributes;
  } catch {
    return undefined;
  }
}
