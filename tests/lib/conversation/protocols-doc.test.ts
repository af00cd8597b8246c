import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { graphqlTransportWs } from '../../../lib/conversation/graphql-transport-ws.ts';
import { jsonRpc } from '../../../lib/conversation/json-rpc.ts';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { stomp } from '../../../lib/conversation/stomp.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const doc = read('docs/protocols.md');

test('the example is the file', () => {
  const [, file, code] = /```ts\n\/\/ (\S+)\n([\s\S]*?)```/.exec(doc) ?? [];
  expect(code).toBe(read(file as string));
});

test.each(Object.entries({ socketIo, graphqlTransportWs, mqtt, stomp, jsonRpc }))(
  'all options of %s are told',
  (_name, make) => {
    const names = [{ none: 1 }, { requests: { say: { none: 1 } } }].flatMap((options) => {
      try {
        make(options as never);
      } catch (error) {
        return /It knows: (.*)\.$/.exec((error as Error).message)?.[1]?.split(', ') ?? [];
      }
      return [];
    });
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(doc).toMatch(new RegExp(`\\b${name}\\b`));
  },
);
