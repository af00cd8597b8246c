import type { Connection, Rare } from './connection.ts';

/** What few connections need, made when first needed. */
export function rareOf(connection: Connection): Rare {
  connection.rare ??= {
    establishedAt: 0,
    readyAt: 0,
    deadline: 0,
    timers: [],
    callbacks: 0,
    secondAt: 0,
    outbox: [],
    pingedBytes: 0,
    isHeldBack: false,
    heldBackAt: 0,
    silent: null,
    sentOnly: null,
    seen: null,
    traced: 0,
    isToldOutside: false,
  };
  return connection.rare;
}
