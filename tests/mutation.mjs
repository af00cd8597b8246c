// Breaks the product in one line at a time, in a copy, and runs the unit tests that cover it: each break must make one
// of them fail. Prints the survivors. Not part of `npm test`: it takes minutes. `npm run mutation`, or with a part of a
// path or a find text to try only some: `npm run mutation -- judge`.
//
// Exit codes: 0 all breaks were noticed; 1 some survived, or a break no longer fits the code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  'lib/connection/opening.ts': [
    ['ledger.attempts.attempts(count)', 'ledger.attempts.attempts(2 * count)'],
    ['ledger.attempts.unattempted(-count);', ''],
    ['ledger.attempts.pending(count);', ''],
    ['(dueAt ?? startedAt + offset)', '(dueAt ?? startedAt)'],
    ['index % LAG_STEP === 0 || run.batchSize', 'run.batchSize'],
    ['|| lag >= STALL_MS', ''],
    ['run.closeMs + offset', 'run.closeMs'],
    ['now - begunAt > run.handshakeTimeoutMs', 'now - begunAt >= run.handshakeTimeoutMs'],
    ['wire.close(NORMAL_CLOSURE, socket);', ''],
    ['ledger.attempts.pending(-1);', ''],
    ['ledger.open(1);', ''],
    ['ledger.attempts.establishTime(now - startedAt)', 'ledger.attempts.establishTime(now - begunAt)'],
    ['if (traits.hasLogin) {', 'if (false) {'],
  ],
  'lib/connection/start.ts': [
    ['Math.random() * run.messageIntervalMs', '0'],
    ['firstAt += (run.sendStepMs -', 'firstAt += 0 * (run.sendStepMs -'],
    ['kinds.length > 0 ?', 'true ?'],
  ],
  'lib/connection/life.ts': [
    ['    event = null;\n    const { rare }', '    const { rare }'],
    ['unread > MAX_LATE_BYTES', 'false'],
    ['now - intendedAt >= STALL_MS) break;', 'false) break;'],
    ['if (awaits && now', 'if (now'],
    ['unread > MAX_UNREAD_BYTES / 4 && ', 'false && '],
    ['intendedAt < closeAt) {', 'intendedAt <= closeAt) {'],
    ['connection.nextSendAt = intendedAt + messageIntervalMs;', 'connection.nextSendAt = now + messageIntervalMs;'],
    ["if (connection.phase !== 'ready') return 0;", ''],
    ['intendedAt > now ? intendedAt : now + messageIntervalMs', 'intendedAt'],
    ['timer !== undefined && timer.at < due ? timer.at : due;', 'due;'],
    ["if (frames === null || connection.phase !== 'ready') return;", 'if (frames === null) return;'],
    ['if (frames === null || connection', 'if (connection'],
    ['messages.sent(1, kind.tags);', ''],
    ['messages.sent(1, kind.tags);', 'messages.sent(1);'],
    ['(n + connection.index) % lagStep', 'n % lagStep'],
    ['|| now - intendedAt >= STALL_MS) ledger', ') ledger'],
    ['const deadline = now + kind.timeoutMs;', 'const deadline = now + run.messageTimeoutMs;'],
    ['connection.pendingChange += 1;', ''],
    ['else parts().requests.queue(connection, waits);', 'else connection.waiting.next = waits;'],
    ['waits.sentBytes = connection.sentBytes;', 'waits.sentBytes = 0;'],
    ["if (phase === 'closing' || phase === 'ended') return;", ''],
    ["isUsed = phase === 'login';", 'isUsed = false;'],
    ['if (!isUsed) parts()', 'if (false) parts()'],
    ["connection.phase === 'draining' && connection.waiting", "phase === 'draining' && connection.waiting"],
    ['event === null ? at : event.timestamp);\n    let request', 'at);\n    let request'],
    ['this.readBytes = sentBytes;', ';'],
    ["kind.request.reply === 'first') parts()", 'false) parts()'],
    ['messages.success(true, kind.tags);', ''],
    ['arrivedAt > sentAt ? arrivedAt - sentAt : 0', 'arrivedAt - sentAt'],
    ['arrivedAt > intendedAt ? arrivedAt - intendedAt : 0', 'arrivedAt - sentAt'],
    ['const arrivedAt = event === null ? at : event.timestamp;', 'const arrivedAt = at;'],
    ['this.pendingChange -= 1;', ''],
    ['this.waiting = request.next;', ''],
    ['vu.wire.close(NORMAL_CLOSURE, connection.socket);', ''],
    ['if (!vu.closesLater) closed(connection);', 'closed(connection);'],
    ['ledger.open(-1);', ''],
    ['ledger.closed(1);', ''],
    ['ledger.held(true);', ''],
  ],
  'lib/connection/stages.ts': [
    ['rare.deadline = now + run.readyTimeoutMs;', 'rare.deadline = 0;'],
    ['ledger.ready?.pending(1);', ''],
    ['ledger.ready?.pending(-1);', ''],
    ['ledger.ready?.success(true);', ''],
    ['ledger.ready?.time(now - rare.establishedAt);', 'ledger.ready?.time(now - connection.begunAt);'],
    ["if (connection.phase !== 'login') return;", ''],
    ['rare.readyAt = now;', ''],
    ['vu.wake(connection, dueAt(connection));\n  }\n\n  function tickStage', '}\n\n  function tickStage'],
    ["connection.phase = 'late';", ''],
    ['if (now - connection.begunAt <= run', 'if (now - connection.begunAt < run'],
    ["'timeout', '');\n          vu.wire.close(NORMAL_CLOSURE, connection.socket);", "'timeout', '');"],
    ['|| now >= closeAt) {', ') {'],
    ['now >= rareOf(connection).deadline || ', ''],
    ['if (now < closeAt) return;', ''],
    ['life.parts().requests.expire(connection, now);', ''],
    ['life.parts().requests.reportPending(connection);', ''],
    ['if (connection.waiting !== null) return;', ''],
    ["connection.phase = 'goodbye';", ''],
    ['rareOf(connection).deadline = now + run.messageTimeoutMs;', ''],
    ['if (now >= rareOf(connection).deadline) life.finish', 'if (false) life.finish'],
    ['if (!hasTimers(connection)) return;', ''],
    ['if (isWild(connection, now)) {', 'if (false) {'],
    ['if (everyMs > 0) addTimer', 'if (false) addTimer'],
    ['Math.max(timer.at + everyMs, now + 1)', 'timer.at + everyMs'],
    ['now - rare.secondAt >= 1_000', 'false'],
    ['.at > timer.at) place', '.at >= timer.at) place'],
    ['due = waiting.deadline + 1;', 'due = waiting.deadline + 1_000;'],
    ['timer.at < due ? timer.at : due', 'false ? timer.at : due'],
    ['life.parts().endings.scriptError(connection, error);', ''],
  ],
  'lib/connection/requests.ts': [
    ['else before.next = request.next;\n    connection.pendingChange', 'connection.pendingChange'],
    ['connection.pendingChange -= 1;', ''],
    ['now > first.deadline', 'now >= first.deadline'],
    ["fail(connection, first, 'timeout')", "fail(connection, first, 'lost')"],
    ['ledger.messages?.success(false, tags);', ''],
    ['{ reason, ...tags }', '{ reason }'],
    [
      '  function refused(connection: Connection, n: number, word: string): void {\n    expire(connection, arrivedAt());',
      '  function refused(connection: Connection, n: number, word: string): void {',
    ],
    ['connection.readBytes = Math.max(connection.readBytes, request.sentBytes);', ''],
    ["notes().count(connection, 'refused', word);", ''],
    ["fail(connection, request, 'refused');\n    silence(connection, n);", "fail(connection, request, 'refused');"],
    [
      'void {\n    expire(connection, arrivedAt());\n    const request = find(connection, n);\n    if (request !== null && !',
      'void {\n    const request = find(connection, n);\n    if (request !== null && !',
    ],
    ['request.hasFirst = true;', ''],
    ["|| request.kind.request.reply === 'first') life", ') life'],
    ['else moment.isUsed = true;', ''],
    ['if (rare?.silent.includes(n)) moment.isUsed = true;', ''],
    ['silent.length > MAX_SILENT', 'silent.length > 1'],
    ['at < weightUpTo', 'at <= weightUpTo'],
    ['after.deadline <= request.deadline', 'true'],
  ],
  'lib/connection/endings.ts': [
    ["if (connection.phase === 'connecting') {", 'if (true) {'],
    [
      'ledger.attempts.failures(1, { reason });\n      if',
      "ledger.attempts.failures(1, { reason: 'other' });\n      if",
    ],
    ['ledger.attempts.success(false);', ''],
    ['const isCut = isLate && ', 'const isCut = '],
    ["isCut ? 'handshake_timeout' : reason", 'reason'],
    ["ledger.attempts.failures(-1, { reason: 'handshake_timeout' });", ''],
    ["if (reason !== 'connect_timeout' && reason !== 'unreachable') return;", ''],
    ["if (phase === 'goodbye') {", 'if (false) {'],
    ['error: notes.masked(connection, error),', 'error,'],
    ['reason: notes.masked(connection, closeReason),', 'reason: closeReason,'],
    ['code === undefined ? undefined : conversation', 'conversation'],
    ['notes.shown(connection, String(words), 80)', 'String(words)'],
    ["if (phase === 'late' || phase === 'closing' || phase === 'ended') return;", ''],
    ['life.parts().requests.expire(connection, moment.at);', ''],
    ["reason === 'script_error' || reason === 'interrupted' ? reason : 'lost'", "'lost'"],
    ['ledger.open(-1);', ''],
    ["if (phase === 'login') {", 'if (false) {'],
    ['ledger.ready?.success(false);', ''],
    ['ledger.ready?.failures(1, { reason });', ''],
    ['ledger.dropped(1, { reason });', ''],
    ['ledger.held(false);', ''],
    ['known.includes(word) ? word : notes', 'false ? word : notes'],
    [
      "end(connection, reason, '');\n    vu.wire.close(NORMAL_CLOSURE, connection.socket);",
      "end(connection, reason, '');",
    ],
    ['ledger.scriptErrors(1);', ''],
    ['if (wasOpen) vu', 'if (false) vu'],
    ["end(connection, 'script_error', '');\n    if", "end(connection, 'reset', '');\n    if"],
    ["end(connection, 'script_error', '');\n      return", "end(connection, 'reset', '');\n      return"],
    ['countError(connection, thrown);', ''],
  ],
  'lib/connection/flow.ts': [
    ['Math.max(connection.readBytes, rare.pingedBytes)', 'connection.sentBytes'],
    ['rare.pingedBytes = 0;', ''],
    ['if (isFull(connection, sizeOf(frame))) {', 'if (false) {'],
    ['rare.outbox.length > 0 && isOpen(connection)', 'rare.outbox.length > 0'],
    ['askWhetherRead(connection);\n        return;', 'return;'],
    ['parts.fanOut.sent(isNone || connection', 'if (!isNone) parts.fanOut.sent(connection'],
    ['connection.sentBytes += frame.length;', ''],
    ['connection.sentBytes += frame.byteLength;', ''],
    ['outbox.length === 0 && !isFull', '!isFull'],
    ['if (rareOf(connection).outbox.length >= MAX_OUTBOX) {', 'if (false) {'],
    ['if (rare.pingedBytes > 0 || !isOpen(connection)) return;', ''],
    ['if (unread === 0 || ', 'if ('],
    ['if (!rare.isHeldBack) parts', 'parts'],
    ['if (size > vu.maxFrameBytes) {', 'if (false) {'],
    ['if (unit > 0x7f) bytes += 1;', ''],
    ['&& (unit < 0xd800 || unit > 0xdfff)', ''],
    ['.slice(byteOffset, byteOffset + byteLength)', ''],
  ],
  'lib/connection/steps.ts': [
    ['into >= steps.fromMs && ', ''],
    ['into < steps.toMs && ', ''],
    [' && step * steps.size < run.connections', ''],
    ['vu.kinds = unjudged;\n      else', ';\n      else'],
    ['for (let tried = begun.length; tried < planned; tried++)', 'for (; false; )'],
    ['ledger.lag(lateMs, tag);', ''],
    ['ledger.messages?.sent(0, tag);', ''],
    ["connection.phase === 'ready', tag", 'true, tag'],
  ],
  'lib/plan/places.ts': [
    ['i * vus + vuIndex', 'i * vus'],
    ['(i - rounds) * (vus - 1)', '(i - rounds) * vus'],
    ['Math.floor(place / size) * eachMs + ', ''],
    ['Math.min(size, batches(elapsedMs % eachMs))', 'batches(elapsedMs % eachMs)'],
  ],
  'lib/report/capacity.ts': [
    ['held >= 0 ? held : at >= 0', 'at >= 0'],
    ['measured.length > 0 ? measured : missed', 'missed'],
    ['isHeld && isMet', 'isMet'],
  ],
  'lib/report/capacity-causes.ts': [
    ['if (limits.length === 0) return false;', ''],
    ['lagMs.max >= STALL_LIMIT_MS', 'false'],
    ["return !metric.startsWith('ws_step_held');", 'return true;'],
  ],
  'thresholds/for-capacity.ts': [
    ['Math.max(MIN_SHARE, ', 'Math.min(MIN_SHARE, '],
    ["!target.samples.startsWith('ws_step_planned')", 'true'],
  ],
  'lib/connection/fan-out.ts': [
    ['elapsed >= run.countFromMs && ', ''],
    [' && elapsed < run.countToMs', ''],
    ['reach / SAMPLES_PER_REQUEST', 'reach / 10'],
    ['if (!isStamped) throw', 'if (false) throw'],
    ['isStamped = false;\n  }', '}'],
    ['ledger.deliveries?.expected(receivers, tag);', 'ledger.deliveries?.expected(1, tag);'],
    ['expectedRest += receivers / each;', 'expectedRest += Math.floor(receivers / each);'],
    ['deliveredRest += 1 / each;', 'deliveredRest += 1;'],
    ['if (isAny) moment.isUsed = true;', ''],
    ['Math.max(rareOf(connection).readyAt, connection.begunAt)', 'connection.begunAt'],
    ['each === 0 || ', ''],
    ['time < since || ', ''],
    ['ledger.deliveries?.duplicate(1);', ''],
    ['ledger.deliveries?.delivered(1, own);', ''],
    ['moment.event === null ? moment.at : moment.event.timestamp', 'moment.at'],
    ['shift >= WINDOW ? 0 :', 'false ? 0 :'],
    ['back >= WINDOW ? 0 :', 'false ? 0 :'],
    ['(bits & bit) !== 0', 'false'],
    ['senders.length > MAX_SENDERS', 'senders.length >= MAX_SENDERS'],
  ],
  'lib/connection/notes.ts': [
    [".slice(0, WORD_LENGTH) || 'none'", " || 'none'"],
    [".replace(/:{2,}/g, ':')", ''],
    ['known.length < MAX_WORDS', 'true'],
    ["kind === 'push' });", 'true });'],
    ['if (frames >= MAX_FRAMES) return;', ''],
    ['const start = masked(connection, frame)', 'const start = frame'],
    ['plain(masked(connection, String(error))', 'plain(String(error)'],
    ["for (const secret of secrets) text = text.split(secret).join('\\u0100'.repeat(secret.length));", ''],
    ['length + Math.max(0, ...secrets.map((secret) => secret.length))', 'length'],
    ['legible(masked(connection, frame))', 'legible(frame)'],
    ['if (rare.traced > MAX_TRACE_LINES) return;', ''],
    ['&& !ours.test(file)', ''],
  ],
  'lib/connection/session.ts': [
    ['|| !(ms >= 1)', ''],
    ['if (!isUp(connection)) return;', ''],
    ['vu.wake(connection, at);', ''],
    ['if (isUp(this)) parts.flow.send', 'parts.flow.send'],
    ['if (isUp(this)) vu.wire.ping', 'vu.wire.ping'],
    ['return isUp(this) && parts', 'return parts'],
    ['if (isUp(this)) parts.endings.broken', 'parts.endings.broken'],
    ["if (this.phase === 'goodbye') life", 'if (true) life'],
    ['else if (isUp(this)) throw', 'else if (false) throw'],
    ['timer(this, ms, ms, callback)', 'timer(this, ms, 0, callback)'],
  ],
  'lib/connection/pulse.ts': [
    ['Math.ceil(Math.random() * beatMs)', 'beatMs'],
    ['ledger.lag(at - dueAt);', ''],
    ['Math.min(1, busyMs / (at - sinceAt))', 'busyMs / (at - sinceAt)'],
    ['busyMs = 0;\n        sinceAt', 'sinceAt'],
    ['dueAt = at + beatMs;', 'dueAt += beatMs;'],
    ['pulse.handled(now, clock());', ''],
  ],
  'lib/connection/subprotocol.ts': [
    ["asked.length === 0 ? chosen === '' : asked.includes(chosen)", "chosen === '' || asked.includes(chosen)"],
    ["asked.length === 0 ? chosen === '' : asked.includes(chosen)", 'asked.length === 0 || asked.includes(chosen)'],
  ],
  'lib/connection/kinds.ts': [
    ['request.timeoutMs ?? messageTimeoutMs', 'messageTimeoutMs'],
    ['kinds.length > 1 ? { request: name } : undefined', '{ request: name }'],
    ['weightUpTo += request.weight ?? 1;', 'weightUpTo += 1;'],
  ],
  'lib/connection/classify.ts': [
    ['text.length > SEARCHED ?', 'false ?'],
    ['(?<![\\w~+/=-])[\\w~+/=-]{1,99}$', '$'],
  ],
  'lib/conversation/load.ts': [
    ['leanOne(listen(), false, false)', 'leanOne(listen(), true, false)'],
    ['leanOne(sendOnly(), true, false)', 'leanOne(sendOnly(), true, true)'],
  ],
  'lib/conversation/traits.ts': [
    ["reply !== 'none'", 'true'],
    ['hasLogin: opened !== undefined', 'hasLogin: false'],
    ['hasGoodbye: goodbye !== undefined', 'hasGoodbye: false'],
    ['if (reach !== undefined)', 'if (reach)'],
    ['timeoutMs > traits.longestTimeoutMs', 'timeoutMs < traits.longestTimeoutMs'],
  ],
  'lib/conversation/of-module.ts': [
    ["typeof exported === 'function' ?", 'false ?'],
    ['module?.default ?? module', 'module?.default'],
    ["couldn't be found`)) throw error;", "couldn't be found`)) continue;"],
    ["String(error).replaceAll('\\\\', '')", 'String(error)'],
  ],
  'lib/conversation/problems.ts': [
    ["key !== 'requests' && ", ''],
    ["if (isMissing && key === 'received')", 'if (false)'],
    ['entries.length > 0 && !(total > 0)', 'false'],
    ['timeoutMs <= 600_000', 'true'],
    ["typeof reach !== 'function' && ", ''],
  ],
  'lib/conversation/sleep.ts': [
    ['/\\bsleep\\b/.test(names) || ', ''],
    [' || usesMember(text, names)', ''],
    ['if (!seen.includes(next))', 'if (false)'],
    ["if (part === '..') parts.pop();", ''],
    ['&& i < MAX_FILES', ''],
  ],
  'lib/scenario/directory.ts': [
    ['index % users.length', '0'],
    ['access.urls[index % access.urls.length]', 'access.urls[0]'],
    ['fill(url, user, encodeURIComponent)', 'fill(url, user, String)'],
    ['asked.protocols ?? ', ''],
    ['jar === null && protocols.length > 0', 'protocols.length > 0'],
    ["if (jar !== null) params['jar'] = jar();", ''],
    ["if (jar !== null) params['tags']", "if (false) params['tags']"],
    ['|| asked.url !== undefined', ''],
    ['!names.includes(name.toLowerCase())', 'true'],
    [', JSON.stringify(value).slice(1, -1)]', ']'],
    ['.sort((a, b) => b.length - a.length)', ''],
  ],
  'lib/scenario/begin.ts': [
    ["if (name === 'generator') return null;", ''],
    ['if (spentAt === startTime) {', 'if (false) {'],
    ['iterationInTest >= run.connections', 'iterationInTest > run.connections'],
    ['spentAt: run.arrives ? 0 : startTime', 'spentAt: startTime'],
    ['if (iterationInInstance === 0) {', 'if (true) {'],
    ['shareOf(exec.test.options, run.connections, run.perVu).connections', 'run.connections'],
    ['run.arrives ? Date.now() : startTime', 'startTime'],
  ],
  'lib/scenario/place.ts': [
    ['.slice(0, 300)', ''],
    ['!text.includes(', '![].includes('],
  ],
  'lib/scenario/refuse-columns.ts': [
    ['urls.flatMap(columnsOf)', '[]'],
    ['Object.values(headers).flatMap(columnsOf)', '[]'],
    ["columnsOf(subprotocol ?? '')", '[]'],
    ['[...new Set(columns)]', 'columns'],
    ['usersFile === null', 'false'],
  ],
  'lib/scenario/run-from.ts': [
    ['closeMs: +(env.RUN_closeMs', 'closeMs: +(env.RUN_rampMs'],
    ["env.RUN_arrives === 'true'", 'false'],
    ['if (!env.RUN_connections) return null;', ''],
  ],
  'lib/settings/access.ts': [
    ["list(env['WS_SUBPROTOCOL'])", '[]'],
    ['.map((part) => part.trim())', ''],
  ],
  'lib/settings/unused.ts': [
    ['!scenarios.includes(scenario)', 'false'],
    ['!has(needs)', 'false'],
    ['.filter(({ name }) => env[name]?.trim())', ''],
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
  'lib/conversation/echo.ts': [
    ['const firstId = 10_000_000;', 'const firstId = 1;'],
    ['own ?? session.padding', 'session.padding'],
    ['if (reply === message(session, n)) session', 'if (n > 0) session'],
    ['firstId + session.index}-', '}-'],
  ],
  'lib/generator/memory.ts': [
    ['if (!isOwn(k6, run.generatorAddress)) return;', ''],
    ['if (isOwn(k6, address)) readPeakMemory', 'if (true) readPeakMemory'],
    ['if (rest > 0) k6.sleep(rest / 1_000);', ''],
    ['isReading && !readPeakMemory', '!readPeakMemory'],
    ['startTime + run.totalMs', 'startTime + 1_000 * run.totalMs'],
  ],
  'lib/generator/identity.ts': [
    ['=== number) return true;', '!== null) return true;'],
    ['generatorIdentity(number);', 'generatorIdentity(5);'],
    ['tried < MAX_TRIES', 'tried < 4'],
    ['      return false;\n', '      continue;\n'],
  ],
  'lib/generator/watch-tiers.ts': [
    ['const ownEndMs = leadMs + endMs;', 'const ownEndMs = endMs;'],
    ['{ tier: String(connections) }', '{ tier: String(0) }'],
    ['if (rest > 0) k6.sleep(rest / 1000);', ''],
    ['if (!isOwn(k6, generatorAddress)) return;', ''],
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
    ["traits.hasLogin ? figure(data, 'ws_ready_success', 'passes') : established", 'established'],
    ['addInterrupted(notReady, cutLogins);', ''],
    ['traits.hasLogin && cutConnections < 0', 'false'],
    ['deliveries && isWhole && ', 'deliveries && '],
    ['silent.length === kinds.length ? sent', 'false ? sent'],
    ['failed: awaits ? sentOf(name) - answered : 0', 'failed: sentOf(name) - answered'],
    ['Math.max(0, expected - delivered)', 'expected - delivered'],
  ],
  'lib/report/judge.ts': [
    ['isEmpty ? null', 'false ? null'],
    ["metric.values['passes'] === 0 &&", 'false &&'],
    ["target.stat === 'count' ? 0 : null", 'null'],
    ["target.stat === 'count' ? 0 : null", '0'],
    ['const actual = hasSamples ? ', 'const actual = true ? '],
    ['target.samples === null ? null : false', 'true'],
    ["figure(data, metric, 'passes') > 0", 'true'],
    ['if (judged) return judged.ok;', ''],
    ['Math.min(1, rate / (1 - rate))', 'rate'],
    ['actual >= target.deliveryShare', 'actual >= target.limit'],
    ['return actual > limit;', 'return actual >= limit;'],
    ['return actual < limit;', 'return actual <= limit;'],
    ['Math.floor(value * scale + 1e-9)', 'Math.round(value * scale)'],
  ],
  'lib/report/generator.ts': [
    ['lag.p95 > LAG_LIMIT_MS', 'lag.p95 > 10 * LAG_LIMIT_MS'],
    ['busy.p95 > BUSY_LIMIT', 'busy.p95 > 1'],
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
    ['target.pass === false) ||', 'target.pass === null) ||'],
    ['accountOf(data, share.connections,', 'accountOf(data, settings.connections,'],
  ],
  'lib/report/text.ts': [
    ['wrap(plan, 78)', 'wrap(plan, 80)'],
    ["whole - (failures['interrupted'] ?? 0)", 'whole'],
    ['if (over < 5_000) return [];', 'if (over <= 5_000) return [];'],
    ['|| pass === false);', ');'],
    ['target.pass === null).map', 'target.pass === true).map'],
    ['Object.entries(counts).sort((a, b) => b[1] - a[1])', 'Object.entries(counts)'],
    ['Object.entries(pushes).sort((a, b) => b[1] - a[1])', 'Object.entries(pushes)'],
    ['kept < messages.answered', 'kept > messages.answered'],
    ['messages.sent - messages.sentOnly, messages.failed', 'messages.sent, messages.failed'],
    ['latencyMs.delivery.min < 0', 'false'],
    ['users >= connections', 'users > connections'],
    ["paint(passed ? ' PASS '", "paint(true ? ' PASS '"],
  ],
  'lib/report/files.ts': [
    ['data.options?.noColor !== true && ', ''],
    ['{lastLine(summary)}', '{plan}'],
    ['if (resultsDir !== null) {', 'if (true) {'],
  ],
  'lib/report/latency.ts': [
    ["|| values['count'] === 0) return null;", ') return null;'],
    ["values['p(99)'] === undefined ? null", 'false ? null'],
  ],
  'lib/report/shapes.ts': [
    ['JSON.parse(JSON.stringify(given))', 'given as never'],
    ['fails: total - matches', 'fails: total'],
    ["'p($1)'", "'p$1'"],
    ['...(isEmpty && { count: 0 })', ''],
    ['seconds * 1_000', 'seconds'],
    ['!Array.isArray(given.metrics)', 'true'],
  ],
  'lib/report/ages.ts': [
    ['found.count >= MIN_COUNT', 'true'],
    ["MIN_SHARE * totalOf(ages, 'opening')", '0'],
    ['start.count >= best.count', 'false'],
    ['request.count > opening.count', 'false'],
    ['next.seconds - seconds <=', 'next.seconds - seconds <= 0.1 +'],
    ['? 0.11 : 1', '? 0.11 : 0.11'],
  ],
  'lib/report/merge.ts': [
    ['ready: total(books, (b) => b.connections.ready)', 'ready: 0'],
    ['&& !tooMany', ''],
    ['books.every((b) => b.balanced)', 'true'],
    ['count: isCounted ? count : null', 'count'],
  ],
  'lib/report/merge-targets.ts': [
    ['messages.sent - messages.sentOnly', 'messages.sent'],
    ["metric.startsWith('ws_ready_success')", 'false'],
    ["metric.startsWith('ws_delivery_success')", 'false'],
    ['pass: actual > 0', 'pass: true'],
  ],
  'lib/report/baseline.ts': [
    ['if (version === 1) throw', 'if (false) throw'],
    ['summary.plan.batchSize >= summary.plan.connections', 'false'],
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
    ['refuseIpTag(test);', ''],
    ['if (lost !== null) console', 'console'],
    ["!== 'disabled') return null", "!== 'disabled ') return null"],
  ],
  'lib/plan/run.ts': [
    ['.includes(publicUrl(url));', '.length > 0;'],
    ['Object.keys(headers).length === 0 &&', ''],
    ['urls.length === 1 &&', ''],
    ['!/[{}]/.test(url) &&', ''],
    ['isLean && kinds.length > 0', 'isLean'],
    ['intervalMs % step !== 0', 'false'],
  ],
  'lib/settings/parse.ts': [
    ["setting.secret ? '", "false ? '"],
    ['if (contradiction) problems.push(contradiction);', ''],
    ['values[key] ??= sizes?.[key];', 'values[key] = sizes?.[key];'],
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
    ["reasons('ws_connections_dropped', DROPS)", "reasons('ws_connections_dropped', [])"],
    ["hasLogin ? reasons('ws_ready_failures', READY_FAILURES)", "true ? reasons('ws_ready_failures', READY_FAILURES)"],
    ['if (kinds.length < 2) return [];', ''],
  ],
  'thresholds/tiers.ts': [
    ['connections <= candidate.connections', 'connections < candidate.connections'],
    ['largest.maxMemoryBytes * factor', 'largest.maxMemoryBytes'],
  ],
};

/**
 * The unit tests of a file are in the folder of the same name. The one of its own name comes first, which mostly notices;
 * beside a conversation there are tests with real servers, which take longer than the limit.
 */
function testsOf(file) {
  const own = `tests/${file.replace(/\.ts$/, '.test.ts')}`;
  const folder = `tests/${path.posix.dirname(file)}`;
  if (!existsSync(path.join(ROOT, own))) return [folder];
  return folder === 'tests/lib/conversation' ? [own] : [own, folder];
}

function makeCopy() {
  const copy = mkdtempSync(path.join(tmpdir(), 'mutation-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}

/** Whether the tests pass, one after the other. */
async function passes(copy, tests) {
  for (const test of tests) if (!(await passesOne(copy, test))) return false;
  return true;
}

/** A run that does not end has not passed. */
async function passesOne(copy, test) {
  const vitest = path.join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'unit', '--bail', '1', test], {
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
  for (const test of new Set(jobs.flatMap(({ file }) => testsOf(file)))) {
    if (!(await passes(copy, [test]))) throw new Error(`${test} fails without any break`);
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
