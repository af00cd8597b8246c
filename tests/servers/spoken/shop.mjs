import { serveSpoken } from './serve.mjs';

/**
 * `buy` is answered, or refused with one of two words, after every second of which an answer follows all the same; `list`
 * has three parts and an end; `watch` a first part and some more; `note` no reply.
 */
export function startShop() {
  return serveSpoken((peer, tally) => (data) => {
    const [what, number] = String(data).split(' ');
    const n = Number(number);
    tally(what ?? '');
    if (what === 'buy' && (n + peer.place) % 4 === 0) {
      const word = n % 2 === 0 ? 'sold out' : 'error 42';
      tally(word);
      peer.send(`no ${n} ${word}`);
      if (n % 2 === 0) peer.send(`ok ${n}`);
    } else if (what === 'buy') {
      peer.send(`ok ${n}`);
    } else if (what === 'list') {
      for (let part = 0; part < 3; part++) peer.send(`item ${n}`);
      peer.send(`end ${n}`);
    } else if (what === 'watch') {
      for (let part = 0; part < 4; part++) peer.send(`tick ${n}`);
    }
  });
}
