import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junit } from '../../../lib/report/junit.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { aSummary } from './a-summary.ts';

const SCHEMA = readFileSync(new URL('junit.xsd', import.meta.url), 'utf8');

async function schemaErrors(xml: string): Promise<string[]> {
  const result = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [{ fileName: 'junit.xsd', contents: SCHEMA }],
  });
  return result.errors.map((error) => error.message);
}

/** A run that missed targets, with texts that are hostile to XML. */
function failedSummary(): Summary {
  const summary = aSummary({ verdict: 'fail', balanced: false, differences: ['3 more outcomes than attempts'] });
  summary.scenario = 'steps & "ramps" <2>';
  summary.targets[0] = {
    name: 'connect success',
    metric: 'ws_connect_success',
    target: '> 95 %',
    actual: 0.8765,
    pass: false,
  };
  summary.targets[4] = {
    name: 'generator memory',
    metric: 'generator_memory',
    target: '< 500MB',
    actual: null,
    pass: null,
  };
  summary.connections.failed = { refused: 1_100, http_5xx: 135, '\u0000]]>&amp;\uD800': 1 };
  return summary;
}

describe('junit()', () => {
  it('is valid for the schema that the CI readers share, in a good run and a bad one', async () => {
    expect(await schemaErrors(junit(aSummary()))).toEqual([]);
    expect(await schemaErrors(junit(failedSummary()))).toEqual([]);
  });

  it('names the first of many targets', () => {
    const { plan } = aSummary();
    const urls = ['ws://a/', 'ws://b/', 'ws://c/', 'ws://d/', 'ws://e/'];
    expect(junit(aSummary({ plan: { ...plan, urls } }))).toContain(
      '<property name="urls" value="ws://a/, ws://b/, ws://c/ and 2 more"/>',
    );
  });

  it('has one test case for each target and one for the balance', () => {
    const names = [...junit(aSummary()).matchAll(/<testcase classname="concurrent" name="([^"]*)"/g)].map((m) => m[1]);
    expect(names).toEqual([
      'connect success &gt; 95 %',
      'message success &gt; 90 %',
      'connect time &lt; 10s',
      'establish time &lt; 5s',
      'generator memory &lt; 500MB',
      'never attempted 0',
      'connects pending 0',
      'connections open 0',
      'messages pending 0',
      'the books balance',
    ]);
    expect(junit(aSummary())).toContain('tests="10" failures="0" errors="0"');
  });

  it('names the measured value, the target, each reason with its count and its advice', () => {
    const xml = junit(failedSummary());
    expect(xml).toContain('tests="10" failures="2" errors="0" skipped="1"');
    expect(xml).toContain('message="connect success: measured 87.65 %, asked &gt; 95 %"');
    expect(xml).toMatch(/1,100 connections not established: refused\. \S/);
    expect(xml).toMatch(/135 connections not established: http_5xx\. \S/);
    expect(xml).toContain('3 more outcomes than attempts');
  });

  it('skips what could not be measured: it is neither passed nor failed', () => {
    expect(junit(failedSummary())).toContain('<skipped message="generator memory could not be measured"/>');
  });

  it('fails a target without samples and says why', () => {
    const summary = aSummary({ verdict: 'fail' });
    summary.targets[2] = {
      name: 'connect time',
      metric: 'ws_connect_time',
      target: '< 10s',
      actual: null,
      pass: false,
    };
    expect(junit(summary)).toContain('message="connect time: nothing measured, asked &lt; 10s"');
    expect(junit(summary)).toContain('A target without samples fails');
  });

  it('says where to look when a time was too long', () => {
    const summary = aSummary({ verdict: 'fail' });
    const late = (name: string, metric: string) => ({ name, metric, target: '< 1s', actual: 2_000, pass: false });
    summary.targets = [
      late('round trip p95', 'ws_message_rtt'),
      late('connect time', 'ws_connect_time{scenario:tier_1000}'),
      late('establish time', 'ws_establish_time'),
      late('delivery p95', 'ws_delivery_time'),
      late('round trip p95 at 1,000', 'ws_message_rtt{step:1000}'),
    ];
    summary.generator.limits = ['It acted 3s late.'];
    const failures = [...junit(summary).matchAll(/<failure [^>]*>[^<]*/g)].map(([text]) => text);
    expect(failures[0]).toContain('replies took longer than the target allows. Look at the CPU');
    expect(failures[1]).toContain('handshakes took longer than the target allows. Look at the accept queue');
    expect(failures[2]).toContain('it counts from the first batch to the last open');
    expect(failures[3]).toContain('messages to others took longer than the target allows. Look at how it fans out');
    expect(failures[4]).toContain('replies took longer with more connections open');
    for (const failure of failures) expect(failure).toContain('It acted 3s late.');
  });

  it('replaces what XML cannot hold and keeps what it can', () => {
    const summary = failedSummary();
    summary.differences = ['a\u0008b\u0085c\uFFFFd \uD83D\uDE00 tab\there'];
    const xml = junit(summary);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
    expect(xml).not.toMatch(/[\u0000-\u0008\uFFFF]/);
    expect(xml).toContain('a?b?c?d \uD83D\uDE00 tab\there');
    expect(xml).toContain('?]]&gt;&amp;amp;?');
  });

  it('names the reasons behind logins that failed, and what the script threw', () => {
    const summary = aSummary({ verdict: 'fail', scriptErrors: { 'TypeError at chat.ts:1:2': 3 } });
    summary.targets = [
      { name: 'logins', metric: 'ws_ready_success', target: '> 95 %', actual: 0.9, pass: false },
      { name: 'script errors', metric: 'ws_script_errors', target: '0', actual: 3, pass: false },
      { name: 'deliveries', metric: 'ws_delivery_success', target: '>= 99 %', actual: 0.5, pass: false },
    ];
    summary.deliveries = { expected: 10, delivered: 5, missing: 5, duplicate: 0 };
    summary.connections = { ...summary.connections, ready: 900, notReady: { 'wrong password': 60, timeout: 40 } };
    const [logins, script, deliveries] = [...junit(summary).matchAll(/<failure [^>]*>[^<]*/g)].map(([text]) => text);
    expect(logins).toContain('60 logins: wrong password. The conversation: it said so itself before ready(), by fail(');
    expect(logins).toContain('40 logins: timeout. ');
    expect(script).toContain('TypeError at chat.ts:1:2');
    expect(deliveries).toContain('deliveries: measured 50.00 %, asked &gt;= 99 %');
    expect(deliveries).toContain('5 deliveries: missing. Server or the conversation: it did not bring them');
    expect(junit(summary)).toContain('<property name="ready" value="900"/>');
  });

  it('names the reasons behind a step of a capacity test, and behind clients that were down too long', () => {
    const summary = aSummary({ verdict: 'fail', scenario: 'capacity' });
    summary.targets = [
      {
        name: 'connect success at 1,000',
        metric: 'ws_step_connect_success{step:1000}',
        target: '> 95 %',
        actual: 0.9,
        pass: false,
      },
      {
        name: 'connections held at 1,000',
        metric: 'ws_step_held{step:1000}',
        target: '> 95 %',
        actual: 0.9,
        pass: false,
      },
    ];
    summary.connections = { ...summary.connections, failed: { refused: 100 }, dropped: { server_close: 90 } };
    const failuresIn = (text: string) => [...text.matchAll(/<failure [^>]*>[^<]*/g)].map(([failure]) => failure);
    const [connect, held] = failuresIn(junit(summary));
    expect(connect).toContain('100 connections not established: refused. ');
    expect(held).toContain('90 dropped: server_close. ');
    summary.capacity = { holds: 500, failedAt: 1_000 } as NonNullable<Summary['capacity']>;
    expect(junit(summary)).toMatch(
      /name="capacity" value="500"\/>\s*<property name="capacityFailedAt" value="1000"\/>/,
    );

    const clients = { planned: 1_000, unattempted: 0, connected: 1_000, up: 990, down: { refused: 10 }, givenUp: 0 };
    summary.reconnect = { clients } as unknown as NonNullable<Summary['reconnect']>;
    summary.targets = [
      { name: 'recovery', metric: 'ws_recovery_time', target: '< 1m', actual: 70_000, pass: false },
      { name: 'availability', metric: 'ws_availability', target: '>= 99 %', actual: 0.9, pass: false },
    ];
    for (const failure of failuresIn(junit(summary))) {
      expect(failure).toContain('10 clients down at the end: refused');
      expect(failure).toContain('90 dropped: server_close. ');
    }
  });
});
