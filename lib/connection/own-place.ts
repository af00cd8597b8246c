/**
 * Whether a place in a stack is in the code of this package: a script of dist/, or a file of the sources.
 *
 * @param folder - with a separator at its end; empty where the stack has none.
 */
export function isOwnPlace(folder: string, file: string): boolean {
  const script = /^(concurrent|multiplexed|tiers|storm|churn|capacity|reconnect)\.[jt]s$/;
  return script.test(file) || /\/lib\/(connection|conversation|scenario)\/$/.test(folder);
}
