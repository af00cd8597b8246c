// Breaks the product in one line at a time, in a copy, and runs the unit tests that cover it: each break must make one
// of them fail. Prints the survivors. Not part of `npm test`: it takes minutes. `npm run mutation`, or with a part of a
// path or a find text to try only some: `npm run mutation -- judge`.
//
// Exit codes: 0 all breaks were noticed; 1 some survived, or a break no longer fits the code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const COPIED = ['lib', 'thresholds', 'tests', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'README.md'];
/** A break can make an endless loop: that is noticed, too. */
const LIMIT_MS = 60_000;

/**
 * By file: what is replaced by what. The text is there exactly once.
 *
 * @type {Record<string, [find: string, replace: string][]>}
 */
const BREAKS = {
  'lib/connection/course.ts': [
    ['ledger.connectAttempts(count)', 'ledger.connectAttempts(2 * count)'],
    ['ledger.connectsUnattempted(-count);', ''],
    ['const lag = now - startedAt - offset;', 'const lag = now - startedAt;'],
    ['index % LAG_STEP === 0 || run.batchSize', 'run.batchSize'],
    ['firstAt += (run.sendStepMs -', 'firstAt += 0 * (run.sendStepMs -'],
    ['unreadBytes > MAX_LATE_BYTES && ', 'false && '],
    ['now - begunAt > run.handshakeTimeoutMs', 'now - begunAt >= run.handshakeTimeoutMs'],
    ['ledger.establishTime(now - startedAt)', 'ledger.establishTime(now - begunAt)'],
    ['random() * messageIntervalMs', '0'],
    ['sendAt < closeAt) {', 'sendAt <= closeAt) {'],
    ['messagesPending(connection[Field.pendingChange]);', ''],
    ['unreadBytes > MAX_UNREAD_BYTES / 4 && ', 'false && '],
    ['messagesSent(1);', ''],
    ['ledger.connectionsHeld(true);', ''],
    ['generatorLag(now - sendAt)', 'generatorLag(0)'],
    ['(sequence + connection[Field.index]) % lagStep', 'sequence % lagStep'],
    ['every > LAG_STEP ? every - (every % 1) + 1 : LAG_STEP', 'LAG_STEP'],
    ['|| now - sendAt >= STALL_MS', ''],
    ['= unreadBytes + messageSize', '= unreadBytes'],
    ['sendAt += messageIntervalMs', 'sendAt = now + messageIntervalMs'],
    ['connection[Field.later].push({ sequence, text,', 'connection[Field.later].unshift({ sequence, text,'],
    ["if ((connection[Field.state] as string) !== 'open') return 0;", ''],
    ["connection[Field.state] = 'draining';", ''],
    ['now - sentAt > messageTimeoutMs', 'now - sentAt > 2 * messageTimeoutMs'],
    ['connection[Field.strays] > 0 ||', ''],
    ['connection[Field.later] !== null ||', ''],
    ['connection[Field.unreadBytes] = 0;', ''],
    ['at > intendedAt ? at - intendedAt : 0', 'at - sentAt'],
    ['at > sentAt ? at - sentAt : 0', 'at - sentAt'],
    ['frame, event === undefined ? now : event.timestamp', 'frame, now'],
    ['const at = event === undefined ? now : event.timestamp;', 'const at = now;'],
  ],
  'lib/connection/exceptions.ts': [
    ["if (connection[Field.state] === 'connecting') {\n    const { ledger }", 'if (true) {\n    const { ledger }'],
    ['ledger.connectFailures(1, { reason });', 'ledger.connectFailures(1, { reason: "other" });'],
    [
      "if (connection[Field.state] !== 'open' && connection[Field.state] !== 'draining') return;\n  expire(connection, now);",
      'expire(connection, now);',
    ],
    [' return;\n  expire(connection, now);', ' return;'],
    ['ledger.connectionsHeld(false);', ''],
    ['ledger.connectionsHeld(true);', ''],
    ["messageFailed(connection, 'lost')", "messageFailed(connection, 'timeout')"],
    ["'lost');\n  settleStrays(connection);", "'lost');"],
    ['const isCut = isLate && ', 'const isCut = '],
    ['isCut ? ', 'false ? '],
    ['if (now <= deadline) return deadline + 1;', 'if (now < deadline) return deadline + 1;'],
    ["connection[Field.state] = 'late';", ''],
    ["connection[Field.strays] > 0 ? 'mismatch' : 'timeout'", "'timeout'"],
    ['if (connection[Field.strays] > 0) connection[Field.strays] -= 1;', ''],
    ['if (connection[Field.oldestText] === null) settleStrays(connection);\n}', '}'],
    [
      "messageFailed(connection, 'timeout');\n      ledger.messageUnexpected(1);",
      "messageFailed(connection, 'timeout');",
    ],
    ['now - message.sentAt > run.messageTimeoutMs', 'false'],
    ['sequence >= connection[Field.sequence]', 'false'],
    ["if (connection[Field.state] === 'draining') close(connection);", ''],
    ['ledger.messageSuccess(false);', ''],
    ['message.sequence + 1);', 'connection[Field.sequence]);'],
    ['connection[Field.pingedAt] = 0;', ''],
    ['Math.min(connection[Field.unreadBytes], after)', 'after'],
    ['connection[Field.strays] = 0;', ''],
    ['connection[Field.oldestSentAt] = next.sentAt;', ''],
    ['connection[Field.oldestIntendedAt] = next.intendedAt;', ''],
    ['connection[Field.oldestSequence] = next.sequence;', ''],
    ['if (later.length === 0) connection[Field.later] = null;', ''],
    ['if (connection[Field.later]?.length === 0) connection[Field.later] = null;', ''],
  ],
  'lib/connection/agenda.ts': [
    ['next > 0 && next <= turn ? turn + 1 : next;', 'next;'],
    ['> at) high = middle;', '>= at) high = middle;'],
    ['head - 1] as number) <= at) {', 'head - 1] as number) <= Infinity) {'],
    ['head = head + 1 === length ? 0 : head + 1;', 'head += 1;'],
    ['alarmAt = ring(turn);', 'ring(turn);'],
    ['if (entries[head] !== entry) continue;', ''],
    ['times[head] = 0;', ''],
    ['(head + middle) % length', 'middle'],
    ['position -= length;', ''],
    ['      head += 1;\n    }\n    entries', '    }\n    entries'],
    ['if (position < head) head -= 1;', ''],
    ['if (head === times.length) head = 0;', ''],
    ['first > 0 && (alarmAt === 0 || first < alarmAt) ? first : alarmAt', 'first > 0 ? first : alarmAt'],
    ['entries.splice(position, 1);', 'entries.splice(position, 0);'],
    ['clearTimeout(timer);', ';'],
    ['else if (entries.length === 0 && alarmAt === 0) arm(clock());', 'else if (alarmAt === 0) arm(clock());'],
    ['entries.length === 0 && alarmAt === 0', 'entries.length === 0'],
  ],
  'lib/protocol/echo.ts': [
    ['return sequence >= 0 ? sequence : STRAY;', 'return sequence;'],
    ['FIRST_ID + connection}-`', 'FIRST_ID + connection}`'],
  ],
  'lib/generator/memory.ts': [
    ['k6.sleep(run.leadMs / 1_000);', ''],
    ['Math.max(COLLECT_INTERVAL_MS, COLLECT_PAUSE * (Date.now() - askedAt))', 'COLLECT_INTERVAL_MS'],
    ['Math.max(COLLECT_INTERVAL_MS, ', 'Math.max(0, '],
    [' && elapsedMs < run.closeMs', ''],
    ['collects || elapsedMs', 'elapsedMs'],
    ['run.rampMs + SETTLE_MS', 'run.rampMs'],
    ["if (!get('/v1/status')", "if (false && !get('/v1/status')"],
    ["? '&gc=1' : ''", "? '' : ''"],
  ],
  'lib/generator/watch-tiers.ts': [
    ['const ownEndMs = leadMs + endMs;', 'const ownEndMs = endMs;'],
    ['{ tier: String(connections) }', '{ tier: String(0) }'],
    ['if (rest > 0) k6.sleep(rest / 1000);', ''],
  ],
  'lib/report/account.ts': [
    ['if (cut < 0) differences', 'if (cut < -1) differences'],
    ['cut !== counter && !wasCut', 'false'],
    ['unattempted > 0 || cutConnects > 0', 'cutConnects > 0'],
    ['addInterrupted(dropped, cutConnections);', ''],
    ["(counts['interrupted'] ?? 0) + cut", 'cut + 1'],
    ['balanced: differences.length === 0', 'balanced: true'],
    ["judge('messages', cutMessages, figure(data, 'ws_messages_pending'));", ''],
    ['Math.max(0, unattempted)', 'unattempted'],
  ],
  'lib/report/judge.ts': [
    ['isEmpty ? null', 'false ? null'],
    ["metric.values['passes'] === 0 &&", 'false &&'],
    ["target.stat === 'count' ? 0 : null", 'null'],
    ["target.stat === 'count' ? 0 : null", '0'],
    ['hasSamples ? measured : null', 'measured'],
    ['target.samples === null ? null : false', 'true'],
    ["figure(data, metric, 'passes') > 0", 'true'],
    ['judged ? judged.ok', 'false ? false'],
    ['return actual > limit;', 'return actual >= limit;'],
    ['return actual < limit;', 'return actual <= limit;'],
    ['Math.floor(value * scale + 1e-9)', 'Math.round(value * scale)'],
  ],
  'lib/report/generator.ts': [
    ['lag.p95 > LAG_LIMIT_MS', 'lag.p95 > 10 * LAG_LIMIT_MS'],
    ['lag.max >= STALL_LIMIT_MS', 'lag.max > STALL_LIMIT_MS'],
    ["failed['files_exhausted'] ?? 0", "failed['ports_exhausted'] ?? 0"],
    ['target.pass === false)', 'target.pass !== true)'],
  ],
  'lib/report/statuses.ts': [
    ["status < 500 ? 'http_4xx' : 'http_5xx'", "'http_4xx'"],
    ['?? 0) - count;\n', '?? 0);\n'],
    ["delete failed['bad_handshake'];", ';'],
    ['untold -= count;', ''],
    ['refusals > told &&', ''],
    ['refusals - told', 'refusals'],
  ],
  'lib/report/summarize.ts': [
    ['|| !account.balanced', ''],
    ['settings.urls.map(publicUrl)', 'settings.urls'],
    ['memory > 0 ? memory : null', 'memory'],
    ["if (!values?.['count']) return null;", 'if (!values) return null;'],
    ['target.pass === false) ||', 'target.pass === null) ||'],
    ['accountOf(data, share.connections)', 'accountOf(data, settings.connections)'],
  ],
  'lib/report/text.ts': [
    ['wrap(plan, 78)', 'wrap(plan, 80)'],
    ["whole - (failures['interrupted'] ?? 0)", 'whole'],
    ['if (over < 5_000) return [];', 'if (over <= 5_000) return [];'],
    ['|| pass === false);', ');'],
    ['target.pass === null).map', 'target.pass === true).map'],
    ['.sort((a, b) => b[1] - a[1])', ''],
    ['kept < messages.replied', 'kept > messages.replied'],
    ["paint(passed ? ' PASS '", "paint(true ? ' PASS '"],
  ],
  'lib/report/files.ts': [
    ['data.options?.noColor !== true && ', ''],
    ['if (resultsDir !== null) {', 'if (true) {'],
  ],
  'lib/report/terminal.ts': [
    ["cell.replace(ESCAPES, '').length", 'cell.length'],
    ['line.length + 1 + word.length > width', 'line.length + word.length > width'],
  ],
  'lib/plan/segment.ts': [
    ['b.share - a.share ||', ''],
    ['index >= (taken', 'index > (taken'],
    ['last.numerator !== last.denominator', 'false'],
    ['Math.min(perVu, total - vu * perVu)', 'perVu'],
  ],
  'lib/plan/options.ts': [
    ["{ duration: '0s', target }, ", ''],
    ['totalMs - holdEndMs + graceMs', 'graceMs'],
    ["'status', ", "'status', 'url', "],
    ["'status', ", "'status', 'subproto', "],
    ['startTime: `', 'gracefulStop: `'],
    ['leadMs: WATCH_LEAD_MS', 'leadMs: 0'],
  ],
  'lib/plan/begin.ts': [
    ['if (missing.length === 0) return;', ''],
    ['!given.includes(stat)', 'given.includes(stat)'],
    ['if (unused.length > 0) ', ''],
  ],
  'lib/plan/run.ts': [
    ['.includes(publicUrl(url));', '.length > 0;'],
    ['Object.keys(headers).length === 0 && ', ''],
    ['urls.length === 1 && ', ''],
    ['intervalMs % step !== 0', 'false'],
  ],
  'lib/settings/parse.ts': [
    ["setting.secret ? '", "false ? '"],
    ['if (contradiction) problems.push(contradiction);', ''],
    ['values[key] ??= sizes?.[key];', 'values[key] = sizes?.[key];'],
    [' || known.includes(name.toUpperCase())', ''],
    [' || notWith?.includes(protocol)', ''],
    ['.filter((setting) => givenText(setting, env) !== null)', ''],
    ['settings.urls?.length > settings.connections', 'false'],
    ['settings.urls?.length > settings.connections', 'settings.urls?.length >= settings.connections'],
  ],
  'lib/settings/url.ts': [
    ["parts.userInfo !== '') {", 'false) {'],
    ["parts.query === '' ? '' : '?…'", 'parts.query'],
    ['parts.isIpv6Literal && !isIpv6(parts.host)', 'false'],
    ['halves.length === 2 && groups.length < 8', 'groups.length < 8'],
    ['groups.length === 8', 'groups.length >= 8'],
    ['(?![0-9a-f]{2})/i', '(?![0-9a-f]{2})/'],
  ],
  'thresholds/k6.ts': [
    ['if (target.samples !== null) add(', 'if (false) add('],
    ['for (const reason of DROPS)', 'for (const reason of [] as string[])'],
  ],
  'thresholds/tiers.ts': [
    ['connections <= candidate.connections', 'connections < candidate.connections'],
    ['largest.maxMemoryBytes * factor', 'largest.maxMemoryBytes'],
  ],
};

