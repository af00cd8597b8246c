import { blocksOf, textOf } from './pages.ts';

/**
 * A block of commands that a test runs as it stands, marked by a comment in the line above it:
 *
 *     <!-- runnable -->
 *     <!-- runnable exit=99 server="node scripts/target-server.mjs --port 8081" -->
 */
export interface Runnable {
  page: string;
  line: number;
  /** For bash: the block, after all `export` lines that stand before it in its page. */
  script: string;
  /** `exit=`: that of the last command. Default 0. */
  exitCode: number;
  /** `server=`: what the page has running meanwhile in another terminal; it prints `listening on …` when it is up. */
  server?: string;
  /** What the page shows as its output. */
  output?: string;
}

/** The marked blocks of a page, in its order. Throws on words of a marker that mean nothing. */
export function runnablesOf(page: string, markdown = textOf(page)): Runnable[] {
  const exports: string[] = [];
  return blocksOf(markdown).flatMap(({ language, runnable, text, line, output }) => {
    const script = [...exports, text].join('\n');
    if (language === 'sh') exports.push(...text.split('\n').filter((command) => command.startsWith('export ')));
    if (runnable === undefined) return [];
    return [{ page, line, script, ...wordsOf(runnable, `${page}:${line}`), ...(output !== undefined && { output }) }];
  });
}

function wordsOf(marker: string, place: string): Pick<Runnable, 'exitCode' | 'server'> {
  const words = /^(?:exit=(\d+))? *(?:server="([^"]+)")?$/.exec(marker);
  if (!words) {
    throw new Error(`${place}: <!-- runnable ${marker} -->: expected exit=99, server="node …", in this order, or none`);
  }
  const [, exit = '0', server] = words;
  return { exitCode: Number(exit), ...(server !== undefined && { server }) };
}

/**
 * The first line that a page shows and that its commands did not print in this order, or undefined. Numbers, with or
 * without a unit, are all alike, and so are ways to break lines; a line of `...` stands for anything.
 */
export function notPrinted(shown: string, printed: string): string | undefined {
  let rest = plain(printed);
  for (const line of shown.split('\n').filter((text) => !/^ *(\.\.\.)? *$/.test(text))) {
    const at = rest.indexOf(plain(line));
    if (at < 0) return line;
    rest = rest.slice(at + plain(line).length);
  }
  return undefined;
}

function plain(text: string): string {
  return text
    .replaceAll(/\d[\d.,]*(?: ?(?:ms|s|m|h|KB|MB|GB)\b)?/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
