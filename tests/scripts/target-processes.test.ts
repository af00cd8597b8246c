import { expect, it } from 'vitest';
import { startTargetProcesses, sumOf } from '../../scripts/lib/target-processes.mjs';

it('sumOf() adds counts up, and records of counts', () => {
  const all = [
    { accepted: 2, closeCodes: { 1000: 1, 1006: 1 } },
    { accepted: 3, closeCodes: { 1000: 3 } },
  ];
  expect(sumOf(all)).toEqual({ accepted: 5, closeCodes: { 1000: 4, 1006: 1 } });
});

it('several servers have an address each, and are gone when they are stopped', async () => {
  const servers = await startTargetProcesses(2);
  const urls = servers.url.split(',');
  expect(new Set(urls).size).toBe(2);
  expect(await servers.finalStats()).toMatchObject({ accepted: 0, open: 0 });
  await servers.stop();
  for (const url of urls) await expect(fetch(url.replace('ws', 'http'))).rejects.toThrow();
});
