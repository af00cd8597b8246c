import { expect, it } from 'vitest';
import { unproved } from '../../../lib/report/unproved.ts';
import { aSummary } from './a-summary.ts';

const { connections, messages } = aSummary();
const told = (sent: number, more: Partial<typeof messages> = {}, closed = 0, unused: Record<string, number> = {}) =>
  unproved({ connections: { ...connections, closed }, messages: { ...messages, sent, ...more } }, unused);
const NO_REFUSALS = { failed: {}, refused: {} };

it('are turns that were left unused, where they are a tenth or more', () => {
  expect(told(900, NO_REFUSALS, 0, { say: 60, ask: 39 })).toEqual([]);
  expect(told(900, NO_REFUSALS, 0, { say: 60, ask: 40 })).toEqual([
    expect.stringMatching(/^100 of 1,000 turns to send were left unused, since frames\(\) gave null/),
  ]);
});

it('are connections that made no request', () => {
  expect(told(4, NO_REFUSALS, 100)).toEqual([
    expect.stringMatching(/^At least 96 of the 100 connections held made no/),
  ]);
  expect(told(100, NO_REFUSALS, 100)).toEqual([]);
  // Without any a target is missed, or nothing is to be sent.
  expect(told(0, NO_REFUSALS, 100)).toEqual([]);
});

it('are refusals of what wants no reply', () => {
  expect(told(9, { failed: { refused: 2 }, refused: { no: 2, never: 3 } })).toEqual([
    '3 refusals were of requests that want no reply, which are in no target.',
  ]);
  expect(told(9, { failed: { refused: 5 }, refused: { no: 2, never: 3 } })).toEqual([]);
});
