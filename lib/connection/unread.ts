/**
 * Bytes that may be under way before the server has shown that it reads, by a reply or a pong. Within it, a server
 * that no longer reads cannot fill the socket's buffers: k6's write would block for ever, and the VU and k6 with it.
 */
export const MAX_UNREAD_BYTES = 65_536;
