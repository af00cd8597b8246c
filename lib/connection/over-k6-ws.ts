import { sleep } from '../k6.ts';
import type { Access } from '../settings/access.ts';
import { type Context, Field, type Wire } from './connection.ts';
import { courseOf } from './course.ts';
import { exceptions } from './exceptions.ts';
import { ws } from './k6-ws.ts';

/**
 * The part of k6/ws's socket that is used; its own type lacks the Go error of `error` events. Each read of a method
 * makes a new function around the Go one (1 KB of garbage), which needs no `this`: so each is read once.
 */
interface Socket extends Wire {
  on(this: void, event: string, handler: (argument: never) => void): void;
  setTimeout(this: void, callback: () => void, delayMs: number): void;
}

/** In place of what a VU no longer needs. */
const SPENT = null as never;

/**
 * One connection on one VU over k6/ws, from attempt to end; then the VU stays down until its planned close, so that
 * k6 starts no further iteration in its place. Blocks for the whole time.
 *
 * @param index - place in the ramp, over all processes of the test.
 */
export function holdOverK6Ws(context: Context, index: number, access: string | Access): void {
  const { run, ledger } = context;
  const { attempted, begin, opened, tick, received } = courseOf(context);
  // Read once: a name that is not ours takes a search through all scopes.
  const clock = Date.now;
  attempted(1);
  const connection = begin(index, clock());
  let lastError = '';
  const setUp = (socket: Socket): void => {
    const { on, setTimeout } = socket;
    const receive = (frame: string | ArrayBuffer) => received(connection, frame, clock());
    const wake = () => {
      const now = clock();
      const at = tick(connection, now);
      if (at > 0) setTimeout(wake, at > now ? at - now : 1);
    };
    // One function for three events (0.7 KB each): close tells its code, error a Go error, pong nothing.
    const hear = (told?: number | { error(): string }) => {
      if (told === undefined) exceptions().ponged(connection);
      else if (typeof told !== 'number') lastError = told.error();
      else if (connection[Field.state] !== 'ended') exceptions().dropped(connection, told, lastError, Date.now());
    };
    on('message', receive);
    on('binaryMessage', receive);
    on('pong', hear);
    on('error', hear);
    on('close', hear);
    const now = clock();
    const at = opened(connection, socket, null, now);
    if (at > 0) setTimeout(wake, at > now ? at - now : 1);
    // The VU makes no second attempt: what only that would need is 7 KB of its heap, of 109.
    if (!run.arrives) {
      ledger.connectAttempts = ledger.connectsUnattempted = ledger.connectsPending = SPENT;
      ledger.connectSuccess = ledger.connectFailures = ledger.connectTime = ledger.establishTime = SPENT;
      delete (globalThis as unknown as Record<string, unknown>)['__ENV'];
    }
  };
  const url = typeof access === 'string' ? access : (access.urls[index % access.urls.length] as string);
  const headers = typeof access === 'string' ? {} : access.headers;
  const params =
    typeof access === 'string' && !run.subprotocol && !run.compression
      ? null
      : {
          headers: run.subprotocol ? { ...headers, 'Sec-WebSocket-Protocol': run.subprotocol } : headers,
          compression: run.compression ? 'deflate' : '',
        };
  try {
    const response = ws.connect(url, params, setUp as never);
    if (connection[Field.state] === 'connecting')
      exceptions().refused(connection, response.error ?? '', response.status, Date.now());
  } catch (error) {
    if (connection[Field.state] === 'connecting') exceptions().refused(connection, String(error), 0, Date.now());
    else exceptions().dropped(connection, undefined, String(error), Date.now());
  }
  const rest = connection[Field.closeAt] - Date.now();
  if (rest > 0) sleep(rest / 1000);
}
