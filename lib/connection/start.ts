import type { Connection, Vu } from './connection.ts';

/** The connection is ready: requests begin, the clock of WS_MESSAGE_INTERVAL starts at a random phase. */
export function start({ run, kinds, clients }: Vu, connection: Connection, now: number): void {
  connection.phase = 'ready';
  let firstAt = kinds.length > 0 ? now + Math.random() * run.messageIntervalMs : connection.closeAt;
  firstAt += (run.sendStepMs - (firstAt % run.sendStepMs)) % run.sendStepMs;
  connection.nextSendAt = firstAt;
  clients?.ready(connection, now);
}
