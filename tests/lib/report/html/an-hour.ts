import { aRecording, aTrend, type MadeMetric, secondsTo } from './a-recording.ts';

const counter = (at: (second: number) => number): MadeMetric => ({ type: 'counter', at: (s) => [at(s), 0] });
const gauge = (at: (second: number) => number): MadeMetric => ({ type: 'gauge', at: (s) => [at(s)] });
const trend = (least: number): MadeMetric => ({
  type: 'trend',
  at: (s) => aTrend(least * (1 + Math.abs(Math.sin(s * 12.9898) * 3)) + (s === 2_400 ? 400 : 0)),
});

/** The recording of an hour with 50,000 connections, an outage in its middle, and every series that there can be. */
export function anHour(): string {
  const outage = (s: number) => Math.min(500, Math.max(0, s - 1_800) * 100);
  const back = (s: number) => Math.min(500, Math.max(0, s - 1_810) * 12);
  return aRecording(
    {
      ws_connect_attempts: counter((s) => Math.min(50_000, s * 100)),
      ws_connect_failures: counter((s) => (s > 200 ? 90 : 0)),
      'ws_connect_failures{reason:refused}': counter((s) => (s > 200 ? 60 : 0)),
      'ws_connect_failures{reason:http_5xx}': counter((s) => (s > 300 ? 30 : 0)),
      'ws_connections_dropped{reason:reset}': counter(outage),
      ws_connect_time: { ...trend(12), at: (s) => (s < 500 ? trend(12).at(s) : null) },
      ws_ready_time: { ...trend(30), at: (s) => (s < 500 ? trend(30).at(s) : null) },
      ws_connections_now: gauge((s) => Math.min(49_910, s * 100) - outage(s) + back(s)),
      ws_connections_due: gauge((s) => Math.min(50_000, s * 100 + 200)),
      ws_message_rtt: trend(4),
      ws_message_response_time: trend(5),
      ws_messages_sent: counter((s) => s * 9_000 + Math.round(Math.sin(s) * 400)),
      'ws_message_failures{reason:lost}': counter(outage),
      ws_deliveries: counter((s) => s * 40_000),
      ws_delivery_time: trend(7),
      ws_outages: counter(outage),
      ws_outages_open: counter((s) => outage(s) - back(s)),
      ws_clients_ready: counter((s) => Math.min(49_910, s * 100) - outage(s) + back(s)),
      ws_reconnect_attempts: counter((s) => back(s) * 2),
      generator_memory: gauge((s) => 3.8e9 * (1 - Math.exp(-s / 300))),
      ws_target_memory: gauge((s) => 2e9 + s * 4e5),
      ws_target_cpu: gauge((s) => 2.6 + 0.8 * Math.sin(s / 200)),
      k6_cpu: gauge((s) => 1.4 + 0.2 * Math.sin(s / 70)),
      host_cpu: gauge((s) => 0.45 + 0.1 * Math.sin(s / 90)),
      generator_lag: trend(1),
      generator_busy: { type: 'trend', at: (s) => aTrend(0.02 + 0.01 * Math.abs(Math.sin(s))) },
    },
    secondsTo(3_600, 2),
  );
}
