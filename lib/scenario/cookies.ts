/** The part of k6's CookieJar that is used; both take addresses of HTTP. */
interface Jar {
  cookiesForURL(url: string): Record<string, string[]>;
  set(url: string, name: string, value: string): unknown;
  clear(url: string): unknown;
}

/**
 * Moves the cookies of an address to another jar. A VU has one for all that it asks by HTTP: what one user's login left in it
 * would go out with the next one's.
 */
export function moveCookies(from: Jar, to: Jar, url: string): void {
  for (const [name, values] of Object.entries(from.cookiesForURL(url))) {
    for (const value of values) to.set(url, name, value);
  }
  from.clear(url);
  // What is cleared is what stands in the folder of the address: mostly a login's cookies are the whole host's.
  from.clear(url.replace(/^(https?:\/\/[^/?#]+).*/, '$1/'));
}
