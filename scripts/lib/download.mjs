import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A server that is there answers within this; a machine without internet must not wait for long. */
const ANSWER_TIMEOUT_MS = 8_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/**
 * The text at an address.
 *
 * @param {string} url http or https.
 * @returns {Promise<string>}
 * @throws {Error} Naming the address and the reason in half a sentence.
 */
export async function downloadText(url) {
  return request(url, (response) => response.text());
}

/**
 * Writes what is at an address into a file. What is there after an error is not a whole file.
 *
 * @param {string} url http or https.
 * @param {string} file
 * @returns {Promise<void>}
 * @throws {Error} Naming the address and the reason in half a sentence; also if the connection ends too early.
 */
export async function downloadFile(url, file) {
  await request(url, (response, signal) => {
    const body = /** @type {import('node:stream/web').ReadableStream} */ (response.body);
    return pipeline(Readable.fromWeb(body), createWriteStream(file), { signal });
  });
}

/**
 * @template T
 * @param {string} url
 * @param {(response: Response, signal: AbortSignal) => Promise<T>} read
 * @returns {Promise<T>}
 */
async function request(url, read) {
  const controller = new AbortController();
  const { signal } = controller;
  const giveUpAfter = (/** @type {number} */ ms, /** @type {string} */ what) =>
    setTimeout(() => controller.abort(new Error(`${what} within ${ms / 1000} s`)), ms);
  let deadline = giveUpAfter(ANSWER_TIMEOUT_MS, 'no answer');
  try {
    const response = await fetch(url, { signal });
    clearTimeout(deadline);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    deadline = giveUpAfter(DOWNLOAD_TIMEOUT_MS, 'not complete');
    return await read(response, signal);
  } catch (error) {
    throw new Error(`${url}: ${reasonOf(signal.aborted ? signal.reason : error)}`, { cause: error });
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * fetch says "fetch failed" and hides the reason in the cause.
 *
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  if (!(cause instanceof Error)) return message;
  return cause.message || /** @type {NodeJS.ErrnoException} */ (cause).code || message;
}
