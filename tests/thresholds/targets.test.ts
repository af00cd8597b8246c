import { describe, expect, it } from 'vitest';
import { thresholdOf } from '../../lib/report/target.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { balanceTargets, guideTargets, holdTargets, memoryTarget, targetsFor } from '../../thresholds/targets.ts';
import { CHAT, ECHO, LISTEN, SEND_ONLY } from '../lib/some-traits.ts';

const targets = (env: Record<string, string>, traits = ECHO) =>
  targetsFor(parseSettings(env), traits).map((target) => `${target.metric}: ${thresholdOf(target)}`);

const BALANCE = [
  'ws_connects_unattempted: count==0',
  'ws_connects_pending: count==0',
  'ws_connections_open: count==0',
  'ws_messages_pending: count==0',
  'ws_script_errors: count==0',
];

describe('the targets', () => {
  it('of a run are those of its tier, then memory, then the balance', () => {
    expect(targets({ WS_PROFILE: 'development' })).toEqual([
      'ws_connect_success: rate>0.95',
      'ws_connections_held: rate>0.95',
      'ws_message_success: rate>0.9',
      'ws_connect_time: max<10000',
      'ws_establish_time: max<5000',
      'generator_memory: value<500000000',
      ...BALANCE,
    ]);
  });

  it('are the user’s where the user sets them', () => {
    expect(
      targets({
        WS_MIN_CONNECT_SUCCESS: '99%',
        WS_MIN_HELD: '70%',
        WS_MIN_MESSAGE_SUCCESS: '0.5',
        WS_MAX_CONNECT_TIME: '1s',
        WS_MAX_ESTABLISH_TIME: '1m',
        WS_MAX_MEMORY: '50MB',
      }),
    ).toEqual([
      'ws_connect_success: rate>0.99',
      'ws_connections_held: rate>0.7',
      'ws_message_success: rate>0.5',
      'ws_connect_time: max<1000',
      'ws_establish_time: max<60000',
      'generator_memory: value<50000000',
      ...BALANCE,
    ]);
  });

  it('of all or none can be met: more than 100 % could not', () => {
    expect(targets({ WS_MIN_CONNECT_SUCCESS: '1', WS_MIN_MESSAGE_SUCCESS: '0' })).toEqual(
      expect.arrayContaining(['ws_connect_success: rate>=1', 'ws_message_success: rate>=0']),
    );
  });

  it('ask for as many connections to be held as to be established, where nothing else is set', () => {
    expect(targets({ WS_MIN_CONNECT_SUCCESS: '0.5' })).toContain('ws_connections_held: rate>0.5');
    expect(targets({ WS_CONNECTIONS: '5000' })).toContain('ws_connections_held: rate>0.9');
  });

  it('of messages are asked for only where replies are awaited; of what is only sent, that it was', () => {
    const of = (traits: typeof ECHO) => targets({ WS_MAX_ROUND_TRIP: '1s' }, traits).join(' ');
    expect(of(ECHO)).toContain('ws_message_success: rate>0.9 ws_message_rtt: p(95)<1000');
    expect(of(SEND_ONLY)).toContain('ws_messages_sent: count>0');
    expect(of(SEND_ONLY)).not.toMatch(/ws_message_|ws_messages_pending/);
    expect(of(LISTEN)).not.toContain('ws_message');
  });

  it('of a login and of deliveries are asked for where the conversation has them', () => {
    const user = { WS_MIN_READY: '0.7', WS_MIN_DELIVERY: '95%', WS_MAX_DELIVERY_TIME: '2s' };
    expect(targets(user, CHAT)).toEqual(
      expect.arrayContaining([
        'ws_ready_success: rate>0.7',
        'ws_ready_pending: count==0',
        // Of d delivered and e expected k6 judges d / (d + e), with 0.05 % less for what a VU can have left.
        'ws_delivery_success: rate>=0.487048',
        'ws_delivery_time: p(95)<2000',
      ]),
    );
    expect(targets({}, CHAT)).toContain('ws_ready_success: rate>0.8');
    expect(targets({}, CHAT).join()).not.toMatch(/ws_delivery_time|ws_message_rtt/);
    expect(targets(user, ECHO).join()).not.toMatch(/ready|deliver/);
  });

  it('that all be delivered can be met by all', () => {
    const all = targets({ WS_MIN_DELIVERY: '1' }, CHAT).find((target) => target.startsWith('ws_delivery_success'));
    const limit = Number(/>=(.*)$/.exec(all as string)?.[1]);
    expect(limit).toBeLessThan(0.5);
    expect(limit).toBeGreaterThan(0.4998);
  });

  it('each name what proves their samples, memory alone can be missing', () => {
    for (const target of [ECHO, SEND_ONLY, LISTEN, CHAT].flatMap((traits) => targetsFor(parseSettings({}), traits))) {
      if (target.metric === 'generator_memory') expect(target.samples).toBeNull();
      else
        expect(target.samples, target.name).toMatch(
          /^ws_(connect_attempts|messages_sent|messages_sent\{awaits:true\}|connect_success|ready_success|deliveries_expected|deliveries)$/,
        );
    }
  });

  it('of the hold by itself are asked for where each connection sends in it, and wants a reply', () => {
    const of = (hold: string, traits = ECHO) =>
      holdTargets(parseSettings({ WS_HOLD: hold, WS_MESSAGE_INTERVAL: '2s', WS_MESSAGE_TIMEOUT: '3s' }), traits).length;
    expect([of('2s'), of('1999ms'), of('2s', SEND_ONLY)]).toEqual([1, 0, 0]);
  });

  it('of a part of the run are on the samples of that part, their proof too', () => {
    const settings = parseSettings({});
    for (const target of [...guideTargets(settings, CHAT, '{tier:1}', 1_000), ...balanceTargets(CHAT, '{tier:1}')]) {
      expect(target.metric).toMatch(/\{tier:1\}$/);
      expect(target.samples).toMatch(/\{tier:1(,awaits:true)?\}$/);
    }
    expect(guideTargets(settings, ECHO, '', 1_000)[0]?.limit).toBe(0.95);
    expect(memoryTarget(settings, 1_000).limit).toBe(500e6);
  });
});
