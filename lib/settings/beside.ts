import { endpoint, endpoints } from './endpoints.ts';

/**
 * What is read beside the run, out of the environment, where the first init has found it right (parse.ts); null: nothing. Can hold
 * secrets.
 */
export function besideOf(env: Record<string, string | undefined>): { targets: string[]; host: string | null } | null {
  const [targets, host] = [env['WS_TARGET_METRICS']?.trim(), env['WS_HOST_METRICS']?.trim()];
  if (!targets && !host) return null;
  return { targets: targets ? endpoints(targets) : [], host: host ? endpoint(host) : null };
}
