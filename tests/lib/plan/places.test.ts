import { describe, expect, it } from 'vitest';
import { beginMs, begunBy, placesOf } from '../../../lib/plan/places.ts';

const ramp = { connections: 250, batchSize: 40, batchDelayMs: 50, perVu: 100, steps: null };
const stairs = { ...ramp, steps: { size: 50, eachMs: 10_000, fromMs: 1_000, toMs: 6_000, endMs: 7_000 } };

describe.each([
  ['one ramp', ramp],
  ['steps', stairs],
  ['steps with a full last VU', { ...stairs, connections: 300 }],
  ['steps of fewer connections than VUs', { ...stairs, connections: 7, perVu: 2 }],
])('in %s', (_, run) => {
  const vus = Math.ceil(run.connections / run.perVu);
  const all = Array.from({ length: vus }, (_unused, vu) => placesOf(run, vu));

  it('each place belongs to one VU, which has as many as the others but the last', () => {
    expect(all.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: run.connections }, (_unused, i) => i));
    for (const places of all.slice(0, -1)) expect(places).toHaveLength(run.perVu);
  });

  it('a VU has its places in their order', () => {
    for (const places of all) expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

it('in steps each VU has its part of every step', () => {
  for (const vu of [0, 1, 2]) {
    const places = placesOf({ ...stairs, connections: 300 }, vu);
    const perStep = [0, 1, 2, 3, 4, 5].map((step) => places.filter((place) => Math.floor(place / 50) === step).length);
    for (const count of perStep) expect([16, 17]).toContain(count);
  }
});

it('a connection begins with its batch, in steps with that of its step', () => {
  expect([0, 39, 40, 249].map((place) => beginMs(ramp, place))).toEqual([0, 0, 50, 300]);
  expect([0, 39, 40, 49, 50, 99, 249].map((place) => beginMs(stairs, place))).toEqual([
    0, 0, 50, 50, 10_000, 10_050, 40_050,
  ]);
});

it.each([
  [0, 40],
  [50, 50],
  [9_999, 50],
  [10_000, 90],
  [10_050, 100],
  [45_000, 250],
  [99_000, 250],
])('%i ms after the start of the first step %i have begun', (elapsedMs, begun) => {
  expect(begunBy(stairs, elapsedMs)).toBe(begun);
});
