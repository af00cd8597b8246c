import { DEFAULT_URL } from './settings.ts';
import { urls } from './url.ts';

/** Where to connect, and with what, as the user wrote it: `{column}` stands for a value of the connection's user. Can hold secrets. */
export interface Access {
  urls: string[];
  headers: Record<string, string>;
  subprotocols: string[];
}

/** Targets, headers and sub-protocols out of the environment, where the first init has found them right (parse.ts). */
export function accessOf(env: Record<string, string | undefined>): Access {
  const list = (text: string | undefined) => (text?.trim() ? text.split(',').map((part) => part.trim()) : []);
  return {
    urls: urls(env['WS_URL']?.trim() || DEFAULT_URL),
    headers: JSON.parse(env['WS_HEADERS']?.trim() || '{}'),
    subprotocols: list(env['WS_SUBPROTOCOL']),
  };
}
