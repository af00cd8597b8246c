import { serveSpoken } from './serve.mjs';

/**
 * Answers requests, and a goodbye by the number in it: with a word, with a close of one kind or the other, or not at all.
 * Each eighth connection it puts out upon its first request.
 */
export function startParting() {
  return serveSpoken((peer, tally) => (data) => {
    const [what, number, index] = String(data).split(' ');
    if (what === 'ask' && Number(index) % 8 === 7) {
      tally('put out');
      peer.end(4010, `maintenance of node-${number}`);
    } else if (what === 'ask') {
      tally('asked');
      peer.send(`answer ${number}`);
    } else {
      tally('byes');
      const way = Number(index) % 4;
      if (way === 0) peer.send('bye');
      else if (way === 1) peer.end(1000);
      else if (way === 2) peer.end(4000, 'so long');
      else tally('unanswered byes');
    }
  });
}
