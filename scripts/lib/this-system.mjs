import os from 'node:os';

/** @returns {string} `Linux 6.8.0, x64, 8 CPUs, 16.8 GB`: what a run's figures depend on, and nothing that names this machine. */
export function thisSystem() {
  return `${os.type()} ${os.release()}, ${os.arch()}, ${os.cpus().length} CPUs, ${(os.totalmem() / 1e9).toFixed(1)} GB`;
}
