import { DEFAULT_URL } from './settings.ts';

/** Where to connect, and with what. Can hold secrets. */
export interface Access {
  urls: string[];
  headers: Record<string, string>;
}

/** Targets and headers out of the environment, where the first init has found them right (parse.ts). */
export function accessOf(env: Record<string, string | undefined>): Access {
  const urls = (env['WS_URL']?.trim() || DEFAULT_URL).split(',').map((url) => url.trim());
  return { urls, headers: JSON.parse(env['WS_HEADERS']?.trim() || '{}') };
}
