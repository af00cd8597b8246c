import { type Defaults, type EchoOptions, echo } from './echo.ts';

/** The messages of `echo`, of which nothing is claimed but that they were sent: frames that come are unexpected. */
export function sendOnly(options: EchoOptions = {}, defaults?: Defaults): ReturnType<typeof echo> {
  const { message } = echo(options, defaults).requests ?? {};
  return { requests: message ? { message: { ...message, reply: 'none' } } : {}, received: () => undefined };
}
