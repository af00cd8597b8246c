import type { Frame } from '../conversation/conversation.ts';
import { checkName, type WordKind } from '../metrics/words.ts';
import { cut, groupDigits, isControl, legible } from '../plan/format.ts';
import { classifier } from './classify.ts';
import type { Connection, Moment, Notes, Vu } from './connection.ts';
import { directoryOf } from './directory.ts';
import { isOwnPlace } from './own-place.ts';
import { rareOf } from './rare.ts';

/** Of a word that a conversation makes up: what is longer is cut. */
const WORD_LENGTH = 40;
/** Different words of one kind in a VU; all others are counted as `other`. */
const MAX_WORDS = 20;
/** Words of one kind whose count is remembered as they were given. */
const MAX_GIVEN = 100;
/** Targets that are counted by themselves. */
const MAX_TARGETS = 500;
/** Connections of a run that tell how old they were when the other side ended them, about. */
const MAX_AGED = 1_000;
/** Of a frame that is shown. */
const FRAME_LENGTH = 80;
/** Characters of a text that are looked at: a frame can have millions. */
const READ_LENGTH = 1_000;
/** Frames that a VU shows of those that led to no call, and as many of those on which the conversation threw: neither takes the other's place. */
const MAX_FRAMES = 2;
/** Of what the conversation threw. */
const ERROR_LENGTH = 200;
/** Shorter values of a user's row, such as the name Ann, are parts of words like `cannot`. */
const SHORT_SECRET = 4;
/** Of a longer one so much is hidden where it stands without the rest. */
const SECRET_BEGINNING = 10;
/** Of a line of the trace, in characters or bytes, and how many lines a connection gets. */
const TRACE_LENGTH = 400;
const MAX_TRACE_LINES = 200;
/** Kinds whose words are the conversation's own. */
const OWN_WORDS: readonly WordKind[] = ['not ready', 'dropped', 'refused', 'push'];

/**
 * What is counted or shown in words. Nothing secret leaves here: values of the user's row and of headers are masked.
 */
