/** True in the scripts of dist/, which build.mjs makes; the sources know no such name. */
declare const BUNDLED: boolean | undefined;

/**
 * A module that is made when it is first asked for: `const trouble = lazily(() => require('./trouble.ts') as …)`. Of what a
 * VU never asks for, nothing weighs in it. Without the build it is made at once, since k6's require() works in the init
 * stage only: so such a file takes no k6 module by itself.
 */
export function lazily<Module>(load: () => Module): () => Module {
  if (typeof BUNDLED !== 'undefined') return load;
  const made = load();
  return () => made;
}
