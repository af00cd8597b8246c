import { describe, expect, it, test } from 'vitest';
import { parseCompareArguments } from '../../scripts/lib/compare-arguments.mjs';

const parse = (line: string) => parseCompareArguments(line.split(' ').filter(Boolean), 'compare a b');

describe('the command line of compare-results.mjs', () => {
  it.each([
    ['a b', { before: ['a'], after: ['b'], worse: '10%', format: 'text' }],
    ['--worse 5% a b --format=json', { before: ['a'], after: ['b'], worse: '5%', format: 'json' }],
    ['--before a b --after c', { before: ['a', 'b'], after: ['c'], worse: '10%', format: 'text' }],
    ['--after=c d --worse=0.2 --before a', { before: ['a'], after: ['c', 'd'], worse: '0.2', format: 'text' }],
    ['--before a --worse 5% b --after c', { before: ['a', 'b'], after: ['c'], worse: '5%', format: 'text' }],
  ])('%s', (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });

  it.each([
    ['', /^expected two folders or files, before and after, got 0\. Example: compare a b$/],
    ['a b c', /got 3/],
    ['a b --after c', /^a b is neither behind --before nor behind --after/],
    ['--before a', /^--before and --after go together/],
    ['--before --after c', /go together/],
    ['a b --format html', /^--format is text, json, markdown, got "html"/],
    ['a b --worse', /^--worse needs a value/],
    ['a b --worst 3%', /^--worst is unknown, known are --before, --after, --worse, --format\./],
  ])('%s is refused', (line, problem) => {
    expect(() => parse(line)).toThrow(problem);
  });

  test('a wrong one ends with code 2', () => {
    expect(() => parse('a')).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
