import { describe, expect, it } from 'vitest';
import { folderProblem } from '../../../lib/scenario/results-folder.ts';

const FOLDER = (path: string) => `GoError: open() can't be used with directories, path: "${path}"`;
const MISSING = (path: string) => `GoError: stat ${path}: no such file or directory`;

/** k6's open() over some folders, files, and other paths with what is said of them. */
function look(
  folder: string | null,
  {
    folders = ['/proc/self/cwd', '/scripts/.'],
    files = [],
    other = {},
    missing = MISSING,
    known = '/scripts/.',
    pwd,
  }: {
    folders?: string[];
    files?: string[];
    other?: Record<string, string>;
    missing?: (path: string) => string;
    known?: string;
    pwd?: string;
  } = {},
) {
  const open = (path: string): string => {
    if (files.includes(path)) return 'text';
    throw other[path] ?? (folders.includes(path) ? FOLDER(path) : missing(path));
  };
  return folderProblem(folder, { open, candidates: () => ['somewhere/.', known] }, pwd);
}

const BASE = ['/proc/self/cwd', '/scripts/.'];

describe('the folder for the results', () => {
  it.each<[string, string[]]>([
    ['/out', ['/out']],
    ['out', ['/proc/self/cwd/out']],
    ['./out', ['/proc/self/cwd/./out']],
    ['../out', ['/proc/self/cwd/../out']],
  ])('%s is right where it is there', (folder, folders) => {
    expect(look(folder, { folders: [...BASE, ...folders] })).toBeNull();
    expect(look(folder)).toMatchObject({ isCertain: true });
  });

  it('is not looked for where none is wanted', () => {
    expect(look(null)).toBeNull();
  });

  it.each<[string, object, string]>([
    [
      '/out',
      {},
      'WS_RESULTS_DIR="/out": there is no such folder; expected a folder that is there, since k6 makes none, for example after mkdir -p "/out"',
    ],
    [
      'my out',
      {},
      'WS_RESULTS_DIR="my out": there is no such folder in the folder in which k6 runs; expected a folder that is there, since k6 makes none, for example after mkdir -p "my out"',
    ],
    ['/out', { files: ['/out'] }, 'WS_RESULTS_DIR="/out": there is a file in its place; expected'],
    [
      '/out/x',
      { other: { '/out/x': 'GoError: stat /out/x: not a directory' } },
      'WS_RESULTS_DIR="/out/x": there is a file in its place; expected',
    ],
    [
      '/root/out',
      { other: { '/root/out': 'GoError: stat /root/out: permission denied' } },
      'WS_RESULTS_DIR="/root/out": it cannot be looked at (permission denied); expected',
    ],
  ])('%s with %j is refused', (folder, files, text) => {
    const problem = look(folder, files);
    expect(problem?.text.slice(0, text.length)).toBe(text);
    expect(problem?.isCertain).toBe(true);
  });

  it('is looked for where the command was typed, for a warning only, where k6 does not tell where it runs', () => {
    expect(look('out', { folders: ['/scripts/.', '/home/ann'], pwd: '/home/ann' })).toEqual({
      text: 'WS_RESULTS_DIR="out": there is no such folder in /home/ann; expected a folder that is there, since k6 makes none, for example after mkdir -p "out"',
      isCertain: false,
    });
    expect(look('out', { folders: ['/scripts/.', '/home/ann', '/home/ann/out'], pwd: '/home/ann' })).toBeNull();
    // A PWD of another world, such as /c/Users in Git Bash.
    expect(look('out', { folders: ['/scripts/.'], pwd: '/c/Users' })).toBeNull();
    expect(look('out', { folders: ['/scripts/.'] })).toBeNull();
  });

  it('on Windows is known with its drive only', () => {
    const missing = (path: string) => `GoError: CreateFile ${path}: The system cannot find the file specified.`;
    const windows = { known: 'C:/scripts/.', folders: ['C:/scripts/.', 'D:\\out'], missing };
    expect(look('D:\\out', windows)).toBeNull();
    expect(look('d:/none', windows)).toEqual({
      text: 'WS_RESULTS_DIR="d:/none": there is no such folder; expected a folder that is there, since k6 makes none, for example after mkdir "d:/none"',
      isCertain: true,
    });
    for (const folder of ['\\out', '\\\\server\\out', '/out', 'out']) expect(look(folder, windows)).toBeNull();
  });

  it('is not known in an archive, nor from a k6 that words it otherwise', () => {
    const missing = (path: string) => `GoError: open ${path}: file does not exist`;
    expect(look('/out', { missing })).toBeNull();
    expect(look('/out', { files: ['/out'], missing })).toBeNull();
    expect(look('/out', { other: { '/scripts/.': 'GoError: /scripts is one of those' } })).toBeNull();
  });
});
