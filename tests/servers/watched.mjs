/**
 * Counts that tests can wait for instead of asking for them again and again.
 *
 * @param {() => import('./counts.mjs').Counts} counts What they are now.
 */
export function watched(counts) {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  return {
    /** To be called upon each change of them. */
    changed: () => {
      for (const watcher of watchers) watcher();
    },
    /**
     * Resolves as soon as the counts satisfy the condition; never rejects, the test's own timeout bounds it.
     *
     * @param {(counts: import('./counts.mjs').Counts) => boolean} condition
     * @returns {Promise<void>}
     */
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition(counts())) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}
