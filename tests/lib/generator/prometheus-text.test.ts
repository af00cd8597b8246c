import { expect, it } from 'vitest';
import { samplesIn } from '../../../lib/generator/prometheus-text.ts';

const only = (text: string) => samplesIn(text, ['a_b']);

it.each([
  ['a_b 1', 1, {}],
  ['a_b 1.2e+08', 1.2e8, {}],
  ['a_b\t 7 1700000000000', 7, {}],
  ['a_b{c="d"} 2', 2, { c: 'd' }],
  ['a_b{c="d",e="}, {"} 3', 3, { c: 'd', e: '}, {' }],
  ['a_b{c="say \\"x\\" } 9",} 4\r', 4, { c: 'say \\"x\\" } 9' }],
  ['a_b { c = "d" } 5', 5, { c: 'd' }],
  ['a_b{} 6 # {trace="x"} 0.5', 6, {}],
  ['a_b -0', -0, {}],
])('reads %s', (line, value, labels) => {
  expect(only(`# HELP a_b of a\n# TYPE a_b gauge\n${line}\n# EOF\n`)).toEqual([{ name: 'a_b', labels, value }]);
});

it.each([
  'a_b NaN',
  'a_b +Inf',
  'a_b -Inf',
  'a_b',
  'a_b{c="d" 1',
  'a_b{c="d"}',
  '# a_b 1',
  'a_b_total 1',
  'za_b 1',
  '<html>',
  '',
])('passes over %s', (line) => {
  expect(only(line)).toEqual([]);
});

it('keeps all series of a name, in their order', () => {
  expect(only('a_b{p="1"} 1\nc 9\na_b{p="2"} 2\n').map(({ value }) => value)).toEqual([1, 2]);
});
