import { Expected } from './parsers.ts';
import { PROFILE_SIZES, type ProfileSizes, type ProtocolName, type Scenario, type Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { type Setting, settingsTable } from './table.ts';
import { contradictsIpVersion } from './url.ts';

/**
 * Reads the settings out of the environment.
 *
 * @param env - names and texts, as k6's `__ENV`; only names that begin with `WS_` are looked at, and settings in other
 *   letters, such as `ws_hold`, so that none is passed over in silence; an empty text counts as not set.
 * @param scenario - that will use them; null: any, so that none is called unused.
 * @throws SettingsError with every problem: wrong values, unknown names (with a suggestion), contradictions.
 */
export function parseSettings(env: Record<string, string | undefined>, scenario: Scenario | null = null): Settings {
  const table = settingsTable();
  const problems = unknownNames(env, table);
  const values: Record<string, unknown> = {};
  for (const setting of table) values[setting.key] = readSetting(setting, env, problems);

  const sizes = PROFILE_SIZES[values['profile'] as Settings['profile']] as ProfileSizes | undefined;
  for (const key of ['connections', 'batchSize', 'batchDelayMs', 'holdMs'] as const) {
    values[key] ??= sizes?.[key];
  }
  const settings = values as unknown as Settings;
  const contradiction = settings.urls && settings.ip ? contradictsIpVersion(settings.urls, settings.ip) : null;
  if (contradiction) problems.push(contradiction);
  if (settings.urls?.length > settings.connections) {
    problems.push(
      `WS_URL names ${settings.urls.length} targets, WS_CONNECTIONS is ${settings.connections}: some would get none; expected at least one connection for each target`,
    );
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...settings, unused: unusedNames(env, table, scenario, settings.protocol) };
}

/** Set, but without a meaning here: nothing wrong, since jobs share an environment, yet not to be passed over. */
function unusedNames(
  env: Record<string, string | undefined>,
  table: readonly Setting[],
  scenario: Scenario | null,
  protocol: ProtocolName,
): string[] {
  return table
    .filter((setting) => givenText(setting, env) !== null)
    .filter(
      ({ scenarios, notWith }) =>
        (scenario !== null && scenarios !== undefined && !scenarios.includes(scenario)) || notWith?.includes(protocol),
    )
    .map(({ name }) => name);
}

/** What the user wrote; null: nothing, or an empty text. */
function givenText(setting: Setting, env: Record<string, string | undefined>): string | null {
  return env[setting.name]?.trim() || null;
}

function readSetting(setting: Setting, env: Record<string, string | undefined>, problems: string[]): unknown {
  const text = givenText(setting, env) ?? setting.default;
  if (text === null) return null;
  try {
    return setting.parse(text);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    const shown = setting.secret ? '(not shown: it can hold secrets)' : JSON.stringify(text);
    problems.push(
      `${setting.name}=${shown}: expected ${error.message}, for example ${setting.name}=${setting.example}`,
    );
    return undefined;
  }
}

function unknownNames(env: Record<string, string | undefined>, table: readonly Setting[]): string[] {
  const known = table.map((setting) => setting.name as string);
  return Object.keys(env)
    .filter((name) => !known.includes(name) && (name.startsWith('WS_') || known.includes(name.toUpperCase())))
    .map((name) => {
      const [nearest, distance] = nearestName(name.toUpperCase(), known);
      const hint =
        distance <= Math.max(3, name.length / 3) ? `did you mean ${nearest}?` : `the settings are in the README`;
      return `${name} is not a setting: ${hint}`;
    });
}

function nearestName(name: string, known: readonly string[]): [string, number] {
  let best: [string, number] = ['', Number.POSITIVE_INFINITY];
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < best[1]) best = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance: insertions, deletions and substitutions that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1);
    }
    previous = current;
  }
  return previous[b.length] as number;
}