export function notesOf(vu: Vu, moment: Moment): Notes {
  const { run, ledger, startedAt } = vu;
  const words: Partial<Record<WordKind, string[]>> = {};
  /** As what a word of the conversation's is counted: to look for secrets in each of many pushes would cost more than the rest. */
  const countedAs: Partial<Record<WordKind, Map<string, string>>> = {};
  const framesShown = { unexpected: 0, thrown: 0 };
  return {
    atTarget,
    atAddress,
    aged,
    count,
    wordOf,
    pushed,
    unexpected,
    threwOn,
    errorText,
    shown,
    masked,
    trace,
    logProgress,
  };

  function atTarget(connection: Connection, outcome: string): void {
    const { urls } = directoryOf(vu);
    if (urls.length < 2) return;
    const number = connection.index % urls.length;
    write('target', `${number < MAX_TARGETS ? `${number + 1} ${hostOf(connection)}` : 'others'}: ${outcome}`);
  }

  function atAddress(connection: Connection, outcome: string, error: string): void {
    // Its address may be another.
    if (vu.conversation.handshake !== undefined) return;
    const address = /(?:dial tcp (?:\S+->)?|->)(\[[^\]]+\]|[\d.]+):\d+/.exec(error)?.[1];
    const host = hostOf(connection);
    // Of a host that is an address itself it says nothing new.
    if (address === undefined || host.startsWith('[') || /^[\d.]+(:\d+)?$/.test(host)) return;
    const number = connection.index % directoryOf(vu).urls.length;
    write('address', `${number < MAX_TARGETS ? `${host} at ${address}` : 'others'}: ${outcome}`);
  }

  /** With its port. A {column} in it stays one, and there is no user info in it (settings/url.ts). */
  function hostOf({ index }: Connection): string {
    const { urls } = directoryOf(vu);
    return /^wss?:\/\/([^/?#]*)/.exec(urls[index % urls.length] as string)?.[1] ?? '';
  }

  /** Of so many connections of the run that the words stay few; the request sent last is one interval old when the next is due. */
  function aged({ begunAt, nextSendAt, n }: Connection, now: number): void {
    if (Math.random() * run.connections >= MAX_AGED) return;
    write('age', `opening ${ageOf(now - begunAt)}`);
    if (n > 0) write('age', `request ${ageOf(now - nextSendAt + run.messageIntervalMs)}`);
    // Arrivals have a start of their own each.
    if (!run.arrives) write('age', `start ${ageOf(now - startedAt)}`);
  }

  /** In seconds, to the tenth; from a minute on to the second. */
  function ageOf(ms: number): string {
    const seconds = Math.max(0, ms) / 1000;
    return seconds < 60 ? seconds.toFixed(1) : seconds.toFixed(0);
  }

  function write(kind: WordKind, word: string): void {
    ledger.check(null, { [checkName(kind, word)]: () => kind === 'push' });
  }

  function count(connection: Connection, kind: WordKind, given: string): string {
    const isOwn = OWN_WORDS.includes(kind);
    const before = isOwn ? countedAs[kind]?.get(given) : undefined;
    if (before !== undefined) {
      write(kind, before);
      return before;
    }
    // k6 takes `::` in the name of a check for a group.
    const word = (isOwn ? cut(wordOf(connection, given), WORD_LENGTH) || 'none' : given).replace(/:{2,}/g, ':');
    words[kind] ??= [];
    const known = words[kind];
    const isKnown = known.includes(word);
    if (!isKnown && known.length < MAX_WORDS) known.push(word);
    const counted = isKnown || known.includes(word) ? word : 'other';
    if (isOwn) remember(kind, given, counted);
    write(kind, counted);
    return counted;
  }

  function wordOf(connection: Connection, given: unknown): string {
    return plain(beginning(masked(connection, textOf(given)))).replace(/\d/g, '#');
  }

  function remember(kind: WordKind, given: string, counted: string): void {
    countedAs[kind] ??= new Map();
    if (countedAs[kind].size < MAX_GIVEN) countedAs[kind].set(given, counted);
  }

  function pushed(connection: Connection, kind: string): void {
    if (connection.phase === 'ended' || connection.phase === 'closing') return;
    moment.isUsed = true;
    ledger.pushes(1, { kind: count(connection, 'push', kind) });
  }

  function unexpected(connection: Connection, frame: Frame): void {
    ledger.unexpected(1);
    showFrame(connection, frame, 'unexpected');
  }

  function threwOn(connection: Connection, frame: Frame): void {
    showFrame(connection, frame, 'thrown');
  }

  function showFrame(connection: Connection, frame: Frame, why: keyof typeof framesShown): void {
    if (framesShown[why] >= MAX_FRAMES) return;
    framesShown[why] += 1;
    if (typeof frame !== 'string') {
      count(connection, 'frame', `binary ${hexOf(connection, frame, FRAME_LENGTH / 4)}`);
      return;
    }
    const text = withoutTokens(plain(beginning(masked(connection, frame))));
    const more = text.length > FRAME_LENGTH || frame.length > READ_LENGTH ? `… (${frame.length} characters)` : '';
    count(connection, 'frame', `${cut(text, FRAME_LENGTH)}${more}`);
  }

  function errorText(connection: Connection, error: unknown): string {
    const stack = stackOf(error);
    // k6 writes a place as `file:///folder/chat.ts:12:5(34)`; the first that is not ours is the conversation's.
    const places = Array.from(stack.matchAll(/([^()\s]+\/)([^/()\s]+\.[cm]?[jt]s):(\d+):(\d+)/g));
    const place = places.find(([, folder = '', file = '']) => !isOwnPlace(folder, file));
    // It can quote a frame.
    const text = cut(withoutTokens(plain(beginning(masked(connection, textOf(error))))), ERROR_LENGTH);
    return place ? `${text} at ${place[2]}:${place[3]}:${place[4]}` : text;
  }

  function stackOf(thrown: unknown): string {
    try {
      return String((Object(thrown) as { stack?: unknown }).stack ?? '');
    } catch {
      return '';
    }
  }

  /** A word, or what was thrown, can be anything, such as an object that a server sent with a `toString` of its own. */
  function textOf(thrown: unknown): string {
    try {
      const text = String(thrown);
      if (text !== '[object Object]') return text;
      // Its values may be anything that a server or a user said.
      return `an object of ${Object.keys(Object(thrown)).slice(0, 5).join(', ')}`;
    } catch {
      return 'something that has no text';
    }
  }

  /** What of a text is looked at. */
  function beginning(text: string): string {
    return cut(text, READ_LENGTH);
  }

  /** Long words with digits are tokens and ids, as a rule. */
  function withoutTokens(text: string): string {
    return text.replace(/[\w~+/=-]{20,}/g, (word) => (/\d/.test(word) ? '#' : word));
  }

  /** Without control characters and line breaks. */
  function plain(text: string): string {
    return Array.from(text, (character) => (isControl(character) ? ' ' : character))
      .join('')
      .replace(/ +/g, ' ')
      .trim();
  }

  function shown(connection: Connection, text: string, length: number): string {
    return classifier().sanitise(masked(connection, text), length);
  }

  function masked({ index }: Connection, text: string): string {
    let safe = text;
    for (const secret of directoryOf(vu).secrets(index)) {
      safe = secret.length < SHORT_SECRET ? withoutWord(safe, secret) : safe.split(secret).join('***');
      if (secret.length > SECRET_BEGINNING) safe = withoutBeginnings(safe, secret);
    }
    return safe;
  }

  /** Servers quote the beginning of a token. */
  function withoutBeginnings(text: string, secret: string): string {
    const [first = '', ...rest] = text.split(secret.slice(0, SECRET_BEGINNING));
    return rest.reduce((safe, part) => {
      let length = 0;
      while (length < part.length && part[length] === secret[SECRET_BEGINNING + length]) length += 1;
      return `${safe}***${part.slice(length)}`;
    }, first);
  }

  /** Stars in place of a value where it is a word of its own. */
  function withoutWord(text: string, word: string): string {
    const literal = word.replace(/[^\w]/g, '\\$&');
    return text.replace(new RegExp(`(?<!\\w)${literal}(?!\\w)`, 'g'), '***');
  }

  /** Bytes as hexadecimal digits; those of a secret as stars. */
  function hexOf({ index }: Connection, frame: Frame | Uint8Array, length: number): string {
    const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame as ArrayBuffer);
    // A secret stands in a frame as UTF-8, each byte of which is one character here.
    const secrets = directoryOf(vu)
      .secrets(index)
      .map((secret) => unescape(encodeURIComponent(secret)));
    // One that begins before the cut is to be found whole.
    const read = length + Math.max(0, ...secrets.map((secret) => secret.length));
    let text = '';
    for (const byte of bytes.subarray(0, read)) text += String.fromCharCode(byte);
    for (const secret of secrets) text = text.split(secret).join('\u0100'.repeat(secret.length));
    let hex = '';
    for (let i = 0; i < text.length && i < length; i++) {
      const code = text.charCodeAt(i);
      hex += code > 255 ? '**' : `${code < 16 ? '0' : ''}${code.toString(16)}`;
    }
    return bytes.length > length ? `${hex}… (${bytes.length} bytes)` : hex;
  }

  function trace(connection: Connection, direction: '>' | '<' | '=', frame: unknown): void {
    const rare = rareOf(connection);
    rare.traced += 1;
    if (rare.traced > MAX_TRACE_LINES) return;
    const ms = Date.now() - connection.begunAt;
    let text =
      typeof frame === 'string'
        ? writtenOut(masked(connection, frame))
        : `bin ${hexOf(connection, frame as ArrayBuffer, TRACE_LENGTH / 2)}`;
    if (text.length > TRACE_LENGTH + 40) text = `${cut(text, TRACE_LENGTH)}… (${text.length} characters)`;
    const more = rare.traced === MAX_TRACE_LINES ? ' (no more lines of this connection)' : '';
    console.info(`trace ${connection.index} +${ms}ms ${direction} ${text}${more}`);
  }

  /** With control characters written out: line breaks are part of some protocols. */
  function writtenOut(text: string): string {
    return text.split('\n').map(legible).join('\\n');
  }

  function logProgress({ index }: Connection): void {
    if (vu.clients?.isFirst(index) === false) return;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const when = run.arrives ? '' : `, ${seconds}s after the start`;
    console.info(`${groupDigits(index + 1)} of ${groupDigits(run.connections)} connections tried${when}`);
  }
}
