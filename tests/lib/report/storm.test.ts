import { describe, expect, it } from 'vitest';
import { stormSettings } from '../../../lib/plan/storm.ts';
import { readBaseline } from '../../../lib/report/baseline.ts';
import { compare, comparisonSection } from '../../../lib/report/comparison.ts';
import { stormAdvice } from '../../../lib/report/storm-advice.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { aSummary } from './a-summary.ts';

const batched = aSummary();
const storm = aSummary({
  scenario: 'storm',
  plan: { ...batched.plan, batchSize: 1_000 },
  connections: { ...batched.connections, established: 700, failed: { refused: 300 } },
  latencyMs: { ...batched.latencyMs, connect: null, establish: null },
});

it('opens all at once, whatever the batch size', () => {
  expect(stormSettings(parseSettings({ WS_CONNECTIONS: '700', WS_BATCH_SIZE: '10' })).batchSize).toBe(700);
});

describe('the batched run to compare with', () => {
  const files = (known: Record<string, string>) => ({
    candidates: (path: string) => [`/typed/${path}`, `/dist/${path}`],
    open(path: string) {
      const text = known[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    },
  });
  const text = JSON.stringify(batched);

  it('need not be', () => {
    expect(readBaseline(null, files({}))).toBe(null);
  });

  it('is in the first of the places where files of the user are looked for', () => {
    const there = files({ '/typed/s.json': text, '/dist/s.json': 'another' });
    expect(readBaseline('s.json', there)).toEqual({ file: 's.json', summary: batched });
    expect(readBaseline('s.json', files({ '/dist/s.json': text }))?.summary).toEqual(batched);
  });

  it('that is missing is told with the places where it was looked for', () => {
    expect(() => readBaseline('s.json', files({}))).toThrow(
      'WS_COMPARE_WITH="s.json": there is no such file, or it cannot be read; looked for /typed/s.json, /dist/s.json; for example WS_COMPARE_WITH=results/summary.json',
    );
  });

  it.each([
    { what: 'no JSON', known: { '/typed/s.json': 'nope' }, says: 'expected the summary.json of a run' },
    { what: 'null', known: { '/typed/s.json': 'null' }, says: 'expected the summary.json of a run' },
    {
      what: 'another JSON',
      known: { '/typed/s.json': '{"schemaVersion":3}' },
      says: 'expected the summary.json of a run',
    },
    {
      what: 'of an older release',
      known: { '/typed/s.json': JSON.stringify({ ...batched, schemaVersion: 1 }) },
      says: 'schemaVersion 1 of an older release, expected 2',
    },
    ...['plan', 'connections', 'latencyMs'].map((part) => ({
      what: `without figures in ${part}`,
      known: { '/typed/s.json': JSON.stringify({ ...batched, [part]: part === 'latencyMs' ? null : {} }) },
      says: 'expected the summary.json of a run of this package',
    })),
    {
      what: 'of another scenario',
      known: { '/typed/s.json': JSON.stringify({ ...batched, scenario: 'tiers' }) },
      says: 'expected a run of concurrent or multiplexed or storm, this one is of tiers',
    },
    {
      what: 'a storm itself',
      known: { '/typed/s.json': JSON.stringify(storm) },
      says: 'expected the summary.json of a batched',
    },
  ])('is refused when it is $what', ({ known, says }) => {
    expect(() => readBaseline('s.json', files(known))).toThrow(`WS_COMPARE_WITH="s.json": ${says}`);
  });
});

describe('the comparison', () => {
  it('has both runs side by side, with every reason of either', () => {
    const { title, lines } = comparisonSection(compare(storm, { file: 's.json', summary: batched }));
    expect(title).toBe('Compared with s.json');
    expect(lines).toEqual([
      '                       concurrent  storm',
      'opened at once         50          1,000',
      'attempted              1,000       1,000',
      'connect success        100.00 %    70.00 %',
      'failed: refused        0           300',
      'connect p95            10ms        nothing measured',
      'time to establish all  1.04s       nothing measured',
    ]);
  });

  it('warns of different sizes', () => {
    const small = aSummary({ connections: { ...batched.connections, attempted: 10 } });
    const { lines } = comparisonSection(compare(storm, { file: 's.json', summary: small }));
    expect(lines.at(-1)).toBe('! The runs are of different sizes: compare shares, not counts.');
  });
});

describe('the advice of a storm', () => {
  const settings = { batchSize: 100, batchDelayMs: 50 };

  it.each(['refused', 'reset', 'connect_timeout', 'handshake_timeout', 'ports_exhausted'])(
    'names the batches for %s',
    (reason) => {
      expect(stormAdvice(reason, settings, storm)).toContain('the scenario concurrent opens 100 at a time, 50ms apart');
    },
  );

  it.each(['dns', 'http_4xx', 'tls'])('leaves %s alone, which batches do not cure', (reason) => {
    expect(stormAdvice(reason, settings, storm)).toBe('');
  });

  describe('where no connection came about', () => {
    const { connections, plan } = storm;
    const dead = aSummary({ connections: { ...connections, established: 0, failed: { refused: 1_000 } } });
    const of = (byTarget: Record<string, number>) => ({
      connections,
      plan: { ...plan, urls: ['ws://a:1/', 'ws://b:1/', 'ws://c:1/'] },
      byTarget,
    });

    it.each(['refused', 'reset', 'connect_timeout', 'handshake_timeout'])('claims no overflow for %s', (reason) => {
      expect(stormAdvice(reason, settings, dead)).toBe('');
    });

    it('still names the ports of this host, which it can have run out of all the same', () => {
      expect(stormAdvice('ports_exhausted', settings, dead)).toContain('all at once');
    });

    it('claims none of a target that took none, while others took all', () => {
      expect(stormAdvice('refused', settings, of({ '2 b:1: not established': 333 }))).toBe('');
      expect(stormAdvice('refused', settings, of({ '1 a:1: not established': 334, '2 b:1: dropped': 3 }))).toBe('');
      expect(
        stormAdvice('refused', settings, of({ '2 b:1: not established': 333, '3 c:1: not established': 9 })),
      ).toContain('listen queue');
    });
  });
});
