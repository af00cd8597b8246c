import type { Options, Scenario } from 'k6/options';
import type { Settings } from '../settings/settings.ts';
import { planOf } from './plan.ts';
import { envOf, type Run } from './run.ts';

/** Figures that k6 works out for each Trend; the report shows them. */
export const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'] as const;

/**
 * Tags that k6 adds by itself. Without `url`: it holds the whole address with its query, so a token in it would be
 * stored with every sample. Without `subproto`: some servers take a token there. Without `ip`: k6/ws crashes with it
 * when a dial fails.
 */
export const SYSTEM_TAGS = ['scenario', 'group', 'check', 'status', 'error_code'] as const;

const DNS_POLICY = { '4': 'onlyIPv4', '6': 'onlyIPv6', any: 'any' } as const;

/**
 * How much earlier the watch of the generator starts than the connections, in ms. k6 starts its scenarios side by side,
 * and only the VUs with the lowest numbers can watch (lib/generator/watch.ts): the connections must not have them all.
 */
export const WATCH_LEAD_MS = 100;

/** As k6 takes it: an expression, and whether it ends the test, from when on since its start. */
export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval: string };

interface Stage {
  duration: string;
  target: number;
}

/**
 * True steps: at the start of each batch the number of VUs jumps, then stays for the delay. After the hold all VUs
 * are told to end at once; their iterations close the connections at the pace of the ramp in the last stage.
 *
 * @param vusAfter - VUs needed once `connections` are to be open.
 */
export function rampStages(settings: Settings, vusAfter: (connections: number) => number): Stage[] {
  const plan = planOf(settings);
  const stages: Stage[] = [];
  for (let batch = 1; batch <= plan.batches; batch++) {
    const target = vusAfter(Math.min(batch * settings.batchSize, settings.connections));
    stages.push({ duration: '0s', target }, { duration: `${settings.batchDelayMs}ms`, target });
  }
  stages.push(
    { duration: `${settings.holdMs}ms`, target: vusAfter(settings.connections) },
    { duration: '0s', target: 0 },
    { duration: `${plan.totalMs - plan.holdEndMs}ms`, target: 0 },
  );
  return stages;
}

/**
 * The batched ramp, hold and close as one k6 scenario.
 *
 * @param vusAfter - VUs needed once `connections` are to be open.
 * @param graceMs - how long after the planned end k6 may wait for what is unfinished.
 */
export function rampScenario(
  settings: Settings,
  run: Run,
  vusAfter: (connections: number) => number,
  graceMs: number,
): Scenario {
  const { totalMs, holdEndMs } = planOf(settings);
  return {
    executor: 'ramping-vus',
    env: envOf(run),
    startTime: `${WATCH_LEAD_MS}ms`,
    startVUs: 0,
    stages: rampStages(settings, vusAfter),
    gracefulRampDown: `${totalMs - holdEndMs + graceMs}ms`,
    gracefulStop: `${graceMs}ms`,
  };
}

/** What all scenarios share: names resolve as WS_IP says, no addresses in tags, the figures of the report. */
export function optionsFor(
  settings: Settings,
  scenarios: Record<string, Scenario>,
  thresholds: Record<string, Threshold[]>,
): Options {
  return {
    scenarios,
    thresholds,
    dns: { ttl: '5m', select: 'random', policy: DNS_POLICY[settings.ip] },
    systemTags: [...SYSTEM_TAGS],
    summaryTrendStats: [...TREND_STATS],
    ...(settings.cloudProject === null
      ? {}
      : { cloud: { projectID: settings.cloudProject, name: 'WebSocket concurrency' } }),
  } satisfies Options;
}

/** What the watch of the generator has to know, and how long after its own start the connections start, in ms. */
export type Watched<T> = T & { leadMs: number };

/**
 * One VU that watches the generator until the planned end (the function `watch` of the scenario).
 *
 * @param watched - what it has to know.
 * @param graceMs - for what it reads after the planned end.
 */
export function watchScenario(watched: object, totalMs: number, graceMs = 0): Scenario {
  return {
    executor: 'per-vu-iterations',
    env: { RUN: JSON.stringify({ ...watched, leadMs: WATCH_LEAD_MS }) },
    vus: 1,
    iterations: 1,
    maxDuration: `${WATCH_LEAD_MS + totalMs}ms`,
    gracefulStop: `${graceMs}ms`,
    exec: 'watch',
  };
}
