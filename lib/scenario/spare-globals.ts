/**
 * Takes away what no VU of ours uses, since each of 10,000 holds its own copy of it: in KB of live heap per VU,
 * WebCrypto 13, text coders and timers 8, promises beyond what k6 itself awaits 6, `global` 1 (k6 v2.2; without it
 * `concurrent` takes 2,290 MB in place of 1,915). Only for scenarios over k6/ws, where each connection is a VU, and only
 * where the conversation is one of ours that needs none of them: a user's may.
 *
 * @param name - WS_CONVERSATION.
 */
export function spareGlobals(name: string | undefined): void {
  const isOurs = name === undefined || name === '' || name === 'echo' || name === 'listen' || name === 'send-only';
  if (__VU === 0 || !isOurs) return;
  const globals = globalThis as unknown as Record<string, unknown>;
  delete globals['global'];
  delete globals['crypto'];
  delete globals['TextDecoder'];
  delete globals['TextEncoder'];
  delete globals['setTimeout'];
  delete globals['clearTimeout'];
  delete globals['setInterval'];
  delete globals['clearInterval'];
  delete globals['open'];
  delete globals['require'];
  // k6 gives each VU another one, with what its scenario adds, when that begins.
  delete globals['__ENV'];
  const promises = Promise as unknown as Record<string, unknown>;
  delete promises['all'];
  delete promises['allSettled'];
  delete promises['any'];
  delete promises['race'];
  delete promises['reject'];
  delete promises['resolve'];
  const promise = Promise.prototype as unknown as Record<string, unknown>;
  delete promise['catch'];
  delete promise['finally'];
}
