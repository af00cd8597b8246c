import { describe, expect, it } from 'vitest';
import { ageHints } from '../../../lib/report/ages.ts';

/** Ages of so many connections from one time to another, evenly. */
function spread(since: string, count: number, from: number, to: number): Record<string, number> {
  const ages: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const word = `${since} ${(from + ((to - from) * i) / count).toFixed(1)}`;
    ages[word] = (ages[word] ?? 0) + 1;
  }
  return ages;
}

describe('the ages of connections that the other side ended', () => {
  it('say nothing where they differ', () => {
    expect(ageHints({})).toEqual([]);
    expect(ageHints({ ...spread('opening', 100, 2, 20), ...spread('start', 100, 2, 25) })).toEqual([]);
  });

  it('say nothing of what comes within a second: it is an answer to what was done', () => {
    expect(ageHints({ 'opening 0.0': 20, 'request 0.1': 20, 'start 0.9': 20 })).toEqual([]);
  });

  it('that are the same since opening are an idle timeout or a deadline', () => {
    const ages = { 'opening 5.0': 30, 'opening 5.1': 9, 'opening 12.0': 11, ...spread('start', 50, 5, 30) };
    expect(ageHints(ages)).toEqual([
      '39 of 50 connections that the other side ended went 5.0 to 5.1 s after their opening: an idle timeout, a deadline for a login or another limit of age, of the server or of what stands before it.',
    ]);
  });

  it('that are the same since the last request are an idle timeout', () => {
    const ages = {
      ...spread('opening', 50, 2, 9),
      'request 2.0': 40,
      'request 3.7': 10,
      ...spread('start', 50, 5, 30),
    };
    expect(ageHints(ages)).toEqual([
      '40 of 50 connections that the other side ended went 2.0 s after their last request: an idle timeout of the server, or of what stands before it, which is shorter than WS_MESSAGE_INTERVAL.',
    ]);
  });

  it('are told since what more of them have in common', () => {
    const opening = { 'opening 5.0': 25, ...spread('opening', 25, 6, 20), ...spread('start', 50, 5, 30) };
    expect(ageHints({ ...opening, 'request 2.0': 26 })[0]).toContain('26 of 50 ');
    expect(ageHints({ ...opening, 'request 2.0': 25 })[0]).toContain('after their opening');
  });

  it('tell of a crash where all went at one time, and of both where they were opened together', () => {
    expect(ageHints({ ...spread('opening', 50, 2, 9), 'start 12.3': 50 })).toEqual([
      '50 of 50 connections that the other side ended went at the same time, 12.3 s after the start: look for a restart or a crash.',
    ]);
    expect(ageHints({ 'opening 4.0': 50, 'start 4.0': 50 })).toEqual([
      '50 of 50 connections that the other side ended went at the same time, 4.0 s after the start: look for a restart or a crash. They were opened together, so a limit of their age can be the reason, too.',
    ]);
  });

  it.each([
    ['ten of twenty', { 'opening 3.0': 10, ...spread('opening', 10, 5, 30) }, 1],
    ['nine of nine', { 'opening 3.0': 9 }, 0],
    ['ten of twenty-one', { 'opening 3.0': 10, ...spread('opening', 11, 5, 30) }, 0],
    ['twelve, 0.2 s apart', { 'opening 3.0': 6, 'opening 3.2': 6, ...spread('opening', 3, 5, 30) }, 0],
    ['whole seconds from a minute on', { 'opening 60': 6, 'opening 61': 6 }, 1],
  ])('are the same with at least ten and half of all: %s', (_, ages, hints) => {
    expect(ageHints(ages)).toHaveLength(hints);
  });
});
