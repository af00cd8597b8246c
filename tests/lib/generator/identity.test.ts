import { describe, expect, it } from 'vitest';
import { isOwn } from '../../../lib/generator/identity.ts';
import type { K6Parts } from '../../../lib/generator/memory.ts';

/** As k6 v2.2 answers `GET /v1/metrics/generator_identity`. */
const answer = (value: number | string) =>
  `{"data":{"type":"metrics","id":"generator_identity","attributes":{"type":"gauge","contains":"default","tainted":null,"sample":{"value":${value}}}}}`;
const MISSING = '{"errors":[{"status":"404","title":"Not Found"}]}';

/** What isOwn() says of a k6 that answers so, given the number that was added last; how often it asked and waited. */
function asked(answers: (own: number, tries: number) => string) {
  const urls: string[] = [];
  const added: number[] = [];
  let slept = 0;
  const own = isOwn(
    {
      http: {
        get: (url: string) => {
          urls.push(url);
          return { body: answers(added[0] as number, urls.length) };
        },
      },
      sleep: (seconds: number) => {
        slept += seconds;
      },
      generatorIdentity: (number: number) => added.push(number),
    } as unknown as K6Parts,
    '127.0.0.1:6565',
  );
  return { own, urls, added, slept };
}

describe('the k6 at an address', () => {
  it('is this one when the number that was added comes back', () => {
    const { own, urls, slept } = asked((number) => answer(number));
    expect(own).toBe(true);
    expect(urls).toEqual(['http://127.0.0.1:6565/v1/metrics/generator_identity']);
    expect(slept).toBe(0);
  });

  it('is this one, too, when it takes a moment to add it up', () => {
    expect(asked((number, tries) => (tries < 5 ? MISSING : answer(number))).own).toBe(true);
    expect(asked((number, tries) => (tries < 5 ? answer(7) : answer(number))).own).toBe(true);
  });

  it.each([
    ['another run of this package', () => answer(123456)],
    ['a k6 with another script', () => MISSING],
    ['no k6', () => '<html>'],
    ['no body', () => null as unknown as string],
    ['a number that only begins like it', (number: number) => answer(`${number}1`)],
  ])('is not this one when the answer is of %s, which is known within 3 s', (_, answers) => {
    const { own, slept } = asked(answers);
    expect(own).toBe(false);
    expect(slept).toBeCloseTo(3, 6);
  });

  it('is nobody when nothing answers, which is known at once', () => {
    const { own, urls, slept } = asked(() => {
      throw new Error('connection refused');
    });
    expect(own).toBe(false);
    expect(urls).toHaveLength(1);
    expect(slept).toBe(0);
  });

  it('is asked for another number each time', () => {
    const numbers = Array.from({ length: 20 }, () => asked((number) => answer(number)).added[0] as number);
    expect(new Set(numbers).size).toBe(20);
    for (const number of numbers) expect(Number.isSafeInteger(number) && number > 0).toBe(true);
  });
});
