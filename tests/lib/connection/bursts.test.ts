import { expect, it } from 'vitest';
import { type Burst, burstsOf, type Dropped, QUIET_MS } from '../../../lib/connection/bursts.ts';

/** The bursts of drops at these times, of one client each. */
function burstsAt(clients: number, times: number[]): (Burst | null)[] {
  const dropped = burstsOf(clients);
  const all = times.map((at) => {
    const client: Dropped = { burst: null, droppedAt: 0 };
    dropped(client, at);
    return client;
  });
  return all.map(({ burst }) => burst);
}

it('is one for all that go together, from the first of them on', () => {
  const bursts = burstsAt(100, [1_000, 1_001, 1_500, 1_900, 2_400, 3_000]);
  expect(new Set(bursts).size).toBe(1);
  expect(bursts[0]).toEqual({ at: 1_000, lastAt: 3_000 });
});

it('is another one after a time of quiet', () => {
  const five = [0, 1, 2, 3, 4];
  const second = QUIET_MS + 5;
  const bursts = burstsAt(100, [...five, ...five.map((ms) => second + ms)]);
  expect(bursts.map((burst) => burst?.at)).toEqual([0, 0, 0, 0, 0, second, second, second, second, second]);
});

it('is none where a few of many go now and then', () => {
  const eachSecond = Array.from({ length: 60 }, (_, i) => i * 1_000);
  expect(burstsAt(100, eachSecond).every((burst) => burst === null)).toBe(true);
});

it('is one drop where the VU has one client of the server', () => {
  expect(burstsAt(1, [7_000])).toEqual([{ at: 7_000, lastAt: 7_000 }]);
});

it('does not count a client twice that is dropped again and again', () => {
  const dropped = burstsOf(100);
  const client: Dropped = { burst: null, droppedAt: 0 };
  for (let at = 0; at < 1_000; at += 100) dropped(client, at);
  expect(client.burst).toBeNull();
});

it('counts a client that was dropped again as long as its last drop is recent', () => {
  const dropped = burstsOf(40);
  const again: Dropped = { burst: null, droppedAt: 0 };
  const other: Dropped = { burst: null, droppedAt: 0 };
  dropped(again, 1_000);
  dropped(again, 2_500);
  // The first drop is forgotten, its client is not: two of 40 are an outage.
  dropped(other, 3_500);
  expect(other.burst).toEqual({ at: 2_500, lastAt: 3_500 });
});

it('is told apart 50 times, so that the names of checks stay few', () => {
  const times = Array.from({ length: 60 }, (_, i) => i * 10_000);
  expect(burstsAt(1, times).filter((burst) => burst !== null)).toHaveLength(50);
});

it('is none of a client that is dropped alone later', () => {
  const dropped = burstsOf(100);
  const clients = Array.from({ length: 5 }, (): Dropped => ({ burst: null, droppedAt: 0 }));
  for (const client of clients) dropped(client, 0);
  expect(clients[0]?.burst).not.toBeNull();
  dropped(clients[0] as Dropped, 60_000);
  expect(clients.map(({ burst }) => burst?.at ?? null)).toEqual([null, 0, 0, 0, 0]);
});

it('counts a client that was dropped twice until its second drop is past', () => {
  const dropped = burstsOf(100);
  const clients = Array.from({ length: 5 }, (): Dropped => ({ burst: null, droppedAt: 0 }));
  const [first, ...others] = clients as [Dropped, ...Dropped[]];
  dropped(first, 0);
  dropped(first, 1_500);
  for (const client of others) dropped(client, QUIET_MS + 100);
  expect(clients.map(({ burst }) => burst?.at)).toEqual([1_500, 1_500, 1_500, 1_500, 1_500]);
});
