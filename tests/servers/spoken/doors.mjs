import { serveSpoken } from './serve.mjs';

/** How long tests wait for a login (WS_READY_TIMEOUT): long for those that are let in at once. */
export const READY_MS = 1_800;

/** Later than that, and before the hold of the tests is over. */
const TOO_LATE_MS = 2_600;

/**
 * Of five logins one is let in, one refused with a word, one with a close, one let in too late, and one never answered.
 *
 * @param {number} [tooLateMs]
 */
export function startDoors(tooLateMs = TOO_LATE_MS) {
  return serveSpoken((peer, tally) => (data) => {
    const [what, number] = String(data).split(' ');
    if (what === 'ask') {
      tally('asked');
      peer.send(`answer ${number}`);
      return;
    }
    switch (Number(number) % 5) {
      case 0:
        tally('welcomed');
        return peer.send('welcome');
      case 1:
        tally('refused');
        return peer.send('no bad password');
      case 2:
        tally('turned away');
        return peer.end(4401, 'bad token');
      case 3:
        tally('late');
        return peer.after(tooLateMs, () => peer.send('welcome'));
      default:
        tally('never answered');
    }
  });
}
