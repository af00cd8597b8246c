import { expect, it } from 'vitest';
import { moveCookies } from '../../../lib/scenario/cookies.ts';

/** A jar that notes what is asked of it. */
function aJar(cookies: Record<string, string[]> = {}) {
  const told: string[][] = [];
  return {
    told,
    cookiesForURL: () => cookies,
    set: (...given: string[]) => told.push(['set', ...given]),
    clear: (url: string) => told.push(['clear', url]),
  };
}

it('cookies of an address move to the other jar, those of its folder and of its whole host', () => {
  const [from, to] = [aJar({ session: ['a1'], lang: ['de', 'en'] }), aJar()];
  moveCookies(from, to, 'https://host:8443/chat/ws?x=/y');
  expect(to.told).toEqual([
    ['set', 'https://host:8443/chat/ws?x=/y', 'session', 'a1'],
    ['set', 'https://host:8443/chat/ws?x=/y', 'lang', 'de'],
    ['set', 'https://host:8443/chat/ws?x=/y', 'lang', 'en'],
  ]);
  expect(from.told).toEqual([
    ['clear', 'https://host:8443/chat/ws?x=/y'],
    ['clear', 'https://host:8443/'],
  ]);
});
