/** The generator's operating system, as far as the report can know it. */
export type Platform = 'windows' | 'macos' | 'linux' | 'any';

/**
 * The generator's operating system by the wording of its socket errors: k6 has no other way to tell a script.
 *
 * @param details - the texts behind the reasons; most read alike on Linux and macOS and then say nothing.
 */
export function platformOf(details: Iterable<string>): Platform {
  const all = [...details].join('\n');
  // The Windows calls that Go names in its errors. `bind:` is on all systems, but only Windows' sentences begin with
  // a capital or in another script.
  if (/connectex|wsarecv|wsasend|winapi error|getaddrinfow|: bind: [^a-z]/.test(all)) return 'windows';
  if (/can't assign requested address|operation timed out|nodename nor servname/.test(all)) return 'macos';
  if (/cannot assign requested address|connection timed out/.test(all)) return 'linux';
  return 'any';
}
