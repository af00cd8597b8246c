import { NO_REPLY, type Protocol } from './protocol.ts';

/** Messages are sent and nothing is awaited; frames that come are unexpected. */
export const sendOnly: Protocol = { sends: true, awaitsReply: false, replyTo: () => NO_REPLY };
