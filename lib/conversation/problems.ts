import type { Conversation, Request } from './conversation.ts';

const CALLBACKS = ['handshake', 'begin', 'opened', 'received', 'goodbye', 'closed'] as const;
const OF_A_REQUEST = ['frames', 'reply', 'weight', 'timeoutMs', 'reach'] as const;
const EXAMPLE = 'export default { received(session, frame) { session.pushed("frame") } }';

/** Everything that makes this no conversation, a sentence each; empty when it is one. */
export function problemsOf(given: unknown): string[] {
  if (typeof given !== 'object' || given === null) {
    return [
      `the default export is ${given === null ? 'null' : typeof given}, expected a conversation, or a function that returns one: ${EXAMPLE}`,
    ];
  }
  const conversation = given as Record<string, unknown>;
  const problems: string[] = [];
  // What a module exports by name, or that it exports nothing at all.
  const named = Object.keys(conversation).find(
    (key) => key !== 'requests' && Object(conversation[key]).received !== undefined,
  );
  if (named !== undefined)
    return [`${named} is exported by its name, expected the default export: export default ${named}`];
  if (typeof conversation['then'] === 'function') {
    return [`the default export, or what it returned, is a promise, expected a conversation at once: ${EXAMPLE}`];
  }
  if (Object.keys(conversation).length === 0) {
    const isInstance = conversation['received'] !== undefined;
    return [
      isInstance
        ? `the default export is an instance of a class, expected a plain object: ${EXAMPLE}`
        : `nothing is exported, expected ${EXAMPLE}`,
    ];
  }
  const unknown = Object.keys(conversation).filter((key) => key !== 'requests' && !CALLBACKS.includes(key as never));
  for (const key of unknown)
    problems.push(`${key} is not part of a conversation: expected ${CALLBACKS.join(', ')} or requests`);
  for (const key of CALLBACKS) {
    const isMissing = conversation[key] === undefined;
    if (isMissing && key === 'received') problems.push(`received is missing: ${EXAMPLE}`);
    if (!isMissing && typeof conversation[key] !== 'function')
      problems.push(`${key} is ${typeof conversation[key]}, expected a function`);
    if (isLater(conversation[key])) problems.push(laterText(key));
  }
  const { requests } = given as Conversation<unknown>;
  if (requests === undefined) return problems;
  const entries = Array.isArray(requests) ? [] : Object.entries(Object(requests) as NonNullable<typeof requests>);
  // A Map has none, either.
  if (entries.length === 0) {
    return [
      ...problems,
      'requests names no kind of request, expected an object: { chat: { frames: (session, n) => … } }',
    ];
  }
  const total = entries.reduce((sum, [, request]) => sum + (request?.weight ?? 1), 0);
  if (!(total > 0)) problems.push('requests: at least one weight has to be above 0');
  return [...problems, ...entries.flatMap(([name, request]) => requestProblems(name, request))];
}

function requestProblems(name: string, request: Request<unknown>): string[] {
  const at = `requests.${name}`;
  if (typeof request?.frames !== 'function')
    return [
      `${at}.frames is ${typeof request?.frames}, expected a function (session, n) => frame`,
      ...unknownIn(request, at),
    ];
  if (isLater(request.frames)) return [laterText(`${at}.frames`)];
  const { weight = 1, reply = 'answered', timeoutMs = 1, reach = 1 } = request;
  const problems = unknownIn(request, at);
  if (!/^[\w.-]{1,40}$/.test(name))
    problems.push(`${at}: expected a name of letters, digits, _, - and ., at most 40 of them`);
  // Text is no number: it would be put behind one where both are added.
  if (!(Number.isFinite(weight) && weight >= 0))
    problems.push(`${at}.weight is ${shown(weight)}, expected a number from 0 on`);
  if (!['answered', 'first', 'none'].includes(reply))
    problems.push(`${at}.reply is ${String(reply)}, expected answered, first or none`);
  if (!(Number.isFinite(timeoutMs) && timeoutMs >= 1 && timeoutMs <= 600_000))
    problems.push(`${at}.timeoutMs is ${shown(timeoutMs)}, expected a number from 1 to 600000`);
  if (typeof reach !== 'function' && !(Number.isInteger(reach) && reach >= 0)) {
    problems.push(`${at}.reach is ${shown(reach)}, expected a whole number of connections or a function`);
  }
  return problems;
}

function unknownIn(request: unknown, at: string): string[] {
  return Object.keys(Object(request))
    .filter((key) => !OF_A_REQUEST.includes(key as never))
    .map((key) => `${at}.${key} is not part of a request: expected ${OF_A_REQUEST.join(', ')}`);
}

/**
 * Whether it is an async function or a generator: nobody would wait for what comes of it, or see what it throws. k6's
 * engine tells an async method by its text alone.
 */
function isLater(given: unknown): boolean {
  if (typeof given !== 'function') return false;
  return /^\[object (Async|Generator)/.test(Object.prototype.toString.call(given)) || /^async\b/.test(String(given));
}

function laterText(what: string): string {
  return `${what} is async or a generator, expected a function that does all at once: use after() for what comes later, and http of k6 in handshake() for a token`;
}

/** Text in quotes, so that '500' does not read as a number. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
