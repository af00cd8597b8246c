import type { ProtocolName } from '../settings/settings.ts';
import { anyReply } from './any-reply.ts';
import { echo } from './echo.ts';
import { listen } from './listen.ts';
import type { Protocol } from './protocol.ts';
import { sendOnly } from './send-only.ts';

/** The protocol of this name. */
export function protocolOf(name: ProtocolName): Protocol {
  switch (name) {
    case 'echo':
      return echo;
    case 'any-reply':
      return anyReply;
    case 'send-only':
      return sendOnly;
    case 'listen':
      return listen;
  }
}
