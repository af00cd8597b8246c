import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { classifier } from '../../lib/connection/classify.ts';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../../lib/connection/outcome.ts';
import { METRIC } from '../../lib/metrics/names.ts';
import { adviceFor } from '../../lib/report/advice.ts';
import { formatDuration } from '../../lib/settings/parsers.ts';
import { chineseSettingsMarkdown } from '../../lib/settings/readme.ts';
import { PROFILE_SIZES } from '../../lib/settings/settings.ts';
import { settingsTable } from '../../lib/settings/table.ts';
import { rules } from '../monitoring/expressions.ts';
import { blocksOf, CHINESE, commandsOf, ENGLISH, ROOT, textOf } from './pages.ts';

const README = 'README.zh-CN.md';
const GUIDE = 'docs/guide.zh-CN.md';
const english = ENGLISH.map(textOf).join('\n');
/** Where the English tables are. */
const TARGETS_PAGE = 'docs/results.md';
const EXIT_CODES_PAGE = 'docs/running.md';
const fixtures = path.join(ROOT, 'tests/powershell/fixtures');

/** The cells of the table row that begins with this cell. */
function row(page: string, first: string): string[] {
  const line = textOf(page)
    .split('\n')
    .find((text) => text.startsWith(`| ${first} |`));
  if (line === undefined) throw new Error(`${page} has no row ${first}`);
  return line.split('|').map((cell) => cell.trim());
}

/** The rows of the first table below a heading: only what is no word, such as numbers, signs and code. */
function figuresBelow(page: string, heading: string): string[][] {
  const [, below = ''] = textOf(page).split(`\n## ${heading}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(below) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.match(/[<>≥]|\d[\d,.]*(?: ?(?:%|ms|s|MB|GB))?/g) ?? []);
}

/** Programs that a page may have typed beside the scripts of the project. */
const PROGRAMS = /^(?:ulimit -n|unshare|ip link|sysctl|kill|exit)\b/;

/** What is wrong with a command that no English page has, or undefined. */
function problemOf(command: string): string | undefined {
  const script = /^node (scripts\/[\w-]+\.mjs)|^(\.\\scripts\\[\w-]+\.ps1)|^k6 run .*?(dist\/\w+\.js)/.exec(command);
  const named = script?.slice(1).find(Boolean)?.replace('.\\', '').replaceAll('\\', '/');
  if (named === undefined && !/^npm (?:start|run build)\b/.test(command) && !PROGRAMS.test(command)) return 'unknown';
  const file = named?.replace(/^dist\/(\w+)\.js$/, 'scenarios/$1.ts');
  if (file !== undefined && !existsSync(path.join(ROOT, file))) return `no ${file}`;
  if (file?.endsWith('.ps1') !== true) return undefined;
  const [, parameters = ''] = /^param\(([\s\S]*?)^\)/m.exec(readFileSync(path.join(ROOT, file), 'utf8')) ?? [];
  return [...command.matchAll(/ -([A-Z]\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'WhatIf')
    .find((name) => !new RegExp(`\\$${name}\\b`).test(parameters));
}

test('the table of settings has their names and defaults; `node scripts/readme.mjs` writes it', () => {
  const [, written] = /<!-- settings-zh -->\n([\s\S]*?)\n<!-- \/settings-zh -->/.exec(textOf(README)) ?? [];
  expect(written).toBe(chineseSettingsMarkdown());
});

describe.each(CHINESE)('%s', (page) => {
  const text = textOf(page);

  test('has commands of the English pages, or of scripts that are there', () => {
    const known = new Set(ENGLISH.flatMap((name) => commandsOf(textOf(name))));
    const commands = commandsOf(text);
    expect(commands.length).toBeGreaterThan(8);
    const problems = commands.filter((command) => !known.has(command)).map((command) => [command, problemOf(command)]);
    expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
  });

  test('has modules and files that the English pages have', () => {
    for (const block of blocksOf(text).filter(({ language }) => ['js', 'ts', 'json'].includes(language)))
      expect(english, `${page}:${block.line}`).toContain(block.text);
  });

  test('names settings, metrics, alerts and files that there are', () => {
    const names = new Set(settingsTable().map(({ name }) => name as string));
    const settings = [...text.matchAll(/\bWS_[A-Z_]+/g)].map(([name]) => name);
    expect(settings.length).toBeGreaterThan(10);
    expect(settings.filter((name) => !names.has(name))).toEqual([]);

    const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
    const metrics = [...prose.matchAll(/`((?:ws|generator|host|k6)_\w+)`/g)].map(([, name = '']) => name);
    expect(metrics.filter((name) => !Object.values<string>(METRIC).includes(name))).toEqual([]);

    const alerts = [...prose.matchAll(/`(WebSocket\w+)`/g)].map(([, name]) => name);
    expect(alerts.filter((name) => !rules().some(({ alert }) => alert === name))).toEqual([]);

    const files = [...prose.matchAll(/`((?:scripts|monitoring|deploy|docs|examples)\/[\w./-]+)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

test.each([
  ['握手失败', CONNECT_FAILURES],
  ['未就绪', READY_FAILURES],
  ['连接断开', DROPS],
  ['消息', MESSAGE_FAILURES],
])('the reasons of %s', (what, reasons) => {
  expect([...(row(README, what)[2] ?? '').matchAll(/`(\w+)`/g)].map(([, reason]) => reason)).toEqual([...reasons]);
});

test('reasons that the guide speaks of are reasons', () => {
  const [, table = ''] = textOf(GUIDE).split('| 现象 | 报告中的原因 | 处理 |\n');
  const told = table
    .split('\n\n')[0]
    ?.split('\n')
    .slice(1)
    .flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, reason]) => reason));
  expect(told?.length).toBeGreaterThan(8);
  const all: string[] = [...CONNECT_FAILURES, ...READY_FAILURES, ...DROPS, ...MESSAGE_FAILURES];
  expect(told?.filter((reason) => !all.includes(reason ?? ''))).toEqual([]);
});

