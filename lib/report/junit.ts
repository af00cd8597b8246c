import { groupDigits, inShort } from '../plan/format.ts';
import { adviceFor } from './advice.ts';
import { missingDeliveries } from './failures.ts';
import { valueText } from './judge.ts';
import { slowAdvice } from './slow-advice.ts';
import type { Summary, TargetResult } from './summary.ts';
import { unitOf } from './unit.ts';

/**
 * The result as JUnit XML: one test case for each target, and one for the balance of the books. The part of the format
 * that GitHub's, GitLab's and Jenkins' readers share (Jenkins' junit-10.xsd): a missed target is a `failure` with the
 * measured value in its message and the reasons with advice in its text, a target that could not be measured is
 * `skipped`.
 */
export function junit(summary: Summary): string {
  const cases = [...summary.targets.map((target) => targetCase(target, summary)), balanceCase(summary)];
  const seconds = (summary.durationMs / 1000).toFixed(3);
  const counts = [
    `tests="${cases.length}"`,
    `failures="${cases.filter((c) => c.outcome === 'failure').length}"`,
    'errors="0"',
  ].join(' ');
  const skipped = cases.filter((c) => c.outcome === 'skipped').length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="k6-websocket-concurrency" ${counts} time="${seconds}">`,
    `  <testsuite name="${attribute(summary.scenario)}" ${counts} skipped="${skipped}" time="${seconds}">`,
    '    <properties>',
    ...propertiesOf(summary).map(
      ([name, value]) => `      <property name="${attribute(name)}" value="${attribute(String(value))}"/>`,
    ),
    '    </properties>',
    ...cases.map((testCase) => caseXml(testCase, summary.scenario)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  name: string;
  outcome: 'pass' | 'failure' | 'skipped';
  /** One line: what was measured and what was asked. */
  message: string;
  /** Lines that explain a failure. */
  details: string[];
}

function targetCase(target: TargetResult, summary: Summary): Case {
  const measured =
    target.actual === null ? 'nothing measured' : `measured ${valueText(target.actual, unitOf(target.metric))}`;
  const outcome = target.pass === null ? 'skipped' : target.pass ? 'pass' : 'failure';
  return {
    name: `${target.name} ${target.target}`,
    outcome,
    message:
      outcome === 'skipped'
        ? `${target.name} could not be measured`
        : `${target.name}: ${measured}, asked ${target.target}`,
    details: outcome === 'failure' ? [`metric: ${target.metric}`, ...reasonsBehind(target, summary)] : [],
  };
}

/**
 * The counted reasons of what the target is about, each with its advice; of a time where to look; for figures of the
 * generator its limits.
 */
function reasonsBehind({ metric: judged, actual }: TargetResult, summary: Summary): string[] {
  // A step of a capacity test is judged by metrics of its own.
  const metric = judged.replace(/^ws_step_held/, 'ws_connections_held').replace(/^ws_step_(connect|ready)_/, 'ws_$1_');
  const { connections, messages, generator } = summary;
  const nothing = actual === null ? ['A target without samples fails: nothing was tested.'] : [];
  const slow = actual === null ? null : slowAdvice(metric);
  if (slow !== null) return [...generator.limits, slow];
  if (metric.startsWith('ws_message')) return [...nothing, ...reasons('message', messages.failed, 'messages')];
  if (metric.startsWith('ws_delivery_success')) {
    return [...nothing, ...reasons('delivery', missingDeliveries(summary), 'deliveries')];
  }
  if (metric.startsWith('ws_script_errors')) return Object.keys(summary.scriptErrors);
  if (metric.startsWith('ws_ready')) return [...nothing, ...reasons('ready', connections.notReady, 'logins')];
  if (metric.startsWith('ws_connections_held')) return [...nothing, ...reasons('drop', connections.dropped, 'dropped')];
  if (summary.reconnect && /^ws_(clients|outages|recovery|availability)/.test(metric)) {
    return [
      ...nothing,
      ...Object.entries(summary.reconnect.clients.down).map(
        ([reason, count]) => `${groupDigits(count)} clients down at the end: ${reason}`,
      ),
      ...reasons('drop', connections.dropped, 'dropped'),
      ...reasons('connect', connections.failed, 'attempts failed'),
    ];
  }
  if (metric.startsWith('ws_connect_success') || actual === null) {
    return [...nothing, ...reasons('connect', connections.failed, 'connections not established')];
  }
  return generator.limits;
}

function reasons(kind: Parameters<typeof adviceFor>[0], counts: Record<string, number>, what: string): string[] {
  return Object.entries(counts).map(
    ([reason, count]) => `${groupDigits(count)} ${what}: ${reason}. ${adviceFor(kind, reason)}`,
  );
}

function balanceCase({ balanced, differences }: Summary): Case {
  return {
    name: 'the books balance',
    outcome: balanced ? 'pass' : 'failure',
    message: `the books do not balance: ${differences.join('; ')}`,
    details: differences,
  };
}

/** What a reader needs to find the run again; no addresses but the plan's, which hold no secrets. */
function propertiesOf({ plan, connections, generator, capacity }: Summary): [string, string | number][] {
  return [
    ['urls', inShort(plan.urls)],
    ['profile', plan.profile],
    ['planned', connections.planned],
    ['established', connections.established],
    ['ready', connections.ready],
    ['segment', plan.segment ?? 'all'],
    ['memoryBytes', generator.memoryBytes ?? 'not measured'],
    ...(capacity
      ? ([
          ['capacity', capacity.holds],
          ['capacityFailedAt', capacity.failedAt ?? 'none'],
        ] as [string, string | number][])
      : []),
  ];
}

function caseXml({ name, outcome, message, details }: Case, scenario: string): string {
  const head = `    <testcase classname="${attribute(scenario)}" name="${attribute(name)}" time="0"`;
  switch (outcome) {
    case 'pass':
      return `${head}/>`;
    case 'skipped':
      return `${head}><skipped message="${attribute(message)}"/></testcase>`;
    case 'failure':
      return `${head}><failure type="target" message="${attribute(message)}">${text([message, ...details].join('\n'))}</failure></testcase>`;
  }
}

/** What XML 1.0 cannot hold: controls but tab and line breaks, lone surrogates, two non-characters. */
const NOT_XML = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

/** Escapes a text for an element. Close reasons come from the server: what XML cannot hold becomes `?`. */
function text(value: string): string {
  return value.replace(NOT_XML, '?').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escapes a text for an attribute in double quotes; line breaks stay line breaks. */
function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}
