import { serveSpoken } from './serve.mjs';

/** What the client has to make of the challenge and its secret. */
const proofOf = (nonce, secret) =>
  [...`${nonce}:${secret}`].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1e9, 7);

/**
 * A login in three steps, each of which needs what the last one said; then each request needs the cursor of the reply
 * before it. Says goodbye back.
 *
 * @param {ReadonlyMap<string, string>} users Secret by name.
 */
export function startSteps(users) {
  return serveSpoken((peer, tally) => {
    const nonce = `nonce-${peer.place}`;
    const session = `session-${peer.place}`;
    let stage = 'hello';
    let secret = '';
    let cursor = 0;
    const say = (message) => peer.send(JSON.stringify(message));
    const refuse = (why) => {
      tally(`refused: ${why}`);
      peer.end(4400, why);
    };
    return (data) => {
      const message = JSON.parse(String(data));
      if (stage === 'hello') {
        secret = users.get(message.user) ?? '';
        if (secret === '') return refuse('no such user');
        stage = 'proof';
        tally('challenged');
        say({ type: 'challenge', nonce });
      } else if (stage === 'proof') {
        if (message.proof !== proofOf(nonce, secret)) return refuse('wrong proof');
        stage = 'enter';
        tally('proven');
        say({ type: 'session', session });
      } else if (stage === 'enter') {
        if (message.session !== session) return refuse('wrong session');
        stage = 'in';
        tally('entered');
        say({ type: 'entered', cursor });
      } else if (message.type === 'ask') {
        if (message.cursor !== cursor) return refuse('wrong cursor');
        cursor += 1 + (message.n % 3);
        tally('asked');
        say({ type: 'reply', n: message.n, cursor });
      } else if (message.type === 'bye') {
        tally('byes');
        say({ type: 'bye' });
      }
    };
  });
}