test('the targets by size are those of the English table', () => {
  const chinese = figuresBelow(GUIDE, '目标与档位');
  expect(chinese).toEqual(figuresBelow(TARGETS_PAGE, 'Targets'));
  expect(chinese.length).toBe(4);
});

test('exit codes are those of the English table', () => {
  const codes = (page: string, heading: string) => {
    const [, below = ''] = textOf(page).split(`\n## ${heading}\n`);
    return [...below.matchAll(/^\| (\d[^|]*?) \|/gm)].map(([, code = '']) => code.replace('到', 'to'));
  };
  expect(codes(README, '退出码')).toEqual(codes(EXIT_CODES_PAGE, 'Exit codes'));
});

test('the recommended run is the default one', () => {
  const rows = [...textOf(GUIDE).matchAll(/^\| [^|]+ \| ((?:`WS_\w+`、?)+) \| ((?:`[^`]+`、?)+) \|$/gm)];
  expect(rows.length).toBe(7);
  for (const [, names = '', defaults = ''] of rows) {
    const told = defaults.split('、').map((value) => value.replaceAll('`', ''));
    const settings = names.split('、').map((name) => settingsTable().find((one) => `\`${one.name}\`` === name));
    const real = settings.map((setting) => {
      if (setting?.decidedBy !== 'profile') return setting?.default;
      const value = PROFILE_SIZES.standard[setting.key as keyof typeof PROFILE_SIZES.standard];
      return setting.key.endsWith('Ms') ? formatDuration(value) : `${value}`;
    });
    expect(told, names).toEqual(real);
  }
});

test('error 10055 is what the report makes of it, with its advice', () => {
  const guide = textOf(GUIDE);
  const error = blocksOf(guide)[0]?.text.trim() ?? '';
  expect(error).toContain('[::1]:8081: bind:');
  expect(classifier().connectFailure(error, 0).reason).toBe('ports_exhausted');
  expect(guide).toContain(`\n> ${adviceFor('connect', 'ports_exhausted', 'windows')}\n`);
});

test('what netsh prints is what it printed to the tests of the scripts', () => {
  const shown = blocksOf(textOf(GUIDE))
    .map(({ text }) => text.trim())
    .filter((text) => text.startsWith('Protocol tcp'));
  const real = readdirSync(fixtures).map((file) =>
    readFileSync(path.join(fixtures, file), 'utf8').replaceAll('\r', ''),
  );
  expect(shown.length).toBe(2);
  for (const text of shown) expect(real.map((output) => output.trim())).toContain(text);
});
