/** Scenarios with a VU for each connection, all of them there at the same time. */
const ALL_AT_ONCE = ['concurrent', 'storm'];
/** Conversations whose VUs all weigh about the same: 105 KB and 25 KB of stack. A module of the user's can be any size. */
const OURS = ['echo', 'listen', 'send-only'];
/** Below it k6 itself is the larger part. */
const LEAST_CONNECTIONS = 5_000;
/**
 * 7 % below the guide's 2 GB for 10,000 connections, and a third above what is alive then. GOGC=50 alone comes to 2.15 GB in
 * a hold of minutes: between two collections the heap grows by half, and what is freed in it is not given back. With the
 * limit 1.85 GB, for 0.65 cores in the hold instead of 0.36: Go collects as often as that takes.
 */
const MIB_PER_1000 = 178;

/**
 * Go's limit for the memory of k6, in its environment; nothing where it could be too little: then Go would do nothing but
 * collect garbage.
 *
 * @param {object} run
 * @param {string} run.scenario
 * @param {string | undefined} run.conversation WS_CONVERSATION.
 * @param {number} run.connections The most that one process holds.
 * @param {NodeJS.ProcessEnv} run.env Of k6: a GOMEMLIMIT of the user's stands.
 * @returns {{ GOMEMLIMIT?: string }}
 */
export function memoryLimit({ scenario, conversation, connections, env }) {
  const isKnown = ALL_AT_ONCE.includes(scenario) && OURS.includes(conversation?.trim() || 'echo');
  if (!isKnown || connections < LEAST_CONNECTIONS || env['GOMEMLIMIT'] !== undefined) return {};
  return { GOMEMLIMIT: `${Math.floor((connections / 1_000) * MIB_PER_1000)}MiB` };
}
