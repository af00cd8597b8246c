import { describe, expect, it } from 'vitest';
import {
  argumentsFor,
  hasSegment,
  localIpsIn,
  refuseForProcesses,
} from '../../../scripts/lib/processes/k6-arguments.mjs';

describe('refuseForProcesses()', () => {
  const refusal = (args: string[], env = {}, hasDashboard = false) => {
    try {
      refuseForProcesses(args, env, hasDashboard);
      return '';
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 });
      return (error as Error).message;
    }
  };

  it.each([
    [['--address', '127.0.0.1:7'], 'leave out --address.'],
    [['--execution-segment=0:1/2'], 'leave out --execution-segment.'],
    [['--out', 'web-dashboard'], 'there is no live page'],
    [['--out', 'web-dashboard=port=-10&record=x-{process}'], 'there is no live page'],
    [['--out', 'web-dashboard=port=-1&record=x'], 'record=results/process-{process}/series.ndjson.gz'],
    [['--out=web-dashboard=export=x&port=-1'], 'by --out: put {process}'],
    [['-o', 'json=x.json'], 'put {process} into its name, for example --out json=samples-{process}.json.'],
    [['--out=csv=x'], '--out csv=samples-{process}.csv.'],
    [['--summary-export', 'x'], 'by --summary-export: put {process}'],
    [['--console-output=x'], 'by --console-output: put {process}'],
    [['--log-output', 'file=x'], 'for example --log-output file=k6-{process}.log.'],
  ])('%j', (args, what) => {
    expect(refusal(args)).toContain(what);
  });

  it.each([
    [{ K6_ADDRESS: ':7' }, 'leave out K6_ADDRESS.'],
    [{ K6_EXECUTION_SEGMENT: '0:1/2' }, 'leave out K6_EXECUTION_SEGMENT.'],
    [{ K6_OUT: 'statsd,json=x' }, 'put {process} into its name'],
    [{ K6_WEB_DASHBOARD: 'true' }, 'there is no live page'],
  ])('%j', (env, what) => {
    expect(refusal([], env)).toContain(what);
  });

  it('--dashboard', () => {
    expect(refusal([], {}, true)).toContain('there is no live page');
  });

  it('lets through what each can have', () => {
    const args = [
      '--out',
      'experimental-prometheus-rw',
      '-o',
      'json=x-{process}',
      '--log-output=stdout',
      '--out=web-dashboard=port=-1&record=process-{process}/series.ndjson.gz',
      '--tag',
      'a=b',
    ];
    expect(refusal([...args, '--summary-mode=full'], { K6_OUT: 'json=x' })).toBe('');
  });
});

describe('argumentsFor()', () => {
  it('puts in the number of the process', () => {
    expect(argumentsFor(['--out', 'json=x-{process}'], 3, undefined)).toEqual(['--out', 'json=x-3']);
  });

  it.each([[['--local-ips', 'x', '--quiet']], [['--local-ips=x', '--quiet']], [['--quiet']]])(
    'turns the source addresses of %j',
    (args) => {
      const own = argumentsFor(args, 2, { text: '10.0.0.1,10.0.0.2', steps: 1 });
      expect(own).toEqual(['--quiet', '--local-ips', '10.0.0.2,10.0.0.1']);
    },
  );
});

it('localIpsIn() takes the argument before the variable', () => {
  expect(localIpsIn([], {})).toBeUndefined();
  expect(localIpsIn([], { K6_LOCAL_IPS: 'a' })).toBe('a');
  expect(localIpsIn(['--local-ips', 'b'], { K6_LOCAL_IPS: 'a' })).toBe('b');
  expect(localIpsIn(['--local-ips=c'], {})).toBe('c');
});

it('hasSegment() knows when others have the rest of the test', () => {
  expect(hasSegment(['--execution-segment-sequence', '0,1'], {})).toBe(false);
  expect(hasSegment(['--execution-segment', '0:1/2'], {})).toBe(true);
  expect(hasSegment([], { K6_EXECUTION_SEGMENT: '0:1/2' })).toBe(true);
});
