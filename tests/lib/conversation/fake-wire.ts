import type { Conversation, Outgoing } from '../../../lib/conversation/conversation.ts';
import { Player } from './player.ts';

/** A conversation whose server the test plays, with what was sent to it. */
export function withFakeServer<State>(conversation: Conversation<State>, client: { index?: number } = {}) {
  const player = new Player(conversation, client, { messageTimeoutMs: 60_000 });
  const sent: Outgoing[] = [];
  player.open({ send: (frame) => sent.push(frame), close: () => {} });
  return {
    player,
    counts: player.counts,
    /** All that was sent since the last call. */
    sent: (): Outgoing[] => sent.splice(0),
  };
}

/** The bytes that these hexadecimal digits say. */
export function bytes(hex: string): ArrayBuffer {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer;
}

/** And back. */
export function hex(frame: Outgoing | undefined): string {
  if (frame === undefined || typeof frame === 'string') return `text: ${frame}`;
  return Buffer.from(frame as Uint8Array).toString('hex');
}
