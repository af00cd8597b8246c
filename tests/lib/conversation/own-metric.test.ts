import { describe, expect, it } from 'vitest';
import { findOwnMetric } from '../../../lib/conversation/own-metric.ts';

const find = (text: string) => findOwnMetric([{ path: '/chat.ts', text }], ['ws_messages_sent', 'ws_pushes']);
const COUNTER = `import { Counter } from 'k6/metrics';`;

describe("a metric of this package's", () => {
  it.each([
    `${COUNTER} const sent = new Counter('ws_messages_sent');`,
    `${COUNTER} const sent = new Counter(\`ws_messages_sent\`, true);`,
    `import { Rate, Trend as Time } from "k6/metrics";\nnew Time(\n  "ws_messages_sent")`,
    `import * as metrics from 'k6/metrics';\nnew metrics.Counter("ws_messages_sent")`,
    `import metrics from 'k6/metrics'; new metrics.Counter("ws_messages_sent")`,
    `const { Counter: Sum } = require('k6/metrics'); new Sum('ws_messages_sent')`,
    `const m = require("k6/metrics"); new m.Counter('ws_messages_sent')`,
  ])('is found where a module makes it: %j', (text) => {
    expect(find(text)).toEqual({ path: '/chat.ts', name: 'ws_messages_sent' });
  });

  it.each([
    `${COUNTER} new Counter('chat_messages_sent')`,
    `${COUNTER} new Counter('ws_messages_sent_by_me')`,
    `${COUNTER} session.pushed('ws_pushes')`,
    `${COUNTER} throw new Error('ws_pushes')`,
    `${COUNTER} class Failure extends Error {}; throw new Failure('ws_pushes')`,
    `${COUNTER} new Counter(name)`,
    `import { Counter } from './mine.ts'; new Counter('ws_pushes')`,
  ])('is not there in %j', (text) => {
    expect(find(text)).toBeNull();
  });
});
