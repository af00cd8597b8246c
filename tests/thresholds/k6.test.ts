import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../../lib/connection/outcome.ts';
import type { Traits } from '../../lib/conversation/traits.ts';
import { METRIC } from '../../lib/metrics/names.ts';
import { ledgerFor } from '../../lib/metrics/registry.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { tiersThresholds } from '../../thresholds/for-tiers.ts';
import { phaseThresholds, statusThresholds, thresholdsFor } from '../../thresholds/k6.ts';
import { holdTargets, targetsFor } from '../../thresholds/targets.ts';
import { CHAT, ECHO, LISTEN, SEND_ONLY } from '../lib/some-traits.ts';

const ALL: [string, Traits][] = [
  ['echo', ECHO],
  ['send-only', SEND_ONLY],
  ['listen', LISTEN],
  ['a chat', CHAT],
  ['a chat of one kind of request', { ...CHAT, kinds: CHAT.kinds.slice(0, 1) }],
  ['a chat in which nobody waits', { ...CHAT, kinds: CHAT.kinds.slice(1), awaits: false }],
  ['a feed with a login', { ...CHAT, kinds: [], awaits: false, hasReach: false }],
];
const SETTINGS = parseSettings({ WS_MAX_ROUND_TRIP: '1s', WS_MAX_DELIVERY_TIME: '1s' });
const thresholds = (traits = ECHO) => ({
  ...thresholdsFor([...targetsFor(SETTINGS, traits), ...holdTargets(SETTINGS, traits)], traits),
  ...phaseThresholds(traits),
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Names of the metrics that a run of such a conversation makes. */
function made(traits: Traits): string[] {
  const names: string[] = [];
  class Metric {
    constructor(name: string) {
      names.push(name);
    }
    add() {}
  }
  vi.stubGlobal('require', () => ({ Counter: Metric, Rate: Metric, Trend: Metric }));
  ledgerFor(traits, () => undefined);
  return names;
}

describe('the thresholds', () => {
  it.each(ALL)('of %s have a counter beside each rate and time, or nothing measured would be green', (_, traits) => {
    const all = thresholds(traits);
    const established = 'ws_connect_success: rate>0';
    // That something was sent that wants no reply proves none.
    const isMixed = traits.awaits && traits.kinds.some(({ awaits }) => !awaits);
    const proofs: Record<string, string> = {
      ws_connect_success: 'ws_connect_attempts: count>0',
      ws_ready_success: established,
      // An established one without a sample is still open, which fails by itself.
      ws_connections_held: traits.hasLogin ? 'ws_ready_success: rate>0' : established,
      ws_message_success: isMixed ? 'ws_messages_sent{awaits:true}: count>0' : 'ws_messages_sent: count>0',
      'ws_message_success{phase:hold}': `ws_messages_sent{phase:hold${isMixed ? ',awaits:true' : ''}}: count>0`,
      // That something was sent proves no round trip.
      ws_message_rtt: 'ws_message_success: rate>0',
      ws_delivery_success: 'ws_deliveries_expected: count>0',
      ws_delivery_time: 'ws_deliveries: count>0',
      ws_connect_time: established,
      ws_establish_time: established,
    };
    for (const [metric, expressions] of Object.entries(all)) {
      if (!expressions.some((expression) => /^(rate[>=]*0\.|max<|p\()/.test(expression))) continue;
      const [proof, expression] = (proofs[metric] as string).split(': ') as [string, string];
      expect(all[proof], metric).toContain(expression);
    }
  });

  it('have one that always holds for each reason, or the summary would not see it', () => {
    const all = thresholds(CHAT);
    for (const [metric, reasons] of [
      ['ws_connect_failures', CONNECT_FAILURES],
      ['ws_ready_failures', READY_FAILURES],
      ['ws_connections_dropped', DROPS],
      ['ws_message_failures', MESSAGE_FAILURES],
    ] as const) {
      for (const reason of reasons) expect(all[`${metric}{reason:${reason}}`]).toEqual(['count>=0']);
    }
  });

  it('have one that always holds for each kind of request, where there are several', () => {
    expect(thresholds(CHAT)).toMatchObject({
      'ws_messages_sent{request:history}': ['count>=0'],
      'ws_messages_sent{request:say}': ['count>=0'],
      'ws_message_success{request:history}': ['rate>=0'],
      'ws_message_rtt{request:history}': ['max>=0'],
    });
    expect(thresholds(CHAT)).not.toHaveProperty(['ws_message_rtt{request:say}']);
    expect(Object.keys(thresholds(ECHO)).join()).not.toContain('request:');
  });

  it.each(ALL)('of %s are on metrics that its run makes: k6 refuses others', (_, traits) => {
    const names = [...made(traits), METRIC.generatorMemory];
    const tiers = Object.keys(tiersThresholds(SETTINGS, traits)).filter((metric) => !metric.startsWith('ws_sessions{'));
    for (const metric of [...Object.keys(thresholds(traits)), ...tiers]) {
      expect(names).toContain(metric.replace(/\{.*/, ''));
    }
  });

  it('say nothing twice', () => {
    for (const expressions of Object.values(thresholds())) expect(new Set(expressions).size).toBe(expressions.length);
  });

  it('let k6 hand over the HTTP statuses that refuse', () => {
    expect(statusThresholds()).toMatchObject({
      'ws_sessions{status:401}': ['count>=0'],
      'ws_sessions{status:429}': ['count>=0'],
      'ws_sessions{status:503}': ['count>=0'],
    });
    expect(Object.keys(statusThresholds())).not.toContain('ws_sessions{status:101}');
  });
});
