import { expect, it } from 'vitest';
import { startTargetProcesses } from '../../scripts/lib/target-processes.mjs';

it('several servers have an address each, and are gone when they are stopped', async () => {
  const servers = await startTargetProcesses(2);
  const urls = servers.url.split(',');
  expect(new Set(urls).size).toBe(2);
  expect(await servers.finalStats()).toMatchObject({ accepted: 0, open: 0 });
  await servers.stop();
  for (const url of urls) await expect(fetch(url.replace('ws', 'http'))).rejects.toThrow();
});
