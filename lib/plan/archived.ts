import type { Options } from 'k6/options';

/** Differences that are named; a few tell what was forgotten. */
const NAMED = 6;

/** Fields of a Run that follow from others. */
const FOLLOWING = ['RUN_padding', 'RUN_closeMs', 'RUN_countFromMs', 'RUN_countToMs', 'RUN_sampleShare', 'RUN_lagStep'];

/**
 * Aborts a test whose plan and thresholds are not those of its settings: k6 keeps in an archive the options that it was
 * made with, and hands other settings to the VUs and the report all the same. They would tell of a test that never was.
 *
 * @param test - k6's `exec.test`.
 * @param own - the options that the settings of this run make.
 */
export function refuseOtherPlan(test: { options: Options; abort(message: string): void }, own: Options): void {
  // Of Go's own objects only their JSON is what the script wrote.
  const kept = JSON.parse(JSON.stringify(test.options)) as Options;
  const found = [...differentPlans(own.scenarios, kept.scenarios), ...differentTargets(own, kept)];
  if (found.length === 0) return;
  const more = found.length > NAMED ? `; and ${found.length - NAMED} more` : '';
  test.abort(
    `other settings than those that the archive was made with, whose plan and targets stay in it: ${found.slice(0, NAMED).join('; ')}${more}. Make the archive with the settings of this run (k6 archive -e WS_CONNECTIONS=…), or leave them out here`,
  );
}

type Scenarios = Options['scenarios'];

function differentPlans(own: Scenarios, kept: Scenarios): string[] {
  const names = Object.keys(own ?? {}).filter((name) => name !== 'generator');
  const known = names.filter((name) => kept?.[name] !== undefined);
  // Where k6 replaced all of them, as by --vus, the VUs say so.
  if (known.length === 0) return [];
  const missing = names.filter((name) => !known.includes(name)).map((name) => `no ${name} there`);
  const more = Object.keys(kept ?? {}).filter((name) => name !== 'generator' && own?.[name] === undefined);
  const differences = known.flatMap((name) => {
    const [here, there] = [own?.[name]?.env ?? {}, kept?.[name]?.env ?? {}] as Record<string, string>[];
    return [...new Set([...Object.keys(here as object), ...Object.keys(there as object)])]
      .filter((key) => key.startsWith('RUN_') && !FOLLOWING.includes(key) && here?.[key] !== there?.[key])
      .map((key) => `${key.slice('RUN_'.length)} ${shown(key, there?.[key])} there, ${shown(key, here?.[key])} here`);
  });
  return [...missing, ...more.map((name) => `${name} there, not here`), ...new Set(differences)];
}

/** A Run has no secrets in it: its address is none where the VUs read it, with what may be secret, from the settings. */
function shown(key: string, text: string | undefined): string {
  return text ?? (key === 'RUN_url' ? 'with headers, a sub-protocol, a query or a column' : 'none');
}

function differentTargets({ thresholds: own = {} }: Options, { thresholds: kept = {} }: Options): string[] {
  const expressions = (of: typeof own, metric: string) =>
    (of[metric] ?? []).map((given) => (typeof given === 'string' ? given : given.threshold)).join(' and ');
  return [...new Set([...Object.keys(own), ...Object.keys(kept)])]
    .filter((metric) => expressions(own, metric) !== expressions(kept, metric))
    .map(
      (metric) => `${metric} ${expressions(kept, metric) || 'none'} there, ${expressions(own, metric) || 'none'} here`,
    );
}
