import { once } from 'node:events';

/**
 * Serves until the process is told to stop: prints `listening on ws://127.0.0.1:PORT/` on stdout, and its counts as one
 * line of JSON when it is stopped by SIGINT or SIGTERM.
 *
 * Started with an IPC channel (child_process.fork), it stops when the channel closes, so that it never outlives its
 * parent, and leaves Ctrl-C, which a terminal sends to the whole group, to the parent.
 *
 * @param {{ url: string, stats: () => object, close: () => Promise<void> }} server Listening.
 * @returns {Promise<void>}
 */
export async function serveUntilStopped(server) {
  // Before the line is out: whoever reads it may stop the server at once.
  const stopped = stopRequested();
  process.stdout.write(`listening on ${server.url}\n`);
  await stopped;
  // Before closing, so that what clients still held shows as open.
  process.stdout.write(`${JSON.stringify(server.stats())}\n`);
  await server.close();
}

async function stopRequested() {
  if (process.channel) {
    process.on('SIGINT', () => {});
    await Promise.race([once(process, 'disconnect'), once(process, 'SIGTERM')]);
    if (process.connected) process.disconnect();
  } else {
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  }
}
