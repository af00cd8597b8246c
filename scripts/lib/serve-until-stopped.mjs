import { once } from 'node:events';
import { writeSync } from 'node:fs';

/**
 * Serves until the process is told to stop: prints `listening on ws://127.0.0.1:PORT/` on stdout, and its counts as one
 * line of JSON when it is stopped by SIGINT or SIGTERM.
 *
 * Started with an IPC channel (child_process.fork), it stops when the channel closes, so that it never outlives its
 * parent, and leaves Ctrl-C, which a terminal sends to the whole group, to the parent. Upon the message `crash` it prints its
 * counts and kills itself: all connections are gone at once, without a close frame.
 *
 * @param {{ url: string, stats: () => object, close: () => Promise<void> }} server Listening.
 * @returns {Promise<void>}
 */
export async function serveUntilStopped(server) {
  // Before the line is out: whoever reads it may stop the server at once.
  const stopped = stopRequested();
  process.on('message', (message) => {
    if (message !== 'crash') return;
    // In one breath, so that nothing happens that is not counted.
    writeSync(1, `${JSON.stringify(server.stats())}\n`);
    process.kill(process.pid, 'SIGKILL');
  });
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
