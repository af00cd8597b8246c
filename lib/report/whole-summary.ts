/** What a field of summary.json holds. */
interface Kind {
  expected: string;
  fits(value: unknown): boolean;
}

const isCount = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (fits: Kind['fits']) => (value: unknown) => Array.isArray(value) && value.every(fits);
const isRecordOf = (fits: Kind['fits']) => (value: unknown) => isObject(value) && Object.values(value).every(fits);
const orNull = ({ expected, fits }: Kind): Kind => ({
  expected: `${expected}, or null`,
  fits: (value) => value === null || fits(value),
});
const optional = ({ expected, fits }: Kind): Kind => ({
  expected,
  fits: (value) => value === undefined || fits(value),
});

const COUNT: Kind = { expected: 'a number from 0', fits: isCount };
const TEXT: Kind = { expected: 'a text', fits: isText };
const TEXTS: Kind = { expected: 'a list of texts', fits: isListOf(isText) };
const COUNTS: Kind = { expected: 'counts by their names', fits: isRecordOf(isCount) };
const YES_NO: Kind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };
const OBJECT: Kind = { expected: 'an object', fits: isObject };
const LIST: Kind = { expected: 'a list', fits: Array.isArray };
const TIME: Kind = {
  expected: 'a time as 2026-11-26T12:00:00.000Z',
  fits: (value) => isText(value) && !Number.isNaN(Date.parse(value as string)),
};
const CHECKS: Kind = {
  expected: 'checks with passes and fails',
  fits: isRecordOf((check) => isObject(check) && isCount(check['passes']) && isCount(check['fails'])),
};
const LATENCY = orNull({
  expected: 'times in ms',
  fits: (value) =>
    isObject(value) &&
    ['avg', 'min', 'med', 'p90', 'p95', 'max'].every((stat) => isNumber(value[stat])) &&
    [value['count'], value['p99']].every((one) => one === null || isNumber(one)),
});
const TARGETS: Kind = {
  expected: 'targets with name, metric, target, actual and pass',
  fits: isListOf(
    (one) =>
      isObject(one) &&
      [one['name'], one['metric'], one['target']].every(isText) &&
      (one['actual'] === null || isNumber(one['actual'])) &&
      (one['pass'] === null || typeof one['pass'] === 'boolean') &&
      (one['samples'] === undefined || isRecordOf(isCount)(one['samples'])),
  ),
};

/** Fields by their paths. */
type Fields = Record<string, Kind>;

const BOOKS: Fields = {
  'connections.planned': COUNT,
  'connections.attempted': COUNT,
  'connections.unattempted': COUNT,
  'connections.established': COUNT,
  'connections.failed': COUNTS,
  'connections.ready': COUNT,
  'connections.notReady': COUNTS,
  'connections.closed': COUNT,
  'connections.dropped': COUNTS,
  'messages.sent': COUNT,
  'messages.answered': COUNT,
  'messages.sentOnly': COUNT,
  'messages.failed': COUNTS,
  'messages.refused': COUNTS,
  'messages.unexpected': COUNT,
  pushes: COUNTS,
  deliveries: orNull({
    expected: 'counts of deliveries',
    fits: (value) =>
      isObject(value) && ['expected', 'delivered', 'missing', 'duplicate'].every((name) => isCount(value[name])),
  }),
  balanced: YES_NO,
  differences: TEXTS,
  targets: TARGETS,
};

const SUMMARY: Fields = {
  verdict: { expected: 'pass or fail', fits: (value) => value === 'pass' || value === 'fail' },
  scenario: TEXT,
  'plan.urls': TEXTS,
  'plan.profile': TEXT,
  'plan.connections': COUNT,
  'plan.share': COUNT,
  'plan.segment': orNull(TEXT),
  'plan.batchSize': COUNT,
  'plan.batchDelayMs': COUNT,
  'plan.holdMs': COUNT,
  'plan.conversation': TEXT,
  'plan.users': orNull(COUNT),
  'plan.totalMs': COUNT,
  endedAt: optional(TIME),
  durationMs: COUNT,
  ...BOOKS,
  details: COUNTS,
  scriptErrors: COUNTS,
  unexpectedFrames: COUNTS,
  hints: TEXTS,
  unproved: optional(TEXTS),
  checks: CHECKS,
  'latencyMs.connect': LATENCY,
  'latencyMs.establish': LATENCY,
  'latencyMs.ready': LATENCY,
  'latencyMs.roundTrip': LATENCY,
  'latencyMs.response': LATENCY,
  'latencyMs.firstReply': LATENCY,
  'latencyMs.delivery': LATENCY,
  'generator.memoryBytes': orNull(COUNT),
  'generator.lagMs': LATENCY,
  'generator.busy': LATENCY,
  'generator.limits': TEXTS,
  tiers: optional(LIST),
  arrivals: optional({
    expected: 'arrivals with dropped, vus and rates',
    fits: isRecordOf(isCount),
  }),
  capacity: optional(OBJECT),
  reconnect: optional(OBJECT),
};

const TIER: Fields = { tier: COUNT, ...BOOKS };

const CAPACITY: Fields = { steps: LIST };

const STEP: Fields = {
  connections: COUNT,
  planned: COUNT,
  established: COUNT,
  ready: COUNT,
  open: COUNT,
  targets: TARGETS,
  roundTripMs: LATENCY,
  connectMs: LATENCY,
  lagMs: LATENCY,
  limits: TEXTS,
};

const RECONNECT: Fields = {
  'clients.planned': COUNT,
  'clients.unattempted': COUNT,
  'clients.connected': COUNT,
  'clients.up': COUNT,
  'clients.down': COUNTS,
  'clients.givenUp': COUNT,
  attemptsAgain: COUNT,
  'outages.drops': COUNT,
  'outages.recovered': COUNT,
  'outages.open': COUNT,
  events: LIST,
  singleDrops: COUNT,
  downMs: LATENCY,
  attemptsPerRecovery: LATENCY,
  bySecond: OBJECT,
  availability: orNull(COUNT),
  withheld: COUNT,
};

/**
 * What is wrong with a summary that was read from a file, a text for each field, as `connections.failed is missing, expected
 * counts by their names`; empty when what merges, compares and shows it can rely on it.
 */
export function summaryProblems(summary: unknown): string[] {
  const problems = fieldProblems(summary, SUMMARY);
  if (problems.length > 0) return problems;
  const { tiers = [], capacity, reconnect } = summary as Record<'tiers' | 'capacity' | 'reconnect', unknown>;
  const steps = isObject(capacity) && Array.isArray(capacity['steps']) ? capacity['steps'] : [];
  return [
    ...(tiers as unknown[]).flatMap((tier, i) => fieldProblems(tier, TIER, `tiers[${i}].`)),
    ...(capacity === undefined ? [] : fieldProblems(capacity, CAPACITY, 'capacity.')),
    ...steps.flatMap((step, i) => fieldProblems(step, STEP, `capacity.steps[${i}].`)),
    ...(reconnect === undefined ? [] : fieldProblems(reconnect, RECONNECT, 'reconnect.')),
  ];
}

function fieldProblems(whole: unknown, fields: Fields, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([path, { expected, fits }]) => {
    const value = path.split('.').reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), whole);
    if (fits(value)) return [];
    return [`${prefix}${path} is ${value === undefined ? 'missing' : shown(value)}, expected ${expected}`];
  });
}

/** Long ones are cut. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
