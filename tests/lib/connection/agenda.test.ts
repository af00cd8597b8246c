import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agendaOf } from '../../../lib/connection/agenda.ts';
import { seeded } from '../random.ts';

interface Note {
  name: string;
}

const START = 1_000;

/** An agenda that writes down what it did when; `again` tells when an entry wants to be looked at once more. */
function anAgenda(again: (note: Note, now: number) => number = () => 0) {
  const done: [string, number][] = [];
  const agenda = agendaOf<Note>((note, now) => {
    done.push([note.name, now]);
    return again(note, now);
  });
  return { agenda, done };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an agenda', () => {
  it('does each entry at its time, whatever the order they came in', () => {
    const { agenda, done } = anAgenda();
    for (const [name, at] of [
      ['c', 1_030],
      ['a', 1_010],
      ['b', 1_020],
    ] as const)
      agenda.add({ name }, at);
    vi.runAllTimers();
    expect(done).toEqual([
      ['a', 1_010],
      ['b', 1_020],
      ['c', 1_030],
    ]);
  });

  it('has one timer, and none when it is empty', () => {
    const { agenda } = anAgenda();
    for (let i = 50; i > 0; i--) {
      agenda.add({ name: String(i) }, START + i);
      expect(vi.getTimerCount()).toBe(1);
    }
    vi.advanceTimersByTime(25);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(25);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps those of one time in the order they came', () => {
    const { agenda, done } = anAgenda();
    agenda.add({ name: 'last' }, 1_020);
    for (const name of ['a', 'b', 'c']) agenda.add({ name }, 1_010);
    vi.runAllTimers();
    expect(done.map(([name]) => name)).toEqual(['a', 'b', 'c', 'last']);
  });

  it('does at once what is overdue', () => {
    const { agenda, done } = anAgenda();
    agenda.add({ name: 'a' }, 1);
    vi.advanceTimersByTime(0);
    expect(done).toEqual([['a', START]]);
  });

  it('looks again when an entry asks for it', () => {
    const { agenda, done } = anAgenda((_, now) => (now < START + 30 ? now + 10 : 0));
    agenda.add({ name: 'a' }, START + 10);
    vi.runAllTimers();
    expect(done.map(([, now]) => now - START)).toEqual([10, 20, 30]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives an entry that asks for now its next turn, not this one', () => {
    let turns = 0;
    const { agenda, done } = anAgenda((_, now) => {
      turns += 1;
      return turns < 3 ? now : 0;
    });
    agenda.add({ name: 'a' }, START);
    vi.advanceTimersByTime(0);
    expect(done).toHaveLength(1);
    vi.runAllTimers();
    expect(done.map(([, now]) => now - START)).toEqual([0, 1, 2]);
  });

  it('moves an entry to an earlier and to a later time', () => {
    const { agenda, done } = anAgenda();
    const [early, late] = [{ name: 'early' }, { name: 'late' }];
    agenda.add(early, START + 10);
    agenda.add(late, START + 20);
    agenda.move(early, START + 30);
    agenda.move(late, START + 5);
    vi.runAllTimers();
    expect(done).toEqual([
      ['late', START + 5],
      ['early', START + 30],
    ]);
  });

  it('takes an entry out, and sets no timer again for that while others are left', () => {
    const { agenda, done } = anAgenda();
    const out = { name: 'out' };
    agenda.add(out, START + 10);
    agenda.add({ name: 'stays' }, START + 20);
    const set = vi.spyOn(globalThis, 'setTimeout');
    agenda.move(out, 0);
    expect(set).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(done).toEqual([['stays', START + 20]]);
    set.mockRestore();
  });

  it('sets no timer again when its last entry is taken out before the alarm, and still rings', () => {
    const { agenda } = anAgenda();
    const only = { name: 'only' };
    const rung: number[] = [];
    agenda.alarm(START + 50, (now) => {
      rung.push(now - START);
      return 0;
    });
    agenda.add(only, START + 10);
    const set = vi.spyOn(globalThis, 'setTimeout');
    agenda.move(only, 0);
    expect(set).not.toHaveBeenCalled();
    set.mockRestore();
    vi.runAllTimers();
    expect(rung).toEqual([50]);
  });

  it('has no timer left once its last entry is taken out', () => {
    const { agenda } = anAgenda();
    const only = { name: 'only' };
    agenda.add(only, START + 10);
    agenda.move(only, 0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has a timer until its alarm, whatever is left to do', () => {
    const { agenda, done } = anAgenda();
    agenda.alarm(START + 50, () => 0);
    agenda.add({ name: 'a' }, START + 10);
    vi.advanceTimersByTime(49);
    expect(done).toEqual([['a', START + 10]]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does what is left after its alarm', () => {
    const { agenda, done } = anAgenda();
    agenda.alarm(START + 50, () => 0);
    agenda.add({ name: 'a' }, START + 60);
    vi.runAllTimers();
    expect(done).toEqual([['a', START + 60]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rings its alarm at its time, again when that asks for it, whatever the entries do', () => {
    const { agenda, done } = anAgenda((_, now) => (now < START + 40 ? now + 10 : 0));
    const rung: number[] = [];
    agenda.add({ name: 'a' }, START + 10);
    agenda.alarm(START + 15, (now) => {
      rung.push(now - START);
      return now < START + 45 ? START + 45 : 0;
    });
    vi.runAllTimers();
    expect(rung).toEqual([15, 45]);
    expect(done.map(([, now]) => now - START)).toEqual([10, 20, 30, 40]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes in entries that are added while it acts', () => {
    const { agenda, done } = anAgenda((note) => {
      if (note.name === 'a') agenda.add({ name: 'b' }, START + 15);
      return 0;
    });
    agenda.add({ name: 'a' }, START + 10);
    vi.runAllTimers();
    expect(done).toEqual([
      ['a', START + 10],
      ['b', START + 15],
    ]);
  });

  it('does an entry once in its turn, even if it adds one that is overdue', () => {
    const { agenda, done } = anAgenda((note, now) => {
      if (note.name !== 'a' || now > START + 10) return 0;
      agenda.add({ name: 'overdue' }, START);
      return now + 10;
    });
    agenda.add({ name: 'a' }, START + 10);
    vi.runAllTimers();
    expect(done).toEqual([
      ['a', START + 10],
      ['overdue', START + 10],
      ['a', START + 20],
    ]);
  });

  it('leaves out an entry that is taken out while it acts, and asks no more of it', () => {
    const { agenda, done } = anAgenda((note, now) => {
      if (note.name !== 'a') return 0;
      agenda.move(note, 0);
      return now + 1;
    });
    const a = { name: 'a' };
    agenda.add(a, START + 10);
    agenda.add({ name: 'b' }, START + 20);
    vi.runAllTimers();
    expect(done.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('does all that go round in order and in time, while others come, move and go', () => {
    const random = seeded(11);
    /** When each is due next. */
    const due = new Map<string, number>();
    let early = 0;
    let turns = 0;
    const { agenda, done } = anAgenda((note, now) => {
      turns += 1;
      if (now < (due.get(note.name) ?? Number.POSITIVE_INFINITY)) early += 1;
      due.delete(note.name);
      // Mostly after all others, now and then before some, and seldom for the last time.
      const dice = random();
      if (dice > 0.98 || now > START + 50_000) return 0;
      const at = now + (dice < 0.9 ? 1_000 : Math.ceil(random() * 1_000));
      due.set(note.name, at);
      return at;
    });
    const notes = Array.from({ length: 50 }, (_, i) => ({ name: String(i) }));
    for (let step = 0; step < 4_000; step++) {
      const note = notes[Math.floor(random() * notes.length)] as Note;
      const dice = random();
      if (dice < 0.05) {
        agenda.move(note, 0);
        due.delete(note.name);
      } else if (dice < 0.15) {
        const at = Date.now() + 1 + Math.floor(random() * 1_000);
        agenda.move(note, at);
        due.set(note.name, at);
      }
      vi.advanceTimersByTime(20);
      expect([...due.values()].filter((time) => time <= Date.now())).toEqual([]);
    }
    vi.runAllTimers();
    expect(early).toBe(0);
    expect(due.size).toBe(0);
    expect(turns).toBeGreaterThan(1_000);
    expect(done.map(([, now]) => now)).toEqual(done.map(([, now]) => now).sort((a, b) => a - b));
  });

  it('loses none and does none early among many random adds, moves and removals', () => {
    const random = seeded(7);
    const { agenda, done } = anAgenda();
    const expected = new Map<string, number>();
    const notes: Note[] = [];
    for (let i = 0; i < 2_000; i++) {
      const at = START + 1 + Math.floor(random() * 10_000);
      const dice = random();
      const known = notes[Math.floor(random() * notes.length)];
      if (dice < 0.6 || !known) {
        const note = { name: String(i) };
        notes.push(note);
        agenda.add(note, at);
        expected.set(note.name, at);
      } else if (dice < 0.9) {
        agenda.move(known, at);
        expected.set(known.name, at);
      } else {
        agenda.move(known, 0);
        expected.delete(known.name);
      }
    }
    vi.runAllTimers();
    expect(new Map(done)).toEqual(expected);
    expect(done).toHaveLength(expected.size);
  });
});
