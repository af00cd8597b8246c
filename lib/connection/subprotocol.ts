/**
 * What is wrong with the sub-protocol that the server chose, or null. It has to be one of those that were asked for; one
 * that nobody asked for must fail the connection (RFC 6455, 4.1), and so must none where some were asked for, as browsers
 * do it (WHATWG WebSockets, "establish a WebSocket connection").
 *
 * @param chosen - empty: none.
 */
export function subprotocolProblem(asked: readonly string[], chosen: string): string | null {
  if (asked.length === 0 ? chosen === '' : asked.includes(chosen)) return null;
  const what = chosen === '' ? 'chose no sub-protocol' : 'chose a sub-protocol that was not asked for';
  return `the server ${what}`;
}
