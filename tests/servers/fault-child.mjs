// The process behind forkFaultServer(): tells its port, then its counts upon each change.
import { startFaultServer } from './fault-server.mjs';

const server = await startFaultServer({ script: JSON.parse(process.argv[2] ?? '[]') });
const tell = (/** @type {object} */ message) => process.send?.(message);
process.on('disconnect', () => process.exit());
tell({ port: server.port });

let told = '';
server.until((counts) => {
  const text = JSON.stringify(counts);
  if (text !== told) tell(counts);
  told = text;
  return false;
});
