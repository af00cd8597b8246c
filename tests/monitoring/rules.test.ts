import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { TIERS, tierFor } from '../../thresholds/tiers.ts';
import { MONITORING, panelExpressions, rules } from './expressions.ts';
import { hasPromtool, promtool } from './promtool.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a YAML file for promtool; returns its name. */
function yamlFile(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, stringify(content));
  return file;
}

describe('the alerts', () => {
  it('cover the guide: connect success, logins, message success, times, memory, drops, deliveries, script errors, balance', () => {
    expect(rules().flatMap(({ alert }) => alert ?? [])).toEqual([
      'WebSocketConnectSuccessLow',
      'WebSocketLoginsLow',
      'WebSocketMessageSuccessLow',
      'WebSocketConnectTimeHigh',
      'WebSocketEstablishTimeHigh',
      'WebSocketGeneratorMemoryHigh',
      'WebSocketConnectionsDropped',
      'WebSocketDeliveriesMissing',
      'WebSocketClientsNotBack',
      'WebSocketScriptErrors',
      'WebSocketBooksDoNotBalance',
      'WebSocketGeneratorLate',
    ]);
  });

  it('say which run, how much, and what to do', () => {
    for (const { alert, annotations, labels } of rules().filter((rule) => rule.alert)) {
      expect(annotations?.['summary'], alert).toContain('{{ $labels.testid }}');
      expect(annotations?.['summary'], alert).toContain('$value');
      expect(annotations?.['description'], alert).toMatch(/\.$/);
      expect(labels?.['severity'], alert).toMatch(/^(warning|critical)$/);
    }
  });
});

describe.skipIf(!hasPromtool)('promtool', () => {
  it('accepts the configuration and the rules', () => {
    expect(promtool('check', 'config', path.join(MONITORING, 'prometheus/prometheus.yml'))).toMatchObject({
      status: 0,
      output: expect.not.stringContaining('FAILED'),
    });
  });

  it('finds that each alert fires for the run that misses its figure, and for no other', () => {
    const run = promtool('test', 'rules', path.join(MONITORING, 'prometheus/rules.test.yml'));
    expect(run.output).toContain('SUCCESS');
    expect(run.status).toBe(0);
  });

  it('finds the same limits in the alerts as in the thresholds of k6', () => {
    const sizes = [...TIERS.flatMap(({ connections }) => [connections, connections + 1]), 1, 20_000, 50_000];
    const file = yamlFile('limits.test.yml', {
      rule_files: [path.join(MONITORING, 'prometheus/rules.yml')],
      evaluation_interval: '5s',
      tests: [
        {
          interval: '5s',
          input_series: sizes.flatMap((size) => [
            { series: `k6_vus{testid="${size}"}`, values: '1x3' },
            { series: `k6_ws_connect_attempts_total{testid="${size}"}`, values: '0x3' },
            { series: `k6_ws_connects_unattempted_total{testid="${size}"}`, values: `${size}x3` },
          ]),
          promql_expr_test: [
            // promtool compares to the last bit, and 1 - 0.95 is not 0.05.
            limit(
              'round(testid:ws_connect_failures:limit * 1000)',
              sizes,
              (tier) => (1 - tier.minConnectSuccess) * 1000,
            ),
            limit('round(testid:ws_establish_time:limit * 1000)', sizes, (tier) => tier.maxEstablishTimeMs),
            limit('round(testid:generator_memory:limit)', sizes, (tier) => tier.maxMemoryBytes),
          ],
        },
      ],
    });
    expect(promtool('test', 'rules', file)).toMatchObject({ status: 0, output: expect.stringContaining('SUCCESS') });
    for (const { maxConnectTimeMs, minMessageSuccess } of TIERS) {
      expect(exprOf('WebSocketConnectTimeHigh')).toMatch(new RegExp(`>= ${maxConnectTimeMs / 1000}$`));
      expect(Number(/>= ([\d.]+)$/.exec(exprOf('WebSocketMessageSuccessLow'))?.[1])).toBeCloseTo(1 - minMessageSuccess);
    }
  });

  it('can read each expression of the dashboard', () => {
    const file = yamlFile('panels.yml', {
      groups: [
        {
          name: 'panels',
          rules: panelExpressions().map(({ title, expr }, i) => ({ record: `panel_${i}`, expr, labels: { title } })),
        },
      ],
    });
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0, output: expect.stringContaining('SUCCESS') });
  });
});

function exprOf(alert: string): string {
  return rules().find((rule) => rule.alert === alert)?.expr ?? '';
}

function limit(expr: string, sizes: number[], of: (tier: ReturnType<typeof tierFor>) => number): unknown {
  return {
    expr,
    eval_time: '10s',
    exp_samples: [...new Set(sizes)].map((size) => ({
      labels: `{testid="${size}"}`,
      value: Math.round(of(tierFor(size))),
    })),
  };
}
