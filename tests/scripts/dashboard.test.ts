import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboardVariables, usersDashboardPort } from '../../scripts/lib/dashboard.mjs';

const resultsDir = path.resolve('/results here');
const variables = (given: Partial<Parameters<typeof dashboardVariables>[0]> = {}) =>
  dashboardVariables({ livePort: undefined, resultsDir: undefined, k6Args: [], env: {}, ...given });

describe('the dashboard', () => {
  test('is not there unasked', () => {
    expect(variables()).toEqual({});
  });

  test('leaves a file without a page where results are asked for', () => {
    expect(variables({ resultsDir })).toMatchObject({
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_PORT: '-1',
      K6_WEB_DASHBOARD_RECORD: path.join(resultsDir, 'series.ndjson.gz'),
      XK6_DASHBOARD_CONFIG: expect.stringMatching(/\.dashboard\.json$/),
    });
  });

  test('is live on this host alone', () => {
    const live = variables({ livePort: 5665 });
    expect(live).toMatchObject({
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_HOST: '127.0.0.1',
      K6_WEB_DASHBOARD_PORT: '5665',
    });
    expect(live).not.toHaveProperty('K6_WEB_DASHBOARD_RECORD');
  });

  test("is the user's own where there is one, and not added a second time", () => {
    for (const own of [
      { k6Args: ['--out', 'web-dashboard=port=7'] },
      { k6Args: ['-o', 'json=x', '--out=web-dashboard'] },
      { env: { K6_OUT: 'json=x, web-dashboard' } },
    ]) {
      const given = variables({ resultsDir, ...own });
      expect(given, JSON.stringify(own)).not.toHaveProperty('K6_WEB_DASHBOARD');
      expect(given).not.toHaveProperty('K6_WEB_DASHBOARD_PORT');
      expect(given).toHaveProperty('K6_WEB_DASHBOARD_RECORD');
    }
    // k6 lets the command line take the place of K6_OUT.
    const env = { K6_OUT: 'web-dashboard' };
    expect(variables({ resultsDir, k6Args: ['--out', 'csv=x'], env })).toMatchObject({ K6_WEB_DASHBOARD: 'true' });
  });

  test('follows what the environment says of it', () => {
    const env = { K6_WEB_DASHBOARD: 'true', K6_WEB_DASHBOARD_PERIOD: '5s', XK6_DASHBOARD_CONFIG: '/mine.json' };
    expect(variables({ env })).toMatchObject(env);
    // A page that the user asked for is not taken away by the results.
    expect(variables({ env, resultsDir })).not.toHaveProperty('K6_WEB_DASHBOARD_PORT');
    expect(variables({ env: { K6_WEB_DASHBOARD: 'false' }, resultsDir })).toMatchObject({ K6_WEB_DASHBOARD: 'false' });
  });

  test('is there for --dashboard whatever the environment says', () => {
    const env = { K6_WEB_DASHBOARD: 'false', K6_WEB_DASHBOARD_PORT: '-1' };
    expect(variables({ env, livePort: 5665 })).toMatchObject({
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_PORT: '5665',
    });
  });
});

test.each([
  ['7000', 7000],
  ['-1', undefined],
  ['x', undefined],
  [undefined, undefined],
])('K6_WEB_DASHBOARD_PORT=%s shows the page at %s', (text, port) => {
  expect(usersDashboardPort({ K6_WEB_DASHBOARD_PORT: text })).toBe(port);
});
