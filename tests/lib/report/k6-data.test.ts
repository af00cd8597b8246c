import { expect, it } from 'vitest';
import { checkName } from '../../../lib/metrics/words.ts';
import { addUp } from '../../../lib/report/add-up.ts';
import { byReasonAndWord, type K6Data } from '../../../lib/report/k6-data.ts';

it.each(['constructor', 'toString', '__proto__'])('counts the word %s of a server as any other', (word) => {
  const checks = [{ name: checkName('dropped', word), passes: 0, fails: 3 }];
  const data: K6Data = {
    metrics: { ws_connections_dropped: { type: 'counter', contains: 'default', values: { count: 3 } } },
    root_group: { checks },
  };
  const counts = byReasonAndWord(data, 'ws_connections_dropped', ['reset'], 'dropped');
  expect(Object.entries(counts)).toEqual([[word, 3]]);
  expect(Object.entries(addUp([counts, counts]))).toEqual([[word, 6]]);
});
