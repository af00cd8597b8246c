import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../../../lib/connection/outcome.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

test.each([
  ['failed handshakes', CONNECT_FAILURES],
  ['not ready', READY_FAILURES],
  ['dropped connections', DROPS],
  ['messages', MESSAGE_FAILURES],
])('the README tells the reasons of %s', (what, reasons) => {
  const [, row = ''] = new RegExp(`^\\| ${what} \\| (.*) \\|$`, 'm').exec(readme) ?? [];
  expect([...row.matchAll(/`(\w+)`/g)].map(([, reason]) => reason)).toEqual([...reasons]);
});