/** The unit tests of a file are in the folder of the same name. */
function testsOf(file) {
  const folder = `tests/${path.posix.dirname(file)}`;
  // The state machine's own tests and the protocols' cover each other.
  return file.startsWith('lib/protocol') ? [folder, 'tests/lib/connection/course.test.ts'] : [folder];
}

function makeCopy() {
  const copy = mkdtempSync(path.join(tmpdir(), 'mutation-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}

/** Whether the tests pass; a run that does not end does not. */
async function passes(copy, tests) {
  const vitest = path.join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'unit', '--bail', '1', ...tests], {
    cwd: copy,
    // In CI a golden file is compared and never written.
    env: { ...process.env, CI: '1' },
    stdio: 'ignore',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [code] = await once(child, 'close');
  return code === 0;
}

const wanted = process.argv[2] ?? '';
const jobs = Object.entries(BREAKS)
  .flatMap(([file, breaks]) => breaks.map(([find, replace]) => ({ file, find, replace })))
  .filter(({ file, find }) => file.includes(wanted) || find.includes(wanted));
if (jobs.length === 0) throw new Error(`no break has "${wanted}" in its file or code`);
const survivors = [];
const stale = [];
const copy = makeCopy();
try {
  for (const tests of new Set(jobs.map(({ file }) => testsOf(file).join(' ')))) {
    if (!(await passes(copy, tests.split(' ')))) throw new Error(`${tests} fail without any break`);
  }
  for (const [i, { file, find, replace }] of jobs.entries()) {
    const target = path.join(copy, file);
    const code = readFileSync(target, 'utf8');
    const name = `${file}: ${JSON.stringify(find)} -> ${JSON.stringify(replace)}`;
    if (code.split(find).length !== 2) {
      stale.push(name);
      continue;
    }
    writeFileSync(
      target,
      code.replace(find, () => replace),
    );
    const survived = await passes(copy, testsOf(file));
    writeFileSync(target, code);
    if (survived) survivors.push(name);
    console.log(`${i + 1}/${jobs.length} ${survived ? 'SURVIVED' : 'noticed '} ${name}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
for (const name of survivors) console.log(`SURVIVED ${name}`);
for (const name of stale) console.log(`NOT THERE ONCE ${name}`);
console.log(`${jobs.length} breaks, ${survivors.length} survived, ${stale.length} no longer fit the code`);
process.exitCode = survivors.length + stale.length > 0 ? 1 : 0;
