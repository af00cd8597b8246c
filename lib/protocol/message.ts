/**
 * A message is JSON with an id and padding: `{"id":"k6-10000042-10000007","pad":"xxxx"}`, message 7 of connection 42.
 * It is put together in lib/connection/course.ts.
 */

/** Marks our ids in a frame, wherever a server puts them. */
export const ID_MARK = 'k6-';

/**
 * Ids count from here, so that all have the same length and a message its exact size without further string work:
 * each built-in that a VU touches (padStart, toString, …) costs it about 1 KB for good.
 */
export const FIRST_ID = 10_000_000;

/** Bytes of a message around its padding: `{"id":"k6-10000000-10000000","pad":""}`. */
const FRAME_BYTES = 38;

/** The smallest message that holds an id, in bytes. */
export const MIN_MESSAGE_SIZE = 40;

/** The padding that makes a message `size` bytes long. */
export function paddingFor(size: number): string {
  return 'x'.repeat(Math.max(0, size - FRAME_BYTES));
}
