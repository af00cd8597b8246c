import type { Run } from '../plan/run.ts';
import type { Connection, Kind, Vu } from './connection.ts';

/** Of requests that no step is judged by: those of a ramp, and of the end of a step. */
const NO_STEP = { step: 'none' };

/** The tag `step` of a step, by its number from 0: the connections that are open at its end. */
function tagOf({ steps, connections }: Pick<Run, 'steps' | 'connections'>, step: number): { step: string } {
  return { step: String(Math.min((step + 1) * (steps?.size ?? 0), connections)) };
}

/**
 * The tag of the step that a request is judged by; undefined: of none.
 *
 * @param elapsedMs - when it was sent, in ms since the start of the run.
 */
export function judgedStep(run: Pick<Run, 'steps' | 'connections'>, elapsedMs: number): { step: string } | undefined {
  const { steps } = run;
  if (steps === null) return undefined;
  const into = elapsedMs % steps.eachMs;
  const step = Math.floor(elapsedMs / steps.eachMs);
  const isInside = into >= steps.fromMs && into < steps.toMs && step * steps.size < run.connections;
  return isInside ? tagOf(run, step) : undefined;
}

/**
 * Takes a VU through the steps. All its samples carry the step that it is in; a request and its outcome that of the step in
 * which it was sent, whenever the reply comes. At the end of each step it is written down how all connections up to it
 * are then: a drop in mid-step must not read as none held while the others are still to come.
 *
 * @param tags - the VU's.
 * @param places - of the VU's connections, ascending.
 * @param begun - those that have begun, ascending; more are added.
 * @returns does what is due, and tells when it wants to be called again, in ms since the epoch; 0: never.
 */
export function stairsOf(
  vu: Vu,
  tags: Record<string, unknown>,
  places: readonly number[],
  begun: readonly Connection[],
): (now: number) => number {
  const { run, ledger, startedAt, traits } = vu;
  const { steps } = run;
  if (steps === null) throw new Error('the run has no steps');
  const { size, eachMs, fromMs, toMs, endMs } = steps;
  const plain = vu.kinds;
  vu.judgedStep = (elapsedMs) => judgedStep(run, elapsedMs);
  const unjudged = tagged(plain, NO_STEP);
  const count = Math.ceil(run.connections / size);
  const times = [0, fromMs, toMs, endMs];
  let step = 0;
  let event = 0;
  const dueAt = () => startedAt + step * eachMs + (times[event] as number);

  return (now) => {
    while (step < count && dueAt() <= now) {
      if (event === 0) enter();
      else if (event === 1) vu.kinds = tagged(plain, tagOf(run, step));
      else if (event === 2) vu.kinds = unjudged;
      else conclude(now - dueAt());
      event = (event + 1) % times.length;
      if (event === 0) step += 1;
    }
    return step < count ? dueAt() : 0;
  };

  function enter(): void {
    tags['step'] = tagOf(run, step).step;
    vu.kinds = unjudged;
  }

  function conclude(lateMs: number): void {
    const tag = tagOf(run, step);
    const upTo = (step + 1) * size;
    const planned = places.filter((place) => place < upTo).length;
    // None of a later step: it begins after this.
    for (const connection of begun) {
      const isConnected = connection.socket !== null;
      ledger.steps?.connected(isConnected, tag);
      if (!isConnected) continue;
      const isReady = !traits.hasLogin || (connection.rare !== null && connection.rare.readyAt > 0);
      if (traits.hasLogin) ledger.steps?.ready(isReady, tag);
      if (isReady) ledger.steps?.held(connection.phase === 'ready', tag);
    }
    for (let tried = begun.length; tried < planned; tried++) ledger.steps?.connected(false, tag);
    ledger.steps?.planned(planned, tag);
    ledger.lag(lateMs, tag);
    // k6 judges no counter that has never had a sample: now it sees that nothing was sent that wants a reply.
    ledger.messages?.sent(0, { ...plain.find(({ awaits }) => awaits)?.tags, ...tag });
    if (traits.hasReach) ledger.deliveries?.expected(0, tag);
    // What goes wrong until the next one begins is to be found there.
    tags['step'] = step + 1 < count ? tagOf(run, step + 1).step : NO_STEP.step;
  }
}

/** Kinds of requests whose samples carry a tag besides their own. */
function tagged(kinds: readonly Kind[], tag: Record<string, string>): Kind[] {
  return kinds.map((kind) => ({ ...kind, tags: { ...kind.tags, ...tag } }));
}
