import { serveSpoken } from './serve.mjs';

/** Later than the conversation's test waits for a login (WS_READY_TIMEOUT). */
export const TOO_LATE_MS = 1_600;

/** Of five logins one is let in, one refused with a word, one with a close, one let in too late, and one never answered. */
export function startDoors() {
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
        return peer.after(TOO_LATE_MS, () => peer.send('welcome'));
      default:
        tally('never answered');
    }
  });
}
