<#
.SYNOPSIS
Tells whether this host can hold a number of WebSocket connections to a target.

.DESCRIPTION
Changes nothing and needs no administrator rights. Checks the free ports of IPv4 and IPv6 (after excluded ranges and
ports in TIME_WAIT), the free memory, the limit for open files (not on Windows), k6, the name and the port of the target,
the power plan of Windows and the processors. Gives an object for each check, and below them hints and one line of verdict.

A check is Ok, Warning, Failed or Unknown. NOT READY: one failed. NOT KNOWN: the free ports or the free memory could not be read.

.PARAMETER Connections
Number of connections that the run will hold, 1 to 1000000.

.PARAMETER Url
Target, ws:// or wss://, or several separated by commas.

.PARAMETER K6Path
Path of k6. Without it, k6 is looked for on PATH.

.EXAMPLE
./scripts/test-load-host.ps1 -Connections 10000 -Url ws://server:8081/

Can this host hold 10,000 connections to that server?

.EXAMPLE
powershell -ExecutionPolicy Bypass -File scripts\test-load-host.ps1 -Connections 10000 -Url ws://server:8081/ -K6Path C:\tools\k6.exe

The same where scripts are not allowed to run, with a k6 that is not on PATH.

.EXAMPLE
./scripts/test-load-host.ps1 -Connections 10000 -Url ws://server:8081/ | ConvertTo-Json

The checks as JSON; the verdict is no part of it.

.INPUTS
None.

.OUTPUTS
One object per check: Check, Value, Needed, Result, Hint, Decisive (Unknown there makes the verdict NOT KNOWN).

.NOTES
Exit codes: 0 READY; 1 NOT READY or NOT KNOWN, a parameter is wrong, or PowerShell is restricted (constrained language mode).
Windows PowerShell 5.1 and PowerShell 7, on Windows, Linux and macOS.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Mandatory = $true)]
    [ValidateRange(1, 1000000)]
    [int] $Connections,

    [Parameter(Mandatory = $true)]
    [ValidateNotNullOrEmpty()]
    [string] $Url,

    [string] $K6Path = ''
)

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Warning -Message 'PowerShell is restricted on this host (constrained language mode, by AppLocker or App Control), and this script needs its full language. Nothing was checked. Have the scripts folder allowed, or look with the commands of docs/windows.md.'
    exit 1
}

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
if (-not $PSBoundParameters.ContainsKey('InformationAction')) { $InformationPreference = 'Continue' }

Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'LoadHost.psm1') -Verbose:$false

try {
    $checks = @(Invoke-HostPreflight -Connections $Connections -Url $Url -ProgramPath $K6Path)
}
catch {
    # As an error of this script, without the lines of the module.
    $PSCmdlet.ThrowTerminatingError($_)
}
$verdict = Get-PreflightVerdict -Check $checks -Connections $Connections

$checks
foreach ($line in @(Get-PreflightText -Check $checks -Verdict $verdict)) {
    Write-Information -MessageData $line
}
exit [int] (-not $verdict.Passed)
