import { describe, expect, it } from 'vitest';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES } from '../../lib/connection/outcome.ts';
import { METRIC } from '../../lib/metrics/names.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { statusThresholds, thresholdsFor } from '../../thresholds/k6.ts';
import { targetsFor } from '../../thresholds/targets.ts';

const PROTOCOLS = ['echo', 'any-reply', 'send-only', 'listen'];
const thresholds = (protocol = 'echo') => thresholdsFor(targetsFor(parseSettings({ WS_PROTOCOL: protocol })));

describe('the thresholds', () => {
  it.each(PROTOCOLS)(
    'of %s have a counter beside each rate and time, or nothing measured would be green',
    (protocol) => {
      const all = thresholds(protocol);
      const proofs: Record<string, string> = {
        ws_connect_success: 'ws_connect_attempts: count>0',
        // An established one without a sample is still open, which fails by itself.
        ws_connections_held: 'ws_connect_success: rate>0',
        ws_message_success: 'ws_messages_sent: count>0',
        ws_connect_time: 'ws_connect_success: rate>0',
        ws_establish_time: 'ws_connect_success: rate>0',
      };
      for (const [metric, expressions] of Object.entries(all)) {
        if (!expressions.some((expression) => /^(rate[>=]*0\.|max)/.test(expression))) continue;
        const [proof, expression] = (proofs[metric] as string).split(': ') as [string, string];
        expect(all[proof], metric).toContain(expression);
      }
    },
  );

  it('have one that always holds for each reason, or the summary would not see it', () => {
    const all = thresholds();
    for (const reason of CONNECT_FAILURES) expect(all[`ws_connect_failures{reason:${reason}}`]).toEqual(['count>=0']);
    for (const reason of DROPS) expect(all[`ws_connections_dropped{reason:${reason}}`]).toEqual(['count>=0']);
    for (const reason of MESSAGE_FAILURES) expect(all[`ws_message_failures{reason:${reason}}`]).toEqual(['count>=0']);
  });

  it('are on metrics that exist', () => {
    const names = Object.values(METRIC) as string[];
    for (const metric of Object.keys(thresholds())) expect(names).toContain(metric.replace(/\{.*/, ''));
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
