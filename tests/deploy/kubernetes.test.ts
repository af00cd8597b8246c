import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { coverageProblems } from '../../lib/report/coverage.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { k6Environment } from '../../scripts/lib/k6-environment.mjs';

const FOLDER = 'deploy/kubernetes';
const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');
const testRun = parse(read('testrun.yaml'));
const kustomization = parse(read('kustomization.yaml'));
const results = parseAllDocuments(read('results.yaml')).map((document) => document.toJS());

/** The values behind a flag in the arguments of k6. */
const valuesOf = (flag: string) => (testRun.spec.args as string[]).filter((_, i, all) => all[i - 1] === flag);

describe('testrun.yaml', () => {
  it("passes the schema of the operator's CRD", () => {
    const schema = JSON.parse(readFileSync(new URL('testrun.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv2020({ strictTypes: false }).compile(schema);
    expect(validate(testRun), JSON.stringify(validate.errors)).toBe(true);
  });

  it('runs the file of the ConfigMap that kustomize makes of the bundle', () => {
    const [configMap] = kustomization.configMapGenerator;
    const [name, source] = configMap.files[0].split('=');
    expect(testRun.spec.script.configMap).toEqual({ name: configMap.name, file: name });
    expect(path.join(FOLDER, source)).toBe('dist/concurrent.js');
    expect(existsSync(`scenarios/${path.basename(source, '.js')}.ts`)).toBe(true);
    expect(kustomization.generatorOptions.disableNameSuffixHash).toBe(true);
    for (const resource of kustomization.resources) expect(existsSync(path.join(FOLDER, resource))).toBe(true);
  });

  it('has settings that the test understands', () => {
    const settings = Object.fromEntries(valuesOf('-e').map((pair) => pair.split(/=(.*)/s)));
    expect(() => parseSettings(settings)).not.toThrow();
    expect(settings['WS_RESULTS_DIR']).toBe(testRun.spec.runner.volumeMounts[0].mountPath);
  });

  it('keeps the environment of the cluster out of the settings', () => {
    expect(testRun.spec.args).toContain('--include-system-env-vars=false');
    // The operator makes Services named after the run; Kubernetes makes NAME_SERVICE_HOST of each.
    expect(testRun.metadata.name).not.toMatch(/^ws-/);
    expect(testRun.spec.runner.env.map(({ name }: { name: string }) => name).join()).not.toMatch(/\bWS_/);
  });

  it('tags the run, writes what the dashboards read, and pins k6', () => {
    expect(valuesOf('--tag')).toEqual([expect.stringMatching(/^testid=./)]);
    expect(valuesOf('--out')).toEqual(['experimental-prometheus-rw']);
    const env = Object.fromEntries(
      testRun.spec.runner.env.map((e: { name: string; value: string }) => [e.name, e.value]),
    );
    expect(env['K6_PROMETHEUS_RW_TREND_STATS'].split(',')).toEqual(
      expect.arrayContaining(['med', 'p(95)', 'p(99)', 'max']),
    );
    expect(testRun.spec.runner.image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it('has Go collect garbage as often as npm start does for its scenario', () => {
    const scenario = path.basename(testRun.spec.script.configMap.file, '.js');
    const { GOGC } = k6Environment({ scenario, settings: {}, folder: '', env: {} });
    expect(testRun.spec.runner.env).toContainEqual({ name: 'GOGC', value: GOGC });
  });

  it('has a directory for each pod on a volume that several nodes can write', () => {
    const claim = results.find(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(claim.spec.accessModes).toEqual(['ReadWriteMany']);
    expect(testRun.spec.runner.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
    expect(testRun.spec.runner.volumeMounts[0].subPathExpr).toBe('$(POD_NAME)');
    const reader = results.find(({ kind }) => kind === 'Pod');
    expect(reader.spec.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
    expect(reader.spec.securityContext.runAsUser).toBe(testRun.spec.runner.securityContext.runAsUser);
  });

  it('is split so that the segments of all pods cover the test (segmentation.go of the operator)', () => {
    const n = testRun.spec.parallelism;
    const bound = (i: number) => (i === 0 ? '0' : i === n ? '1' : `${i}/${n}`);
    const segments = Array.from({ length: n }, (_, i) => `${bound(i)}:${bound(i + 1)}`);
    expect(coverageProblems(segments)).toEqual([]);
  });
});
