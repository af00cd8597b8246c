import { groupDigits } from '../../plan/format.ts';
import { formatDuration, formatSize } from '../../settings/parsers.ts';
import type { Summary } from '../summary.ts';
import { millis } from '../text.ts';
import { html, list, type Markup, pairs } from './markup.ts';

/** The settings of the run, as far as the summary has them: nothing secret. */
export function settingsPart({ plan, scenario }: Summary): Markup | null {
  const n = groupDigits;
  const rows: [string, string][] = [
    ['scenario', scenario],
    [plan.urls.length === 1 ? 'target' : 'targets', plan.urls.join(', ')],
    ['conversation', plan.conversation],
    ['profile', plan.profile],
    ['connections', n(plan.connections)],
    ['batches', `${n(plan.batchSize)}, ${formatDuration(plan.batchDelayMs)} apart`],
    ['hold', formatDuration(plan.holdMs)],
    ['planned length', formatDuration(plan.totalMs)],
    ['message interval', formatDuration(plan.messageIntervalMs)],
    ['message timeout', formatDuration(plan.messageTimeoutMs)],
    ['message size', `${n(plan.messageSize)} bytes`],
    ['handshake timeout', formatDuration(plan.handshakeTimeoutMs)],
    ['ready timeout', formatDuration(plan.readyTimeoutMs)],
  ];
  if (plan.comeBack) rows.push(['clients come back after', `${plan.comeBack.backoff}, ${plan.comeBack.jitter} jitter`]);
  if (plan.users !== null) rows.push(['users', n(plan.users)]);
  if (plan.segment !== null) rows.push(['execution segment', `${plan.segment}: ${n(plan.share)} connections`]);
  const proxies = [...new Set((plan.proxies ?? []).filter((proxy) => proxy !== null))];
  if (proxies.length > 0) rows.push(['proxy', proxies.join(', ')]);
  if (plan.unusedSettings) rows.push(['set, but not used', plan.unusedSettings.join(', ')]);
  if (plan.ignoredNames) rows.push(["ignored, other programs'", plan.ignoredNames.join(', ')]);
  return pairs(rows);
}

/** What the run was made with; what is not known is not claimed. */
export function versionsPart({ versions = {}, schemaVersion }: Summary): Markup | null {
  return pairs([
    ['k6', versions.k6 ? `v${versions.k6}` : 'not known: npm start notes it'],
    ['scripts', versions.scripts ? `k6-websocket-concurrency ${versions.scripts}` : 'run from their sources'],
    ['system', versions.system ?? 'not known: npm start notes it'],
    ['format of summary.json', String(schemaVersion)],
  ]);
}

/** The load generator, and whether it was the limit. */
export function generatorPart({ generator }: Summary): (Markup | null)[] {
  const { memoryBytes, lagMs, busy, limits } = generator;
  const share = (value: number) => `${(value * 100).toFixed(1)} %`;
  return [
    limits.length > 0 ? list('hints', limits) : list('fine', ['It was not the limit.']),
    pairs([
      [
        'peak memory of k6',
        memoryBytes === null
          ? html`not measured:${['--address', '127.0.0.1:6565', '--profiling-enabled'].map((word) => html` <span class="whole">${word}</span>`)}`
          : formatSize(memoryBytes),
      ],
      ...(lagMs
        ? ([
            ['lag, p95', `${millis(lagMs.p95)} ms`],
            ['lag, max', `${millis(lagMs.max)} ms`],
          ] as const)
        : []),
      ...(busy ? ([['time in frames, p95', share(busy.p95)]] as const) : []),
    ]),
  ];
}
