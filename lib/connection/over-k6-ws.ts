import ws from 'k6/ws';
import { sleep } from '../k6.ts';
import type { Access } from '../plan/run.ts';
import { begin, type Context, opened, received, tick, type Wire } from './connection.ts';
import { exceptions } from './exceptions.ts';

/** The part of k6/ws's socket that is used; its own type lacks the Go error of `error` events. */
interface Socket extends Wire {
  on(event: string, handler: (argument: never) => void): void;
  setTimeout(callback: () => void, delayMs: number): void;
}

/**
 * One connection on one VU over k6/ws, from attempt to end; then the VU stays down until its planned close, so that
 * k6 starts no further iteration in its place. Blocks for the whole time.
 *
 * @param index - place in the ramp, over all processes of the test.
 */
export function holdOverK6Ws(context: Context, index: number, { urls, headers }: Access): void {
  const { run } = context;
  const connection = begin(context, index, Date.now());
  let lastError = '';
  const setUp = (socket: Socket): void => {
    const receive = (frame: string | ArrayBuffer) => received(connection, frame, Date.now());
    const wakeAt = (at: number) => {
      const now = Date.now();
      if (at > 0) socket.setTimeout(wake, at > now ? at - now : 1);
    };
    const wake = () => wakeAt(tick(connection, Date.now()));
    socket.on('message', receive);
    socket.on('binaryMessage', receive);
    socket.on('pong', () => exceptions().ponged(connection));
    socket.on('error', (error: { error(): string }) => {
      lastError = error.error();
    });
    socket.on('close', (code: number) => {
      if (connection.state !== 'ended') exceptions().dropped(connection, code, lastError, Date.now());
    });
    wakeAt(opened(connection, socket, Date.now()));
  };
  try {
    const response = ws.connect(
      urls[index % urls.length] as string,
      {
        headers: run.subprotocol ? { ...headers, 'Sec-WebSocket-Protocol': run.subprotocol } : headers,
        compression: run.compression ? 'deflate' : '',
      },
      setUp as never,
    );
    if (connection.state === 'connecting') exceptions().refused(connection, response.error ?? '', response.status);
  } catch (error) {
    if (connection.state === 'connecting') exceptions().refused(connection, String(error), 0);
    else exceptions().dropped(connection, undefined, String(error), Date.now());
  }
  const rest = connection.closeAt - Date.now();
  if (rest > 0) sleep(rest / 1000);
}
