import { isOwnPlace } from '../connection/own-place.ts';

/** An error in one line, with the place in the user's file where k6 says that it was thrown. */
export function placeOf(error: unknown): string {
  const { stack = '' } = Object(error) as { stack?: string };
  const text = String(error).split('\n')[0]?.slice(0, 300) ?? '';
  const places = String(stack)
    .replace(/^[^\n]*\n/, '')
    .matchAll(/([^()\s]*[/\\])?([^/\\()\s]+\.[cm]?[jt]s):(\d+):(\d+)/g);
  const place = Array.from(places).find(([, folder = '', file = '']) => !isOwnPlace(folder, file));
  if (place === undefined || text.includes(`${place[2]}:${place[3]}`)) return text;
  return `${text} at ${place[2]}:${place[3]}:${place[4]}`;
}
