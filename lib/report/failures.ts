import type { adviceFor, FailureKind } from './advice.ts';
import { platformOf } from './platform.ts';
import { proxyAdvice } from './proxy-advice.ts';
import type { Summary } from './summary.ts';

/** All that failed for one reason. */
export interface Failure {
  /** What these are: `not established`, `messages`, `deliveries`. */
  title: string;
  kind: FailureKind;
  reason: string;
  count: number;
  /** Whose fault it most likely is, and what to do. */
  advice: string;
}

/** What failed, by what it was and why, in the order of the books. */
export function failuresOf(summary: Summary, advise: typeof adviceFor): Failure[] {
  const { connections, messages, details, plan } = summary;
  const groups = [
    { title: 'not established', counts: connections.failed, kind: 'connect' },
    { title: 'not ready', counts: connections.notReady, kind: 'ready' },
    { title: 'dropped', counts: connections.dropped, kind: 'drop' },
    { title: 'messages', counts: messages.failed, kind: 'message' },
    { title: 'deliveries', counts: missingDeliveries(summary), kind: 'delivery' },
  ] as const;
  const platform = platformOf(Object.keys(details));
  return groups.flatMap(({ title, counts, kind }) =>
    Object.entries(counts).map(([reason, count]) => {
      const proxy = kind === 'connect' ? proxyAdvice(reason, plan.proxies ?? []) : '';
      return { title, kind, reason, count, advice: `${proxy}${advise(kind, reason, platform)}` };
    }),
  );
}

/** What the frames have in common of which some are shown. */
export function framesTitle({ messages, scriptErrors }: Summary): string {
  if (Object.keys(scriptErrors).length === 0) return 'Unexpected frames, some of them';
  if (messages.unexpected === 0) return 'Frames that made it throw, some of them';
  return 'Frames that were unexpected or made it throw, some of them';
}

/** By their one reason; none where a process is one of several, whose deliveries are partly the others'. */
export function missingDeliveries({ deliveries, plan }: Summary): Record<string, number> {
  return deliveries && deliveries.missing > 0 && plan.segment === null ? { missing: deliveries.missing } : {};
}
