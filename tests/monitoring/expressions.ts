import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const MONITORING = path.resolve(import.meta.dirname, '../../monitoring');

export interface Dashboard {
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; query: unknown }[] };
  panels: {
    id: number;
    type: string;
    title: string;
    description?: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
  }[];
}

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export function dashboard(): Dashboard {
  return JSON.parse(readFileSync(path.join(MONITORING, 'grafana/dashboards/websocket.json'), 'utf8'));
}

export function rules(): Rule[] {
  const file = parse(readFileSync(path.join(MONITORING, 'prometheus/rules.yml'), 'utf8'));
  return file.groups.flatMap((group: { rules: Rule[] }) => group.rules);
}

/** The dashboard's expressions with its variables filled in, by panel and legend. */
export function panelExpressions(): { title: string; expr: string }[] {
  return dashboard().panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr, legendFormat }) => ({
      title: `${panel.title}: ${legendFormat}`,
      expr: expr.replaceAll('$testid', '.*').replaceAll('$window', '2h').replaceAll('$__rate_interval', '1m'),
    })),
  );
}

/** Expressions of panels and rules together. */
export function allExpressions(): { title: string; expr: string }[] {
  return [
    ...panelExpressions(),
    ...rules().map((rule) => ({ title: rule.record ?? rule.alert ?? 'rule', expr: rule.expr })),
  ];
}
