import { expect, it } from 'vitest';
import { checkName } from '../../../lib/metrics/words.ts';
import { addUp } from '../../../lib/report/add-up.ts';
import { byReasonAndWord, checksOf, type K6Data } from '../../../lib/report/k6-data.ts';

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

it('finds checks in whatever group of the conversation they were made, a name once', () => {
  const check = (name: string, passes: number, fails = 0) => ({ name, passes, fails });
  const within = { checks: [check('seen', 1, 2), check('deep', 1)], groups: [{ checks: [check('deep', 3)] }] };
  const data: K6Data = { metrics: {}, root_group: { checks: [check('seen', 4)], groups: [within] } };
  expect(checksOf(data)).toEqual([check('seen', 5, 2), check('deep', 4)]);
  expect(checksOf({ metrics: {} })).toEqual([]);
});
