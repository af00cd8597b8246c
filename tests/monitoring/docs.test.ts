import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rules } from './expressions.ts';

const page = (name: string) => readFileSync(path.join('docs', name), 'utf8');

describe('docs/monitoring.md', () => {
  it('explains each alert', () => {
    for (const { alert } of rules()) if (alert) expect(page('monitoring.md')).toContain(`| \`${alert}\` |`);
  });

  it('has k6 write the same figures as the TestRun does', () => {
    const stats = /K6_PROMETHEUS_RW_TREND_STATS='([^']+)'/.exec(page('monitoring.md'))?.[1];
    const { runner } = parse(readFileSync('deploy/kubernetes/testrun.yaml', 'utf8')).spec;
    const env: { name: string; value?: string }[] = runner.env;
    expect(stats).toBe(env.find(({ name }) => name === 'K6_PROMETHEUS_RW_TREND_STATS')?.value);
  });
});

describe.each(['monitoring.md', 'distributed.md'])('docs/%s', (name) => {
  it('names files that are there', () => {
    const named = [...page(name).matchAll(/\b((?:deploy|monitoring|scripts)\/[\w./-]*\w)/g)].map(([, file]) => file);
    expect(named.length).toBeGreaterThan(3);
    for (const file of named) expect(existsSync(file as string), file).toBe(true);
    for (const [, link = ''] of page(name).matchAll(/\]\((\w[\w-]*\.md)/g))
      expect(existsSync(`docs/${link}`)).toBe(true);
  });
});
