import { groupDigits } from '../plan/format.ts';
import { formatDuration } from '../settings/parsers.ts';
import { sum } from './account.ts';
import { valueText } from './judge.ts';
import type { Herd, Latency, Outage, Reconnect, Summary } from './summary.ts';
import { columns, wrap } from './terminal.ts';
import { balanceSection, type Section, targetsSection } from './text.ts';

/** Outages that are listed. */
const MOST_SHOWN = 10;

/** Targets, balance and recovery of clients that come back. */
export function reconnectSections(summary: Summary, reconnect: Reconnect, color: boolean): Section[] {
  const balance = balanceSection(summary, color, attemptsLine(summary, reconnect));
  return [
    targetsSection(summary, color),
    { ...balance, lines: [clientsLine(reconnect), ...balance.lines, ...outagesLines(reconnect)] },
    { title: 'Recovery', lines: recoveryLines(reconnect) },
  ];
}

function clientsLine({ clients: { planned, unattempted, up, down, givenUp } }: Reconnect): string {
  const n = groupDigits;
  const rest = unattempted > 0 ? ` + ${n(unattempted)} never attempted` : '';
  return `clients ${n(planned)} = up at the end ${n(up)} + down ${n(sum(down))} + given up ${n(givenUp)}${rest}`;
}

function attemptsLine({ connections: { attempted } }: Summary, { attemptsAgain }: Reconnect): string {
  const n = groupDigits;
  return `attempted ${n(attempted)} = first ${n(attempted - attemptsAgain)} + again ${n(attemptsAgain)}`;
}

function outagesLines({ outages: { drops, recovered, open }, withheld }: Reconnect): string[] {
  const n = groupDigits;
  return [
    `dropped ${n(drops)} = recovered ${n(recovered)} + still down ${n(open)}`,
    ...(withheld > 0 ? [`${n(withheld)} requests were due while a client was down, and were withheld`] : []),
  ];
}

function recoveryLines(reconnect: Reconnect): string[] {
  const { clients, outages, events, singleDrops, downMs, attemptsPerRecovery, herd, accepted, availability } =
    reconnect;
  const n = groupDigits;
  const down = Object.entries(clients.down).map(([reason, count]) => `${n(count)} ${reason}`);
  // Each tells it when it is back, or at its planned end.
  const untold = outages.drops - singleDrops - events.reduce((total, event) => total + event.clients, 0);
  return [
    ...(outages.drops === 0 ? ['Nothing was dropped: recovery is not judged.'] : []),
    ...eventLines(events),
    ...(singleDrops > 0 ? [`${n(singleDrops)} drops here and there`] : []),
    ...(untold > 0 ? [`${n(untold)} clients were dropped and not back for long enough when the run was cut off`] : []),
    ...(downMs ? [`time down: ${timesText(downMs)}`] : []),
    ...(attemptsPerRecovery
      ? [`attempts for each recovery: avg ${attemptsPerRecovery.avg.toFixed(1)}, max ${attemptsPerRecovery.max}`]
      : []),
    ...(herd ? [`herd: at most ${n(herd.attempts)} attempts ${secondText(herd)}`] : []),
    ...(accepted ? [`the server accepted at most ${n(accepted.established)} ${secondText(accepted)}`] : []),
    ...(availability === null ? [] : [`availability ${valueText(availability, 'share')}`]),
    ...(down.length > 0 ? wrap(`down at the end, for: ${down.join(', ')}`, 76) : []),
  ];
}

function eventLines(events: readonly Outage[]): string[] {
  if (events.length === 0) return [];
  const several = events.some(({ server }) => server !== null);
  const rows = events
    .slice(0, MOST_SHOWN)
    .map(({ at, server, clients, back, back95Ms, backAllMs }) => [
      timeOf(at),
      ...(several ? [server ?? ''] : []),
      groupDigits(clients),
      groupDigits(back),
      timeText(back95Ms),
      timeText(backAllMs),
    ]);
  const titles = ['outage at (UTC)', ...(several ? ['server'] : []), 'dropped', 'back', '95 % back', 'all back'];
  const more = events.length - MOST_SHOWN;
  return [...columns([titles, ...rows]), ...(more > 0 ? [`and ${more} more`] : [])];
}

function secondText({ seconds, at }: Herd): string {
  return `in ${seconds === 1 ? 'one second' : `${seconds} seconds`} (${timeOf(at)} UTC)`;
}

/** `12:05:13` */
function timeOf(at: string): string {
  return at.slice(11, 19);
}

function timeText(ms: number | null): string {
  return ms === null ? 'not yet' : formatDuration(Math.round(ms));
}

function timesText({ med, p95, max }: Latency): string {
  const text = (ms: number) => formatDuration(Math.round(ms));
  return `med ${text(med)}, p95 ${text(p95)}, max ${text(max)}`;
}
