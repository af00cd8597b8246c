import { type ModuleFile, TEXT, takerOf } from './imported.ts';
import { findOwnMetric } from './own-metric.ts';
import { findSleep } from './sleep.ts';

/**
 * What is wrong with a user's module that only its text tells: k6 offers no way to notice it when it happens.
 *
 * @param metrics - names of this package's.
 */
export function fileProblems(files: ModuleFile[], metrics: readonly string[]): string[] {
  const problems: string[] = [];
  const sleeps = findSleep(files);
  if (sleeps !== null) {
    problems.push(
      `${sleeps} takes sleep from k6, which would stop all connections of its VU: use session.after(ms, callback)`,
    );
  }
  const timed = takerOf(files, 'k6/timers');
  if (timed !== null) {
    problems.push(
      `${timed} takes timers from k6/timers, which stand still over k6/ws and whose errors are seen by nobody over k6/websockets: use session.after(ms, callback) or session.every(ms, callback)`,
    );
  }
  const metric = findOwnMetric(files, metrics);
  if (metric !== null) {
    problems.push(
      `${metric.path} makes a metric ${metric.name}, which this test has itself: call it otherwise, for example chat_${metric.name}`,
    );
  }
  return problems;
}

/**
 * A warning where a module has an async function of its own, which only its text tells; null: none is seen. No error: a package
 * that is bundled into the module can have some that nobody calls.
 */
export function asyncWarning([own]: ModuleFile[]): string | null {
  const isAsync = /\basync(?:\s*[(<*]|\s+function\b|\s+[\w$]+\s*(?:=>|\())/;
  if (own === undefined || !isAsync.test(own.text.replace(TEXT, "''"))) return null;
  return `${own.path} has an async function: nobody waits for it, and what it throws is seen by nobody, so that its messages look like timeouts. Do all at once: session.after() is for what comes later, http of k6 in handshake() for a token`;
}
