import { expect, it } from 'vitest';
import { checkName, readCheckName, WORD_KINDS } from '../../../lib/metrics/words.ts';

it.each(WORD_KINDS)('a word of the kind %s comes back from the name of its check', (kind) => {
  expect(readCheckName(checkName(kind, 'close 1011: overloaded'))).toEqual({ kind, word: 'close 1011: overloaded' });
});

it('no name has `::` in it, at which k6 throws', () => {
  for (const word of ['a::b', '::1', 'a:::b', 'a::']) expect(checkName('push', word)).not.toContain('::');
});

it('a check of the conversation is none of ours', () => {
  for (const name of ['the reply is a list', 'ws push', 'ws unknown: a', 'push: a']) {
    expect(readCheckName(name)).toBeNull();
  }
});
