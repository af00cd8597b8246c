import { withConnections } from './beside.ts';
import type { Summary } from './summary.ts';

/**
 * Target and host of a test by several processes. One of them reads, that with the first VU of the test, and has the figures; the
 * connections are those of all of them.
 */
export function mergeBeside(all: readonly Summary[]): Pick<Summary, 'target' | 'host'> {
  const reader = all.find(({ target }) => target?.some(({ memoryBytes, cpuCores }) => memoryBytes ?? cpuCores));
  const { target, plan } = reader ?? all.find((one) => one.target !== undefined) ?? {};
  // The last is the sum of several, or the only one.
  const open = all.reduce((sum, one) => sum + (one.target?.at(-1)?.connections ?? 0), 0);
  const hosts = all.flatMap(({ host }) => host ?? []);
  const host = hosts.find(({ cpu, memoryBytes }) => cpu ?? memoryBytes) ?? hosts[0];
  return {
    ...(target && plan && { target: withConnections(target, open, plan.urls.length, true) }),
    ...(host && { host }),
  };
}
