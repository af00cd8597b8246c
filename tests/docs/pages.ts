import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** All pages for users, by their path in the project. */
export const PAGES = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
export const CHINESE = PAGES.filter((page) => page.endsWith('.zh-CN.md'));
export const ENGLISH = PAGES.filter((page) => !CHINESE.includes(page));

export function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8').replaceAll('\r\n', '\n');
}

/** A block between fences, at the left margin or in a list. */
export interface Block {
  language: string;
  text: string;
  /** Where it begins in the page, in lines from 1. */
  line: number;
  /** The words of a marker `<!-- runnable WORDS -->` in the line above; undefined without one. */
  runnable?: string;
  /** The block of no language that follows with nothing but empty lines between: what the commands print. */
  output?: string;
}

export function blocksOf(markdown: string): Block[] {
  const found = [...markdown.matchAll(/(?:^ *<!-- runnable\b(.*?) *-->\n)?^( *)```(\w*)\n([\s\S]*?)^\2```$/gm)].map(
    ({ 0: whole, 1: runnable, 2: indent = '', 3: language = '', 4: text = '', index }) => ({
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: markdown.slice(0, index).split('\n').length,
      runnable: runnable?.trim(),
      index,
      end: index + whole.length,
    }),
  );
  return found.map(({ index: _, end, runnable, ...block }, i) => {
    const next = found[i + 1];
    const output = next?.language === '' && markdown.slice(end, next.index).trim() === '' ? next.text : undefined;
    return { ...block, ...(runnable !== undefined && { runnable }), ...(output !== undefined && { output }) };
  });
}

/** The commands of the shell and PowerShell blocks of a page: a command over several lines is one, comments are left out. */
export function commandsOf(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ language }) => ['sh', 'powershell'].includes(language))
    .flatMap(({ text }) => text.replaceAll(/ *\\\n */g, ' ').split('\n'))
    .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
    .filter((line) => line !== '');
}

/** The anchors of a page as GitHub makes them of its headings. */
export function anchorsOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
