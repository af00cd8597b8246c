import { type EchoOptions, echo } from './echo.ts';

/** The messages of `echo`, of which nothing is claimed but that they were sent: frames that come are unexpected. */
export function sendOnly(options?: EchoOptions): ReturnType<typeof echo> {
  const { message } = echo(options, 'sendOnly').requests ?? {};
  return { requests: message ? { message: { ...message, reply: 'none' } } : {}, received: () => undefined };
}
