import type { Scenario } from './settings.ts';
import { type Need, settingsTable } from './table.ts';

/**
 * Names of what is set, but has no meaning in this run: nothing wrong, since jobs share an environment, yet not to be
 * passed over.
 *
 * @param has - whether the conversation has what a setting needs.
 */
export function unusedNames(
  env: Record<string, string | undefined>,
  scenario: Scenario,
  has: (need: Need) => boolean,
): string[] {
  return settingsTable()
    .filter(({ name }) => env[name]?.trim())
    .filter(({ scenarios, needs }) => (scenarios && !scenarios.includes(scenario)) || (needs && !has(needs)))
    .map(({ name }) => name);
}
