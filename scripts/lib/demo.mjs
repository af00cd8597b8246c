/**
 * The sizes of the run that `npm start` does unasked: about 20 seconds of load from 1,000 connections, which any laptop
 * and the target server bear. A scenario that needs others gets a line of its own.
 *
 * @type {Record<string, Record<string, string>>}
 */
const SIZES = {
  concurrent: { WS_CONNECTIONS: '1000', WS_HOLD: '15s', WS_MESSAGE_INTERVAL: '2s' },
  tiers: { WS_TIERS: '100,300,600', WS_TIER_HOLD: '3s', WS_TIER_PAUSE: '1s', WS_MESSAGE_INTERVAL: '1s' },
  storm: { WS_CONNECTIONS: '1000', WS_HOLD: '5s', WS_MESSAGE_INTERVAL: '2s' },
  capacity: { WS_CONNECTIONS: '1000', WS_STEP: '250', WS_STEP_HOLD: '3s', WS_MESSAGE_INTERVAL: '1s' },
  churn: { WS_RATE: '100', WS_LIFETIME: '2s', WS_CHURN: '15s' },
  reconnect: { WS_CONNECTIONS: '1000', WS_HOLD: '25s', WS_MESSAGE_INTERVAL: '2s', WS_BACKOFF: '500ms..5s' },
};

/**
 * The settings of a run, as k6 gets them, from those that the user gave.
 *
 * - No WS_URL: the target server's address and that of its figures, and the demo's sizes unless a profile was chosen.
 * - A demo of a conversation: its module and its users.
 * - WS_GENERATOR_ADDRESS always, so that memory is measured.
 *
 * @param {string} scenario
 * @param {Record<string, string>} given Win over everything.
 * @param {object} demo
 * @param {string} demo.generatorAddress
 * @param {string} [demo.hostMetrics] For WS_HOST_METRICS.
 * @param {string} [demo.targetUrl] Of the target server, if one was started.
 * @param {string} [demo.conversation] For WS_CONVERSATION.
 * @param {string} [demo.users] For WS_USERS.
 * @returns {Record<string, string>}
 */
export function demoSettings(scenario, given, { generatorAddress, hostMetrics, targetUrl, conversation, users }) {
  const isDemo = targetUrl !== undefined && given['WS_PROFILE'] === undefined;
  return {
    ...(isDemo && (SIZES[scenario] ?? SIZES['concurrent'])),
    ...(targetUrl !== undefined && {
      WS_URL: targetUrl,
      WS_TARGET_METRICS: targetUrl
        .split(',')
        .map((url) => new URL('/metrics', url.replace(/^ws/, 'http')).href)
        .join(','),
    }),
    ...(hostMetrics !== undefined && { WS_HOST_METRICS: hostMetrics }),
    ...(conversation !== undefined && { WS_CONVERSATION: conversation }),
    ...(users !== undefined && { WS_USERS: users }),
    WS_GENERATOR_ADDRESS: generatorAddress,
    ...given,
  };
}
