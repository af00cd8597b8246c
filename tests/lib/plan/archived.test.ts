import type { Options } from 'k6/options';
import { describe, expect, it, vi } from 'vitest';
import { refuseOtherPlan } from '../../../lib/plan/archived.ts';
import { concurrentOptions } from '../../../lib/plan/concurrent.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { thresholdsFor } from '../../../thresholds/k6.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { ECHO } from '../some-traits.ts';

function optionsOf(env: Record<string, string> = {}): Options {
  const settings = parseSettings({ WS_PROFILE: 'smoke', ...env });
  return concurrentOptions(settings, ECHO, thresholdsFor(targetsFor(settings, ECHO), ECHO));
}

function aborts(own: Options, kept: Options): string[] {
  const abort = vi.fn<(message: string) => void>();
  refuseOtherPlan({ options: kept, abort }, own);
  return abort.mock.calls.map(([text]) => text);
}

describe('a plan', () => {
  it('of the same settings is let through, in the form in which k6 hands it over', () => {
    const { scenarios, thresholds } = optionsOf();
    const kept = Object.fromEntries(
      Object.entries(thresholds ?? {}).map(([metric, list]) => [
        metric,
        list.map((threshold) => ({ threshold, abortOnFail: true, delayAbortEval: null })),
      ]),
    );
    expect(aborts(optionsOf(), { scenarios, thresholds } as Options)).toEqual([]);
    expect(aborts(optionsOf(), { scenarios, thresholds: kept } as unknown as Options)).toEqual([]);
  });

  it('of other connections is refused, with both numbers', () => {
    const [text = ''] = aborts(optionsOf({ WS_CONNECTIONS: '7' }), optionsOf({ WS_CONNECTIONS: '3' }));
    expect(text).toMatch(
      /^other settings than those that the archive was made with, .*: connections 3 there, 7 here[.;]/,
    );
    expect(text).toMatch(
      / Make the archive with the settings of this run \(k6 archive -e WS_CONNECTIONS=…\), or leave/,
    );
  });

  it('of another address is refused, and of one with a token the token is not told', () => {
    const kept = optionsOf({ WS_URL: 'ws://a/' });
    expect(aborts(optionsOf({ WS_URL: 'ws://b/' }), kept)[0]).toContain(': url ws://a/ there, ws://b/ here. ');
    const [text] = aborts(optionsOf({ WS_URL: 'ws://b/?token=hunter2' }), kept);
    expect(text).not.toContain('hunter2');
    expect(text).toContain(': url ws://a/ there, with headers, a sub-protocol, a query or a column here. ');
  });

  it('is the same with other tokens, where there was a place for them', () => {
    const kept = optionsOf({ WS_URL: 'ws://a/?token=later', WS_HEADERS: '{"Authorization":"later"}' });
    expect(aborts(optionsOf({ WS_URL: 'ws://a/?token=x', WS_HEADERS: '{"Authorization":"x"}' }), kept)).toEqual([]);
  });

  it('of other targets is refused', () => {
    const [text] = aborts(optionsOf({ WS_MIN_CONNECT_SUCCESS: '99%' }), optionsOf());
    expect(text).toContain(': ws_connect_success rate>0.95 and rate>0 there, rate>0.99 and rate>0 here; ');
  });

  it('with a target or a scenario that these settings do not make is refused', () => {
    const own = optionsOf();
    const [text] = aborts(own, optionsOf({ WS_MAX_ROUND_TRIP: '500ms' }));
    expect(text).toContain('; ws_message_rtt p(95)<500 there, none here. ');
    const beside = { ...own.scenarios, beside: { executor: 'per-vu-iterations' } } as NonNullable<Options['scenarios']>;
    expect(aborts(own, { ...own, scenarios: beside })[0]).toContain(': beside there, not here. ');
  });

  it('that k6 replaced is left to the VUs, which say so', () => {
    const { thresholds } = optionsOf();
    const replaced = { scenarios: { default: { executor: 'shared-iterations' } }, thresholds } as Options;
    expect(aborts(optionsOf(), replaced)).toEqual([]);
  });

  it('names six differences at most', () => {
    const [text = ''] = aborts(
      optionsOf({
        WS_CONNECTIONS: '7',
        WS_HOLD: '77s',
        WS_MESSAGE_INTERVAL: '7s',
        WS_MESSAGE_SIZE: '77',
        WS_TRACE: '7',
      }),
      optionsOf({ WS_BATCH_SIZE: '7', WS_BATCH_DELAY: '7ms', WS_MESSAGE_TIMEOUT: '7s' }),
    );
    expect(text.split(' there, ')).toHaveLength(7);
    expect(text).toMatch(/; and \d+ more\. Make/);
  });
});
