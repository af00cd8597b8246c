import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../../../lib/connection/outcome.ts';

const page = readFileSync(new URL('../../../docs/results.md', import.meta.url), 'utf8');

test.each([
  ['failed handshakes', CONNECT_FAILURES],
  ['not ready', READY_FAILURES],
  ['dropped connections', DROPS],
  ['messages', MESSAGE_FAILURES],
])('docs/results.md tells the reasons of %s', (what, reasons) => {
  const [, row = ''] = new RegExp(`^\\| ${what} \\| (.*) \\|$`, 'm').exec(page) ?? [];
  expect([...row.matchAll(/`(\w+)`/g)].map(([, reason]) => reason)).toEqual([...reasons]);
});
