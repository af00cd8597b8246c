import { expect, it } from 'vitest';
import { moveCookies } from '../../../lib/scenario/cookies.ts';

type Set = [url: string, name: string, value: string, options?: Record<string, unknown>];

/** A jar that notes what is put into it. */
function aJar(cookies: Record<string, string[]> = {}) {
  const told: Set[] = [];
  return { told, cookiesForURL: () => cookies, set: (...given: Set) => told.push(given) };
}

it('cookies of an address move to the other jar', () => {
  const [from, to] = [aJar({ session: ['a1'], lang: ['de', 'en'] }), aJar()];
  moveCookies(from, to, 'https://host:8443/ws');
  expect(to.told).toEqual([
    ['https://host:8443/ws', 'session', 'a1'],
    ['https://host:8443/ws', 'lang', 'de'],
    ['https://host:8443/ws', 'lang', 'en'],
  ]);
});

it.each([
  ['https://host:8443', [undefined], ['/']],
  ['http://127.0.0.1/?x=/y', [undefined, '0.0.1', '0.1'], ['/']],
  [
    'https://ws.eu.example.com/chat/ws?x=/y',
    [undefined, 'eu.example.com', 'example.com'],
    ['/', '/chat', '/chat/', '/chat/ws'],
  ],
])('and are taken out of %s, for whatever domain and path they were set', (url, domains, paths) => {
  const from = aJar({ session: ['a1'] });
  moveCookies(from, aJar(), url);
  expect(
    from.told.every(([, name, value, options]) => name === 'session' && value === '' && options?.['max_age'] === -1),
  ).toBe(true);
  expect([...new Set(from.told.map(([, , , options]) => options?.['domain']))]).toEqual(domains);
  expect([...new Set(from.told.map(([, , , options]) => options?.['path']))]).toEqual(paths);
});
