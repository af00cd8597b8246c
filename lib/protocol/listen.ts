import { NO_REPLY, type Protocol } from './protocol.ts';

/** Nothing is sent; the connection is held and the server may push. */
export const listen: Protocol = { sends: false, awaitsReply: false, replyTo: () => NO_REPLY };
