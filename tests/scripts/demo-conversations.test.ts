import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEMO_CONVERSATIONS, demoConversation } from '../../scripts/lib/demo-conversations.mjs';
import { describeCounts } from '../../scripts/lib/describe-counts.mjs';
import { ROOT } from './fakes.ts';

test('all files of all demos are there', () => {
  for (const { module, users, server } of Object.values(DEMO_CONVERSATIONS)) {
    const files = [server, ...(users ? [users] : []), ...(module.includes('/') ? [module] : [])];
    for (const file of files) expect(existsSync(path.join(ROOT, file)), file).toBe(true);
  }
});

test('a demo is found by its name', () => {
  expect(demoConversation('chat', { WS_HOLD: '1s' })).toBe(DEMO_CONVERSATIONS['chat']);
});

test.each(['', 'caht', 'constructor'])('"%s" is an error that lists those there are', (name) => {
  expect(() => demoConversation(name, {})).toThrow(
    `--conversation takes the name of a demo, got "${name}"; there are: chat, socket.io. Example: npm start -- --conversation chat.`,
  );
});

test.each([
  [{ WS_URL: 'ws://x/?token=hunter2' }, 'WS_URL is set'],
  [{ WS_URL: 'ws://x/', WS_CONVERSATION: 'echo' }, 'WS_URL and WS_CONVERSATION are set'],
])('%o goes with no demo, and the error shows how to test a server of one’s own', (settings, what) => {
  expect(() => demoConversation('chat', settings)).toThrow(what);
  expect(() => demoConversation('chat', settings)).toThrow('-e WS_CONVERSATION=examples/chat.ts -e WS_USERS=examples/');
  expect(() => demoConversation('chat', settings)).not.toThrow(/hunter2/);
});

test('the counts of a server are one line each, words and all', () => {
  const counts = { peakOpen: 1000, logins: 12345, refused: { 'bad token': 2, 'login timeout': 1 }, closeCodes: {} };
  expect(describeCounts('chat', counts)).toBe(
    [
      'The chat server counted:',
      '  peak open    1,000',
      '  logins       12,345',
      '  refused      bad token 2, login timeout 1',
      '  close codes  none',
      '',
    ].join('\n'),
  );
});
