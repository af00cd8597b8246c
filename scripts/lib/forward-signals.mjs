import { watchParent } from './watch-parent.mjs';

/**
 * One Ctrl-C can arrive twice, from the terminal and again from npm, and k6 takes a second signal as "stop at once,
 * without the report". A second one after this time is meant.
 */
const ECHO_MS = 1000;
/** What k6 does with a signal that it does not handle is die without a report, so a hang-up becomes a SIGTERM. */
const FORWARDED = /** @type {const} */ ([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGHUP', 'SIGTERM'],
]);

/**
 * Whether k6 is started in a group of its own: then it gets what is forwarded here and not the terminal's copy as well.
 * On Windows, where nothing can be forwarded, it stays in the group and the console tells it by itself.
 */
export const FORWARDS = process.platform !== 'win32';

/**
 * Keeps this process from being ended by SIGINT, SIGTERM and SIGHUP, and passes them on. That npm has gone which started it
 * counts as a SIGTERM, unless a signal came before: k6 would take it for a second one.
 *
 * @param {(signal: 'SIGINT' | 'SIGTERM') => void} send
 * @param {() => void} [received] Also on Windows, where nothing is sent.
 * @returns {() => void} Ends that.
 */
export function forwardSignals(send, received = () => {}) {
  let lastMs = Number.NEGATIVE_INFINITY;
  const receive = (/** @type {'SIGINT' | 'SIGTERM'} */ signal) => {
    const nowMs = performance.now();
    received();
    if (FORWARDS && nowMs - lastMs > ECHO_MS) send(signal);
    lastMs = nowMs;
  };
  const handlers = FORWARDED.map(([signal, sent]) => {
    const handler = () => receive(sent);
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  const stopWatching = watchParent(() => {
    if (lastMs === Number.NEGATIVE_INFINITY) receive('SIGTERM');
  });
  return () => {
    stopWatching();
    for (const remove of handlers) remove();
  };
}
