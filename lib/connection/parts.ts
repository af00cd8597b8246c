import type { Endings, FanOut, Flow, Life, Moment, Notes, Parts, Requests, Stages, Vu } from './connection.ts';
import { endingsOf } from './endings.ts';
import { fanOutOf } from './fan-out.ts';
import { flowOf } from './flow.ts';
import { notesOf } from './notes.ts';
import { watched } from './pulse.ts';
import { requestsOf } from './requests.ts';
import { stagesOf } from './stages.ts';

/** What happens beside the plain course of life.ts; each part is made when it is first needed. */
export function partsOf(vu: Vu, life: Life, moment: Moment): Parts {
  let endings: Endings | null = null;
  let requests: Requests | null = null;
  let stages: Stages | null = null;
  let flow: Flow | null = null;
  let notes: Notes | null = null;
  let fanOut: FanOut | null = null;
  const parts: Parts = {
    moment,
    hasMemory: () => notes !== null,
    watched: (receive, setTimeout) => watched(vu, receive, setTimeout),
    get endings() {
      endings ??= endingsOf(vu, life, moment, parts.notes);
      return endings;
    },
    get requests() {
      requests ??= requestsOf(vu, life, moment, () => parts.notes);
      return requests;
    },
    get stages() {
      stages ??= stagesOf(vu, life, moment);
      return stages;
    },
    get flow() {
      flow ??= flowOf(vu, parts);
      return flow;
    },
    get notes() {
      notes ??= notesOf(vu, moment);
      return notes;
    },
    get fanOut() {
      fanOut ??= fanOutOf(vu, moment, () => parts.notes);
      return fanOut;
    },
  };
  return parts;
}
