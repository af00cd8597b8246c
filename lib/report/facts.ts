import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';
import type { Versions } from './summary.ts';

/** What the report has to know of a run besides k6's figures. */
export interface Facts {
  settings: Settings;
  traits: Traits;
  /** Names of settings that mean nothing in this run. */
  unused: string[];
  /** Names that begin with WS_ and are not ours. */
  ignored: string[];
  /** The proxy on the way to each target, without credentials; null: none. Empty: none at all. */
  proxies: (string | null)[];
  /** Rows of the users' file; null: there is none. */
  users: number | null;
  /** When the run ended, as toISOString() has it. */
  endedAt?: string;
  /** What ran, as far as it is known. */
  versions?: Versions;
}
