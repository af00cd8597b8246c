/** An error in one line, with the place in the user's file where k6 says that it was thrown. */
export function placeOf(error: unknown): string {
  const { stack = '' } = Object(error) as { stack?: string };
  const text = String(error).split('\n')[0]?.slice(0, 300) ?? '';
  const place = /([^/\\()\s]+\.[cm]?[jt]s):(\d+):(\d+)/.exec(String(stack).replace(/^[^\n]*\n/, ''));
  return place && !text.includes(`${place[1]}:${place[2]}`) ? `${text} at ${place[1]}:${place[2]}:${place[3]}` : text;
}
