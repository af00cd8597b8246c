import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../lib/report/summary.ts';
import type { Spoken } from '../servers/spoken/serve.mjs';
import { type Books, booksWith } from './books.ts';
import { afterwards } from './cases.ts';
import type { K6Result } from './helpers.ts';

/** Path of a module in tests/e2e/conversations, for WS_CONVERSATION. */
export function moduleOf(name: string): string {
  return fileURLToPath(new URL(`conversations/${name}.ts`, import.meta.url));
}

/** A server of tests/servers/spoken for the length of one test. */
export async function forThisTest<Server extends Pick<Spoken, 'close'>>(starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  afterwards(server.close);
  return server;
}

/** An empty folder for the length of one test. */
export async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'k6 conversation '));
  afterwards(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A file with this text, in a folder of its own; its path. */
export async function fileWith(name: string, text: string): Promise<string> {
  const file = path.join(await folder(), name);
  await writeFile(file, text);
  return file;
}

/** summary.json; fails with k6's output if there is none. */
export function summaryOf({ summary, stdout, stderr }: K6Result): Summary {
  if (!summary) throw new Error(`no summary.json:\n${stdout}\n${stderr}`);
  return summary;
}

/** Without entries that are 0, as the report has it. */
export function countsOf(counts: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).flatMap(([name, count]) => (count ? [[name, count]] : [])));
}

/** What a report must say by what the server of tests/servers/spoken/doors.mjs counted. */
export function booksAtTheDoors(counts: Record<string, number | undefined>): Books {
  return booksWith({
    attempted: counts['handshakes'] ?? 0,
    established: counts['handshakes'] ?? 0,
    ready: counts['welcomed'] ?? 0,
    notReady: countsOf({
      'bad password': counts['refused'],
      server_close: counts['turned away'],
      timeout: (counts['late'] ?? 0) + (counts['never answered'] ?? 0),
    }),
    closed: counts['welcomed'] ?? 0,
    sent: counts['asked'] ?? 0,
    answered: counts['asked'] ?? 0,
  });
}
