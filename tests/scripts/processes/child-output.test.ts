import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { showOutput } from '../../../scripts/lib/processes/child-output.mjs';

async function shown(...lines: string[]): Promise<string[]> {
  const said: string[] = [];
  await showOutput(Readable.from([`${lines.join('\n')}\n`]), 'process 2', (line: string) => said.push(line));
  return said;
}

it('shows a line with the number of its process', async () => {
  expect(await shown('level=error msg="no such file"', '')).toEqual(['process 2: level=error msg="no such file"']);
});

it('shows so many lines, and how many more there are', async () => {
  const said = await shown(...Array.from({ length: 1_021 }, (_, i) => `error ${i}`));
  expect(said).toHaveLength(21);
  expect(said.at(-1)).toBe('process 2: and 1,001 more lines');
});

it('cuts a long line', async () => {
  const [line] = await shown('x'.repeat(5_000));
  expect(line).toBe(`process 2: ${'x'.repeat(1_000)}…`);
});

it('leaves out what is said for all together', async () => {
  const lines = [
    `time="…" level=error msg="thresholds on metrics 'ws_connect_success' have been crossed"`,
    `time="…" level=error msg="test run was aborted because k6 received a 'interrupt' signal"`,
    `time="…" level=info msg="2,000 of 10,000 connections tried, 1.0s after the start" source=console`,
    `time="…" level=warning msg="setTimeout 19 was stopped because the VU iteration was interrupted"`,
  ];
  expect(await shown(...lines)).toEqual([]);
});
