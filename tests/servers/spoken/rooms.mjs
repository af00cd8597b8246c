import { serveSpoken } from './serve.mjs';

/** The last number of a stamp: 0, where what is sent is not to be counted. */
const STAMP = /k6s\.\d+\.\d+\.\d+\.(\d+)\./;

/**
 * Rooms of a chat: `join ROOM`, `say N TEXT`, which all in the room get and the sender is told `ok N`.
 *
 * @param {object} [options]
 * @param {number} [options.withheld] Share of the copies that are never sent, as 1 / n: one of each n, chosen at random. Default 0.
 * @param {number} [options.doubled] Share of those sent that are sent twice. Default 0.
 */
export function startRooms({ withheld = 0, doubled = 0 } = {}) {
  /** @type {Map<string, Set<import('./serve.mjs').Peer>>} */
  const rooms = new Map();
  const each = withheld > 0 ? Math.round(1 / withheld) : 0;
  let copies = 0;
  let left = 0;
  /** So that the share itself is no matter of chance. */
  const isWithheld = () => {
    if (each === 0) return false;
    if (copies % each === 0) left = Math.floor(Math.random() * each);
    copies += 1;
    return (copies - 1) % each === left;
  };
  return serveSpoken((peer, tally) => {
    /** @type {Set<import('./serve.mjs').Peer>} */
    let room = new Set();
    return (data) => {
      const [what, argument = '', ...text] = String(data).split(' ');
      if (what === 'join') {
        room = rooms.get(argument) ?? new Set();
        rooms.set(argument, room.add(peer));
        tally('joins');
        peer.send('joined');
        return;
      }
      tally('said');
      peer.send(`ok ${argument}`);
      const counts = (STAMP.exec(text.join(' '))?.[1] ?? '0') !== '0';
      if (counts) tally('expected', room.size);
      for (const member of room) {
        if (isWithheld()) continue;
        member.send(`said ${text.join(' ')}`);
        if (counts) tally('forwarded');
        if (Math.random() >= doubled) continue;
        member.send(`said ${text.join(' ')}`);
        if (counts) tally('doubled');
      }
    };
  });
}
