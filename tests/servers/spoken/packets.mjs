import { serveSpoken } from './serve.mjs';

/** Types of operations: a byte, then the number and the length of the body in two bytes each, then the body. */
const OPERATION = { login: 1, welcome: 2, ask: 3, answer: 4, news: 5 };

const operation = (type, n, body = '') => {
  const head = Buffer.alloc(5);
  head[0] = type;
  head.writeUInt16BE(n, 1);
  head.writeUInt16BE(Buffer.byteLength(body), 3);
  return Buffer.concat([head, Buffer.from(body)]);
};

/**
 * Speaks in operations that frames know nothing of: it takes them in pieces and in heaps, and sends them so. The welcome
 * comes in three frames, an answer in two or, with the news, in one.
 */
export function startPackets() {
  return serveSpoken((peer, tally) => {
    let rest = Buffer.alloc(0);
    const answer = (type, n) => {
      if (type === OPERATION.login) {
        tally('logins');
        const welcome = operation(OPERATION.welcome, 0, 'hello');
        for (const [from, to] of [
          [0, 2],
          [2, 6],
          [6, undefined],
        ])
          peer.send(welcome.subarray(from, to));
      } else if (type === OPERATION.ask && n % 2 === 0) {
        tally('asked');
        tally('news');
        peer.send(Buffer.concat([operation(OPERATION.answer, n, 'yes'), operation(OPERATION.news, 0, 'extra')]));
      } else if (type === OPERATION.ask) {
        tally('asked');
        const whole = operation(OPERATION.answer, n, 'yes');
        peer.send(whole.subarray(0, 3));
        peer.send(whole.subarray(3));
      }
    };
    return (data, isBinary) => {
      tally(isBinary ? 'binary frames' : 'text frames');
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 5 && rest.length >= 5 + rest.readUInt16BE(3)) {
        const end = 5 + rest.readUInt16BE(3);
        answer(rest[0], rest.readUInt16BE(1));
        rest = rest.subarray(end);
      }
    };
  });
}
