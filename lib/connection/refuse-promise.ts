/**
 * Throws if this, which a callback of the conversation returned, is a promise: nobody would wait for it, or see what it throws.
 *
 * @param what - the callback.
 * @param expected - what it was to return, or to be, in its place.
 */
export function refusePromise(given: unknown, what: string, expected: string): void {
  const { then } = Object(given) as { then?: unknown };
  if (typeof then !== 'function') return;
  // One that is rejected and that nobody looks at has k6 end all connections of the VU.
  then.call(given, null, () => undefined);
  throw new TypeError(`${what} returned a promise, expected ${expected}`);
}
