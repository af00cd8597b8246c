import { groupDigits } from '../plan/format.ts';
import { formatSize } from '../settings/parsers.ts';
import type { Level, TargetProcess, Work } from './beside-result.ts';
import type { Summary } from './summary.ts';
import { columns, wrap } from './terminal.ts';

/** Of more targets than this only the sum is shown; each is in summary.json. */
const MAX_SHOWN = 4;

const HEAD = ['', 'before', 'in the hold', 'peak', 'after'];

type Show = (value: number) => string;

const size: Show = (bytes) => formatSize(Math.round(bytes));
const cores: Show = (value) => value.toFixed(2);
const percent: Show = (share) => `${Math.round(share * 100)} %`;
const millis: Show = (ms) => `${ms.toFixed(1)} ms`;

/** The parts of the report on what was read beside the run; none where nothing was asked for. */
export function besideSections(summary: Pick<Summary, 'target' | 'host'>): { title: string; lines: string[] }[] {
  const { target = [] } = summary;
  const shown = target.length > MAX_SHOWN + 1 ? target.filter(({ endpoint }) => endpoint === 'all') : target;
  return [
    ...shown.map((one) => ({ title: titleOf(one, target.length - 1), lines: targetLines(one) })),
    ...(shown.length < target.length
      ? [{ title: 'Targets, each', lines: target.flatMap(({ endpoint, problems }) => named(endpoint, problems)) }]
      : []),
    ...(summary.host ? [{ title: 'Host', lines: hostLines(summary) }] : []),
  ];
}

function titleOf({ endpoint }: TargetProcess, count: number): string {
  return endpoint === 'all' ? `Targets, all ${count} together` : `Target, as ${endpoint} tells`;
}

function named(endpoint: string, problems: readonly string[]): string[] {
  return problems.flatMap((problem) => wrap(`! ${endpoint}: ${problem}`, 74));
}

function targetLines({ problems, ...target }: TargetProcess): string[] {
  const { memoryBytes, openFiles, goroutines, cpuCores, eventLoopLagMs } = target;
  const rows = [
    ...levelRow('memory', memoryBytes, size),
    ...workRow('CPU, cores', cpuCores, cores),
    ...levelRow('open files', openFiles, groupDigits),
    ...levelRow('goroutines', goroutines, groupDigits),
    ...workRow('event loop lag', eventLoopLagMs, millis),
  ];
  const amiss = problems.flatMap((problem) => wrap(`! ${problem}`, 74));
  if (rows.length === 0)
    return amiss.length > 0 || target.endpoint === 'all' ? amiss : ['no figures: another process reads them'];
  return [...columns([HEAD, ...rows]), ...memoryLines(target), ...amiss];
}

function memoryLines({ memoryBytes, connections, bytesPerConnection }: Omit<TargetProcess, 'problems'>): string[] {
  if (memoryBytes === null) return [];
  const { before, peak, after } = memoryBytes;
  if (before === null) return [];
  const each =
    bytesPerConnection !== null && connections !== null
      ? `${size(bytesPerConnection)} for each of ${groupDigits(connections)} connections`
      : peak <= before
        ? 'no more memory than before: start it anew for a figure of each connection'
        : null;
  const kept = after === null ? null : after > before ? `${size(after - before)} not given back` : 'all given back';
  const parts = [each, peak > before ? kept : null].filter((part) => part !== null);
  return parts.length === 0 ? [] : [parts.join('; ')];
}

function hostLines({ host }: Pick<Summary, 'host'>): string[] {
  if (!host) return [];
  const rows = [
    ...workRow(host.cores === null ? 'CPU' : `CPU of ${host.cores} cores`, host.cpu, percent),
    ...levelRow(
      host.memoryTotalBytes === null ? 'memory' : `memory of ${size(host.memoryTotalBytes)}`,
      host.memoryBytes,
      size,
    ),
    ...workRow('received a second', host.networkInPerSecond, size),
    ...workRow('sent a second', host.networkOutPerSecond, size),
    ...workRow('k6: CPU, cores', host.k6CpuCores, cores),
    ...(host.k6MemoryBytes === null ? [] : [['k6: memory', '', '', size(host.k6MemoryBytes)]]),
  ];
  const states = Object.entries(host.tcp).map(
    ([state, { peak, after }]) =>
      `${state} ${groupDigits(peak)}${after === peak ? '' : ` (${groupDigits(after)} after)`}`,
  );
  return [
    ...(rows.length > 0 ? columns([HEAD, ...rows]) : []),
    ...(states.length > 0 ? wrap(`TCP, at most: ${states.join(', ')}`, 74) : []),
    ...host.problems.flatMap((problem) => wrap(`! ${problem}`, 74)),
  ];
}

function levelRow(name: string, level: Level | null, show: Show): string[][] {
  if (level === null) return [];
  return [[name, ...[level.before, null, level.peak, level.after].map((value) => (value === null ? '' : show(value)))]];
}

function workRow(name: string, work: Work | null, show: Show): string[][] {
  return work === null ? [] : [[name, '', work.hold === null ? '' : show(work.hold), show(work.peak)]];
}
