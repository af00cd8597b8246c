import type { Options, Scenario } from 'k6/options';
import { describe, expect, it } from 'vitest';
import { concurrentOptions } from '../../../lib/plan/concurrent.ts';
import { multiplexedOptions } from '../../../lib/plan/multiplexed.ts';
import { rampStages, SYSTEM_TAGS } from '../../../lib/plan/options.ts';
import { planOf } from '../../../lib/plan/plan.ts';
import { reconnectOptions } from '../../../lib/plan/reconnect.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { reconnectTargets } from '../../../thresholds/for-reconnect.ts';
import { phaseThresholds, statusThresholds, thresholdsFor } from '../../../thresholds/k6.ts';
import { holdTargets, targetsFor } from '../../../thresholds/targets.ts';
import { CHAT, ECHO } from '../some-traits.ts';

const FIXED = {
  WS_CONNECTIONS: '250',
  WS_BATCH_SIZE: '100',
  WS_BATCH_DELAY: '50ms',
  WS_HOLD: '30s',
  WS_SOCKETS_PER_VU: '40',
};

interface RampingVus {
  stages: { duration: string; target: number }[];
  gracefulStop: string;
  gracefulRampDown: string;
  env: Record<string, string>;
}

const settingsOf = (env: Record<string, string>) => parseSettings({ ...FIXED, ...env });
const concurrent = (env: Record<string, string> = {}) => concurrentOptions(settingsOf(env), ECHO, {});
const multiplexed = (env: Record<string, string> = {}) => multiplexedOptions(settingsOf(env), ECHO, {});
const rampOf = (options: Options) =>
  (options.scenarios as Record<string, Scenario>)['connections'] as unknown as RampingVus;
const ms = (duration: string) => Number(/^(\d+)ms$/.exec(duration)?.[1]);

describe('the ramp', () => {
  it('is true steps: at the start of each batch the VUs jump, then stay for the delay', () => {
    expect(rampOf(concurrent()).stages).toEqual([
      { duration: '0s', target: 100 },
      { duration: '50ms', target: 100 },
      { duration: '0s', target: 200 },
      { duration: '50ms', target: 200 },
      { duration: '0s', target: 250 },
      { duration: '50ms', target: 250 },
      { duration: '30000ms', target: 250 },
      { duration: '0s', target: 0 },
      { duration: '1150ms', target: 0 },
    ]);
  });

  it('has as many VUs over multiplexed sockets as the connections need by then', () => {
    const targets = rampOf(multiplexed()).stages.map(({ target }) => target);
    expect(targets).toEqual([3, 3, 5, 5, 7, 7, 7, 0, 0]);
  });

  it.each([{}, { WS_CONNECTIONS: '1', WS_BATCH_SIZE: '1' }, { WS_CONNECTIONS: '10000', WS_HOLD: '20m' }] as Record<
    string,
    string
  >[])('takes as long as planned, to the end of the close: %j', (env) => {
    const settings = settingsOf(env);
    const total = rampStages(settings, (connections) => connections)
      .filter(({ duration }) => duration !== '0s')
      .reduce((sum, { duration }) => sum + ms(duration), 0);
    expect(total).toBe(planOf(settings).totalMs);
  });

  it('lets iterations close in their own time: no VU is cut before the planned end', () => {
    for (const options of [concurrent(), multiplexed()]) {
      const { gracefulRampDown, gracefulStop } = rampOf(options);
      const { totalMs, holdEndMs } = planOf(settingsOf({}));
      expect(ms(gracefulRampDown)).toBe(totalMs - holdEndMs + ms(gracefulStop));
      expect(ms(gracefulStop)).toBeGreaterThanOrEqual(5_000);
    }
  });
});

describe('the options', () => {
  // `npx vitest run --project unit -u` writes the golden files anew.
  it('of concurrent are as in the golden file', async () => {
    const settings = settingsOf({});
    const options = concurrentOptions(settings, ECHO, thresholdsFor(targetsFor(settings, ECHO), ECHO));
    await expect(`${JSON.stringify(options, null, 2)}\n`).toMatchFileSnapshot('../../golden/options-concurrent.json');
  });

  it('of a chat are as in the golden file', async () => {
    const settings = settingsOf({ WS_MAX_ROUND_TRIP: '1s', WS_MAX_DELIVERY_TIME: '2s', WS_MIN_READY: '0.99' });
    const options = concurrentOptions(settings, CHAT, thresholdsFor(targetsFor(settings, CHAT), CHAT));
    await expect(`${JSON.stringify(options, null, 2)}\n`).toMatchFileSnapshot('../../golden/options-chat.json');
  });

  it('of multiplexed are as in the golden file', async () => {
    const settings = settingsOf({});
    const options = multiplexedOptions(settings, ECHO, {
      ...thresholdsFor([...targetsFor(settings, ECHO), ...holdTargets(settings, ECHO)], ECHO),
      ...statusThresholds(),
      ...phaseThresholds(ECHO),
    });
    await expect(`${JSON.stringify(options, null, 2)}\n`).toMatchFileSnapshot('../../golden/options-multiplexed.json');
  });

  it('of reconnect are as in the golden file', async () => {
    const settings = settingsOf({ WS_MIN_AVAILABILITY: '0.9', WS_MAX_ATTEMPTS: '10' });
    const options = reconnectOptions(settings, ECHO, thresholdsFor(reconnectTargets(settings, ECHO), ECHO));
    await expect(`${JSON.stringify(options, null, 2)}\n`).toMatchFileSnapshot('../../golden/options-reconnect.json');
  });

  it.each([
    ['4', 'onlyIPv4'],
    ['6', 'onlyIPv6'],
    ['any', 'any'],
  ])('resolve names as WS_IP=%s says: %s', (ip, policy) => {
    expect(concurrent({ WS_IP: ip }).dns?.policy).toBe(policy);
  });

  it('hold no secret, wherever k6 may show them', () => {
    const secret = {
      WS_URL: 'ws://a.example.org/?token=hunter2,ws://b.example.org/',
      WS_HEADERS: '{"Authorization":"Bearer hunter2"}',
    };
    for (const env of [secret, { WS_URL: secret.WS_URL }, { WS_HEADERS: secret.WS_HEADERS }] as Record<
      string,
      string
    >[]) {
      for (const options of [concurrent(env), multiplexed(env)]) {
        expect(JSON.stringify(options)).not.toContain('hunter2');
      }
    }
  });

  it('tag no sample with an address: `url` would store a token with each, `ip` crashes k6/ws', () => {
    expect(SYSTEM_TAGS).not.toContain('url');
    expect(SYSTEM_TAGS).not.toContain('ip');
    expect(SYSTEM_TAGS).not.toContain('name');
    expect(SYSTEM_TAGS).not.toContain('subproto');
    expect(concurrent().systemTags).toEqual([...SYSTEM_TAGS]);
  });

  it('work out all figures that the report shows', () => {
    expect(concurrent().summaryTrendStats).toEqual(['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count']);
  });

  it('name the cloud project only where there is one', () => {
    expect(concurrent().cloud).toBeUndefined();
    expect(concurrent({ WS_CLOUD_PROJECT: '42' }).cloud?.projectID).toBe(42);
  });
});
