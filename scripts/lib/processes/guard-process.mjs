// Started by guard.mjs. Its parent is gone when the channel closes.
import { rmSync } from 'node:fs';

const pids = new Set();
const [folder] = process.argv.slice(2);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.on('message', (/** @type {{ watch?: number, release?: number }} */ { watch, release }) => {
  if (watch !== undefined) pids.add(watch);
  if (release !== undefined) pids.delete(release);
});

process.on('disconnect', () => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  process.exit();
});

process.send?.('here');
