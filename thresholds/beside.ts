import {
  HOST_FIGURES,
  HOST_PHASES,
  TARGET_FIGURES,
  TARGET_PHASES,
  TCP_STATES,
  targetTags,
} from '../lib/report/beside.ts';
import type { Settings } from '../lib/settings/settings.ts';
import type { Thresholds } from './k6.ts';

/** Thresholds that always hold, for what the report shows of target and host: k6 hands over only the parts that they name. */
export function besideThresholds({ targetMetrics, hostMetrics }: Settings): Thresholds {
  const names = [
    ...targetTags(targetMetrics.length).flatMap((target) =>
      TARGET_FIGURES.flatMap((metric) => TARGET_PHASES.map((phase) => `${metric}{target:${target}${phase}}`)),
    ),
    ...(hostMetrics === null
      ? []
      : [
          ...HOST_FIGURES.flatMap((metric) => HOST_PHASES.map((phase) => `${metric}{phase:${phase}}`)),
          ...TCP_STATES.map((state) => `host_tcp{state:${state}}`),
        ]),
  ];
  return Object.fromEntries(names.map((name) => [name, ['value>=0']]));
}
