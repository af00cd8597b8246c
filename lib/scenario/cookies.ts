/** The part of k6's CookieJar that is used; addresses are of HTTP. */
interface Jar {
  cookiesForURL(url: string): Record<string, string[]>;
  set(url: string, name: string, value: string, options?: Record<string, unknown>): unknown;
}

/**
 * Moves the cookies of an address to another jar. A VU has one for all that it asks by HTTP: what one user's login left in it
 * would go out with the next one's.
 */
export function moveCookies(from: Jar, to: Jar, url: string): void {
  for (const [name, values] of Object.entries(from.cookiesForURL(url))) {
    for (const value of values) to.set(url, name, value);
    // A jar does not tell for which domain and path it has a cookie, and takes it out only by those.
    for (const domain of domainsOf(url)) {
      for (const path of pathsOf(url)) from.set(url, name, '', { max_age: -1, path, ...(domain && { domain }) });
    }
  }
}

/** The host itself, and those above it that a cookie can be for. */
function domainsOf(url: string): (string | null)[] {
  const host = /^\w+:\/\/([^/:?#]+)/.exec(url)?.[1] ?? '';
  const labels = host.split('.');
  return [null, ...labels.slice(1, -1).map((_, i) => labels.slice(i + 1).join('.'))];
}

/** `/`, `/chat`, `/chat/` and so on to the whole path. */
function pathsOf(url: string): string[] {
  const path = /^\w+:\/\/[^/?#]*(\/[^?#]*)?/.exec(url)?.[1] ?? '/';
  const ends = [...path].flatMap((character, at) => (character === '/' ? [at, at + 1] : []));
  return [...new Set(['/', ...ends.filter((end) => end > 0).map((end) => path.slice(0, end)), path])];
}
