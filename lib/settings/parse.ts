import { Expected } from './parsers.ts';
import { PROFILE_SIZES, type ProfileSizes, type Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { type Setting, settingsTable } from './table.ts';
import { unknownNames } from './unknown.ts';
import { contradictsIpVersion } from './url.ts';

/**
 * Reads the settings out of the environment.
 *
 * @param env - names and texts, as k6's `__ENV`; only names that begin with `WS_` are looked at, and settings in other
 *   letters, such as `ws_hold`, so that none is passed over in silence; an empty text counts as not set.
 * @throws SettingsError with every problem: wrong values, names that resemble a setting, contradictions.
 */
export function parseSettings(env: Record<string, string | undefined>): Settings & {
  /** Names that begin with `WS_` and are of other programs, as far as one can tell: to be said once. */
  ignored: string[];
} {
  const table = settingsTable();
  const { problems, ignored } = unknownNames(
    env,
    table.map(({ name }) => name),
  );
  const values: Record<string, unknown> = {};
  for (const setting of table) values[setting.key] = readSetting(setting, env, problems);

  const sizes = PROFILE_SIZES[values['profile'] as Settings['profile']] as ProfileSizes | undefined;
  for (const key of ['connections', 'batchSize', 'batchDelayMs', 'holdMs'] as const) {
    values[key] ??= sizes?.[key];
  }
  values['targetMetrics'] ??= [];
  const settings = values as unknown as Settings;
  const contradiction = settings.urls && settings.ip ? contradictsIpVersion(settings.urls, settings.ip) : null;
  if (contradiction) problems.push(contradiction);
  if (settings.urls?.length > settings.connections) {
    problems.push(
      `WS_URL names ${settings.urls.length} targets, WS_CONNECTIONS is ${settings.connections}: some would get none; expected at least one connection for each target`,
    );
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...settings, ignored };
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
