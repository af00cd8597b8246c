/**
 * The benchmark's load for Artillery's `ws` engine: the same ramp, life, message rate and size. Each message waits for the
 * next frame, which has to carry its id. The engine measures no time of a reply, and the next message is due an interval
 * after the reply.
 *
 * @param {{ url: string, connections: number, rampSeconds: number, lifeSeconds: number, intervalSeconds: number }} load
 * @returns {string} JSON, which is YAML too.
 */
export function artilleryConfig({ url, connections, rampSeconds, lifeSeconds, intervalSeconds }) {
  const message = { id: '10000000-10000000', pad: 'x'.repeat(29) };
  return JSON.stringify({
    config: {
      target: url,
      phases: [{ duration: Math.ceil(rampSeconds), arrivalCount: connections, maxVusers: connections }],
    },
    scenarios: [
      {
        engine: 'ws',
        flow: [
          // Artillery waits no random time: half an interval, the mean of what the others wait.
          { think: intervalSeconds / 2 },
          {
            loop: [
              { send: { payload: message, match: { json: '$.id', value: message.id } } },
              { think: intervalSeconds },
            ],
            count: Math.max(1, Math.floor(lifeSeconds / intervalSeconds)),
          },
        ],
      },
    ],
  });
}
