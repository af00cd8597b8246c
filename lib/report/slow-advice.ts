/** What a missed limit of a time says, and where to look. */
const SLOW: Record<string, { what: string; look: string }> = {
  ws_message_rtt: {
    what: 'replies took longer',
    look: 'Look at the CPU, event loop and queues of the server; where they have room, at the bandwidth and any proxy on the way.',
  },
  ws_connect_time: {
    what: 'handshakes took longer',
    look: 'Look at the accept queue and event loop of the server, and at smaller batches.',
  },
  ws_delivery_time: {
    what: 'messages to others took longer',
    look: 'Look at how it fans out, and at the bandwidth.',
  },
};

const ESTABLISH =
  'The plan, the server, or the network on the way: it counts from the first batch to the last open. Where the batches with the delays between them take as long by themselves, make them larger or the delays shorter; else look at the connect times.';

/**
 * A sentence or two on a missed limit of a time: whose it most likely is and where to look; null for what is no such time.
 *
 * @param metric - that is judged, with its tags.
 */
export function slowAdvice(metric: string): string | null {
  const [name = ''] = metric.split('{');
  if (name === 'ws_establish_time') return ESTABLISH;
  const slow = SLOW[name];
  if (slow === undefined) return null;
  // Of the steps of a capacity test those before it met the limit.
  const than = metric.includes('{step:') ? 'with more connections open' : 'than the target allows';
  return `Server, or the network on the way: ${slow.what} ${than}. ${slow.look}`;
}
