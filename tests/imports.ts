import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** One import statement or call: by whom, and of what, as paths from the root; k6 modules by their name. */
export interface Import {
  from: string;
  to: string;
  /** Types are gone at run time. */
  isTypeOnly: boolean;
}

/** All files below folders, from the root, that end so. */
export function filesBelow(root: string, folders: readonly string[], ending: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => ending.test(name))
    .sort();
}

/**
 * What each file imports, as esbuild parses it. It drops types, so what only the text with `import type` turned into
 * `import` has is type only.
 */
export async function importsOf(root: string, files: readonly string[]): Promise<Import[]> {
  const all = await Promise.all(
    files.map(async (file) => {
      const code = readFileSync(path.join(root, file), 'utf8');
      const atRunTime = await targetsOf(root, file, code);
      const withTypes = await targetsOf(
        root,
        file,
        code.replace(/^(import|export) type(?= *[{\w]+[^=]*? from )/gm, '$1'),
      );
      return [...new Set([...atRunTime, ...withTypes])].map((to) => ({
        from: file,
        to,
        isTypeOnly: !atRunTime.includes(to),
      }));
    }),
  );
  return all.flat();
}

async function targetsOf(root: string, file: string, code: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: code, loader: file.endsWith('.ts') ? 'ts' : 'js', sourcefile: file },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    // Without it esbuild drops imports that only types use.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    treeShaking: false,
    plugins: [
      {
        name: 'all-external',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path: target }) => ({ path: target, external: true }));
        },
      },
    ],
  });
  const [input] = Object.values(metafile.inputs);
  return (input?.imports ?? []).map(({ path: target }) =>
    target.startsWith('.')
      ? path.relative(root, path.resolve(root, path.dirname(file), target)).replaceAll('\\', '/')
      : target,
  );
}
