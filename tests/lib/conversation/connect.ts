import WebSocket from 'ws';
import type { Client, Conversation } from '../../../lib/conversation/conversation.ts';
import { Player } from './player.ts';

/** A conversation with the server at this address; resolves with the handshake, whatever comes after it. */
export async function connect<State>(
  conversation: Conversation<State>,
  url: string,
  client: Partial<Client> = {},
): Promise<Player<State>> {
  const known: Client = { index: 0, user: {}, url, ...client };
  const { url: address = url, protocols = [], headers = {} } = conversation.handshake?.(known) ?? {};
  const socket = new WebSocket(address, protocols, { headers });
  // A server that has just started may take seconds for its first reply where all cores are busy.
  const player = new Player(conversation, known, { messageTimeoutMs: 20_000 });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) player.receive(data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer);
    else player.receive(data.toString());
  });
  socket.on('close', (code, reason) => player.serverClosed(code, reason.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.off('error', reject).on('error', () => {});
      player.open({ send: (frame) => socket.send(frame), close: (code) => socket.close(code) });
      resolve();
    });
  });
  return player;
}
