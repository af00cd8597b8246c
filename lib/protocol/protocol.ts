/** The frame answers nothing that was asked: a push, or (any-reply) nothing is pending. */
export const NO_REPLY = -1;
/** The frame looks like an answer, but not to this connection's messages: foreign id, or none at all. */
export const STRAY = -2;

/** What counts as a reply. */
export interface Protocol {
  /**
   * Which message a frame answers.
   *
   * @param frame - text of the frame; a binary frame is read as Latin-1.
   * @param connection - number of the connection.
   * @param oldestPending - sequence number of the oldest unanswered message, or NO_REPLY if there is none.
   * @returns a sequence number (pending, answered already or never sent), NO_REPLY or STRAY.
   */
  replyTo(frame: string, connection: number, oldestPending: number): number;
  /** Messages are sent. */
  sends: boolean;
  /** Each message waits for a reply; without, a message is done once it is sent. */
  awaitsReply: boolean;
}
