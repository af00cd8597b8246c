import { describe, expect, it } from 'vitest';
import { coverageProblems } from '../../../lib/report/coverage.ts';

describe('coverageProblems()', () => {
  it.each([
    [['0:1']],
    [['1']],
    [['0:1/4', '1/4:2/4', '2/4:3/4', '3/4:1']],
    [['1/2:1', '0:1/2']],
    [['0:1/3', '1/3:4/6', '2/3:1']],
    [['0:25%', '0.25:1']],
    [['0:0.1', '0.1:0.3', '0.3:1']],
  ])('finds nothing wrong with %j', (segments) => {
    expect(coverageProblems(segments)).toEqual([]);
  });

  it.each([
    [['0:1/4', '2/4:3/4', '3/4:1'], ['segment 1/4:2/4 is missing']],
    [['1/4:1'], ['segment 0:1/4 is missing']],
    [['0:1/4'], ['segment 1/4:1 is missing']],
    [['0:1/2', '0:1/2', '1/2:1'], ['segment 0:1/2 is there more than once']],
    [['0:1/2', '1/4:1'], ['segment 1/4:1 overlaps another one']],
    [[], ['segment 0:1 is missing']],
  ])('%j: %j', (segments, problems) => {
    expect(coverageProblems(segments)).toEqual(problems);
  });

  it('says which bound it cannot read', () => {
    expect(() => coverageProblems(['0:half'])).toThrow('"half" is no bound');
  });
});
