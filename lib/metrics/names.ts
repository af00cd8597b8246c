/**
 * The names of the metrics, the contract with everything that reads them: thresholds, the report, the live
 * dashboard, Prometheus. What each means is in docs/metrics.md.
 */
export const METRIC = {
  connectAttempts: 'ws_connect_attempts',
  connectSuccess: 'ws_connect_success',
  connectFailures: 'ws_connect_failures',
  connectTime: 'ws_connect_time',
  establishTime: 'ws_establish_time',
  connectsUnattempted: 'ws_connects_unattempted',
  connectsPending: 'ws_connects_pending',
  connectionsOpen: 'ws_connections_open',
  connectionsClosed: 'ws_connections_closed',
  connectionsDropped: 'ws_connections_dropped',
  connectionsHeld: 'ws_connections_held',
  readySuccess: 'ws_ready_success',
  readyTime: 'ws_ready_time',
  readyFailures: 'ws_ready_failures',
  readyPending: 'ws_ready_pending',
  messagesSent: 'ws_messages_sent',
  messagesPending: 'ws_messages_pending',
  messageSuccess: 'ws_message_success',
  messageFailures: 'ws_message_failures',
  messageUnexpected: 'ws_message_unexpected',
  messageRtt: 'ws_message_rtt',
  messageResponse: 'ws_message_response_time',
  messageFirstReply: 'ws_message_first_reply',
  pushes: 'ws_pushes',
  deliveriesExpected: 'ws_deliveries_expected',
  deliveries: 'ws_deliveries',
  deliveriesDuplicate: 'ws_deliveries_duplicate',
  deliverySuccess: 'ws_delivery_success',
  deliveryTime: 'ws_delivery_time',
  scriptErrors: 'ws_script_errors',
  generatorMemory: 'generator_memory',
  generatorLag: 'generator_lag',
  generatorBusy: 'generator_busy',
  connectionsNow: 'ws_connections_now',
  connectionsDue: 'ws_connections_due',
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];
