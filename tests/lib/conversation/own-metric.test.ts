import { describe, expect, it } from 'vitest';
import { findOwnMetric } from '../../../lib/conversation/own-metric.ts';

const find = (text: string) => findOwnMetric([{ path: '/chat.ts', text }], ['ws_messages_sent', 'ws_pushes']);

describe("a metric of this package's", () => {
  it.each([
    `const sent = new Counter('ws_messages_sent');`,
    'const sent = new Counter(`ws_messages_sent`, true);',
    `new metrics.Counter(\n  "ws_messages_sent")`,
  ])('is found where a module makes it: %j', (text) => {
    expect(find(text)).toEqual({ path: '/chat.ts', name: 'ws_messages_sent' });
  });

  it.each([
    `new Counter('chat_messages_sent')`,
    `new Counter('ws_messages_sent_by_me')`,
    `session.pushed('ws_pushes')`,
    `throw new Error('ws_pushes')`,
    `new errors.RangeError('ws_pushes')`,
    `new Counter(name)`,
  ])('is not there in %j', (text) => {
    expect(find(text)).toBeNull();
  });
});
