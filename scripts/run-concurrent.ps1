<#
.SYNOPSIS
Checks this host, runs k6 with the right settings, and leaves a results folder that tells how the host fared.

.DESCRIPTION
    run-concurrent.ps1 [-Url URL] [-Connections N] [-Hold TIME] [-Profile NAME] [-Scenario concurrent|multiplexed]
                       [-ResultsDirectory FOLDER] [-Dashboard] [-K6Path FILE] [-SkipPreflight] [-- arguments of k6 run]

-Url               target, ws:// or wss://, or several separated by commas (WS_URL)
-Connections       number of connections, 1 to 1000000 (WS_CONNECTIONS)
-Hold              how long all connections are held, such as 30s, 20m or 1h30m (WS_HOLD)
-Profile           smoke, development, standard, production or soak (WS_PROFILE)
-Scenario          concurrent (a VU for each connection; the default) or multiplexed (a VU holds many)
-ResultsDirectory  folder for the results; it is created. Default: results/<time> in the current folder
-Dashboard         shows the run live at http://127.0.0.1:5665/ and leaves report.html; k6 ends when the page is closed
-K6Path            path of k6. Without it: k6 on PATH, then the one that node scripts/k6.mjs finds or gets
-SkipPreflight     runs without checking the host first

The results folder holds report.txt (what k6 printed, without its progress), summary.json and junit.xml, host-samples.csv (processor time,
memory, handles and connection states of k6, each 2 s or more), tcp-settings.txt, on Windows tcp-events.json (System
events 4227 and 4231 of the run), and with -Dashboard report.html.

Parameters have their full names and come first. Everything after "--" goes to k6 unchanged, and wins. PowerShell -File
parts words like --name:value at the colon; write name and value of k6's options as two words. (The parameters are read
from the plain words because PowerShell's own binding fails at "--" with -File; they are checked by PowerShell all the same.)

WS_ variables of the environment count as "-e" for k6. Ctrl-C stops k6 in order, and its files stay; the
exit code is then PowerShell's own.

.PARAMETER Url
Target, ws:// or wss://, or several separated by commas (WS_URL).

.PARAMETER Connections
Number of connections, 1 to 1000000 (WS_CONNECTIONS).

.PARAMETER Hold
How long all connections are held, such as 30s, 20m or 1h30m (WS_HOLD).

.PARAMETER Profile
smoke, development, standard, production or soak (WS_PROFILE).

.PARAMETER Scenario
concurrent (a VU for each connection) or multiplexed (a VU holds many). Default: concurrent.

.PARAMETER ResultsDirectory
Folder for the results; it is created. Default: results/<time> in the current folder.

.PARAMETER Dashboard
Shows the run live at http://127.0.0.1:5665/ and leaves report.html. k6 then ends when the page is closed.

.PARAMETER K6Path
Path of k6. Without it: k6 on PATH, then the one that node scripts/k6.mjs finds or gets.

.PARAMETER SkipPreflight
Runs without checking the host first.

.EXAMPLE
./scripts/run-concurrent.ps1 -Url ws://server:8081/ -Profile smoke

100 connections for 10 s.

.EXAMPLE
./scripts/run-concurrent.ps1 -Url ws://server:8081/ -Connections 10000 -Hold 20m -ResultsDirectory C:\results\first -Dashboard

10,000 connections for 20 minutes, live in a browser.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File scripts\run-concurrent.ps1 -Url ws://server:8081/ -Scenario multiplexed -K6Path C:\tools\k6.exe -SkipPreflight -- --tag testid=7

The other scenario, without the checks, with a tag for k6.

.NOTES
Exit codes: k6's own once it runs (0 all targets met, 99 a target missed, 97 to 110 in all). Before it runs: 1 the host
fails the checks, 2 wrong parameters, 3 k6 or the built script was not found.
Windows PowerShell 5.1 and PowerShell 7, on Windows, Linux and macOS.
#>

# No param block, see .DESCRIPTION: Assert-RunParameter has it.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'LoadHost.psm1') -Verbose:$false

function Assert-RunParameter {
    <#
    .SYNOPSIS
    Lets PowerShell check the parameters of this script, and gives them as one object.
    .PARAMETER Url
    Target.
    .PARAMETER Connections
    Number of connections; 0 where it is not given.
    .PARAMETER Hold
    How long all connections are held.
    .PARAMETER ProfileName
    Profile of the run.
    .PARAMETER Scenario
    Scenario of the run.
    .PARAMETER ResultsDirectory
    Folder for the results.
    .PARAMETER Dashboard
    Shows the run live.
    .PARAMETER K6Path
    Path of k6.
    .PARAMETER SkipPreflight
    Runs without checking the host first.
    .EXAMPLE
    Assert-RunParameter -Url ws://server:8081/ -Connections 10000 -Hold 1m -Profile standard
    .EXAMPLE
    Assert-RunParameter -Scenario multiplexed -ResultsDirectory results -Dashboard -K6Path k6 -SkipPreflight
    #>
    [CmdletBinding(PositionalBinding = $false)]
    param(
        # Looked at by ConvertFrom-TargetUrl: PowerShell's own error would show all of it, with a token in it.
        [ValidateNotNullOrEmpty()]
        [string] $Url,

        [ValidateRange(1, 1000000)]
        [int] $Connections,

        [ValidatePattern('^(\d+(\.\d+)?(ms|s|m|h))+$')]
        [string] $Hold,

        [Alias('Profile')]
        [ValidateSet('smoke', 'development', 'standard', 'production', 'soak')]
        [string] $ProfileName,

        [ValidateSet('concurrent', 'multiplexed')]
        [string] $Scenario = 'concurrent',

        [ValidateNotNullOrEmpty()]
        [string] $ResultsDirectory,

        [switch] $Dashboard,

        [ValidateNotNullOrEmpty()]
        [string] $K6Path,

        [switch] $SkipPreflight
    )

    $settings = @{}
    if ($PSBoundParameters.ContainsKey('Url')) { $settings['WS_URL'] = $Url }
    if ($PSBoundParameters.ContainsKey('Connections')) { $settings['WS_CONNECTIONS'] = [string] $Connections }
    if ($PSBoundParameters.ContainsKey('Hold')) { $settings['WS_HOLD'] = $Hold }
    if ($PSBoundParameters.ContainsKey('ProfileName')) { $settings['WS_PROFILE'] = $ProfileName.ToLowerInvariant() }
    $folder = ''
    if ($PSBoundParameters.ContainsKey('ResultsDirectory')) { $folder = $ResultsDirectory }
    $k6 = ''
    if ($PSBoundParameters.ContainsKey('K6Path')) { $k6 = $K6Path }
    return [pscustomobject] @{
        Settings         = $settings
        Scenario         = $Scenario.ToLowerInvariant()
        ResultsDirectory = $folder
        Dashboard        = [bool] $Dashboard
        K6Path           = $k6
        SkipPreflight    = [bool] $SkipPreflight
    }
}

function Invoke-ConcurrentRun {
    <#
    .SYNOPSIS
    Does what the script does and gives its exit code.
    .PARAMETER Word
    The words of the command line.
    .EXAMPLE
    Invoke-ConcurrentRun -Word '-Url', 'ws://server:8081/', '--', '--tag', 'a=b'
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Word = @()
    )

    try {
        $split = Split-RunArgument -Word $Word -SwitchName 'Dashboard', 'SkipPreflight', 'Verbose', 'Debug'
        $named = $split.Named
        $k6Words = [string[]] @($split.Rest)
        $run = Assert-RunParameter @named
        $all = Get-RunSetting -UserArgument $k6Words
        $given = Get-RunSetting
        foreach ($name in @($run.Settings.Keys)) {
            $given[$name] = $run.Settings[$name]
            # Only what follows "--" comes before a parameter.
            if (-not ($k6Words -cmatch "$name=")) { $all[$name] = $run.Settings[$name] }
        }
        $plan = Get-PlannedRun -Setting $all
        $targets = @(ConvertFrom-TargetUrl -Url $plan.Url)
    }
    catch {
        Write-ErrorLine -Text $_.Exception.Message
        Write-ErrorLine -Text "How to call it: Get-Help $PSCommandPath"
        return 2
    }

    $project = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..'))
    $bundle = [System.IO.Path]::Combine($project, 'dist', "$($run.Scenario).js")
    if (-not [System.IO.File]::Exists($bundle)) {
        Write-ErrorLine -Text "$bundle is not there: run `"npm run build`" in $project first."
        return 3
    }
    $k6 = Find-K6 -ProgramPath $run.K6Path -FinderScript ([System.IO.Path]::Combine($PSScriptRoot, 'k6.mjs'))
    if (-not $k6) {
        Write-ErrorLine -Text 'k6 was not found: install it (https://grafana.com/docs/k6/latest/set-up/install-k6/) or name it with -K6Path.'
        return 3
    }

    if (-not $run.SkipPreflight) {
        $checks = @(Invoke-HostPreflight -Connections $plan.Connections -Url $plan.Url -ProgramPath $k6)
        $verdict = Get-PreflightVerdict -Check $checks -Connections $plan.Connections
        $checks | Out-Host
        foreach ($line in @(Get-PreflightText -Check $checks -Verdict $verdict)) { Write-HostLine -Text $line }
        if (-not $verdict.Passed) {
            Write-ErrorLine -Text 'Nothing was run. With -SkipPreflight it runs all the same.'
            return 1
        }
    }

    $folder = $run.ResultsDirectory
    if ($folder -eq '') {
        $folder = Join-Path -Path 'results' -ChildPath ([System.DateTime]::Now.ToString('yyyyMMdd-HHmmss', [System.Globalization.CultureInfo]::InvariantCulture))
    }
    try {
        $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($folder)
        [void] [System.IO.Directory]::CreateDirectory($folder)
    }
    catch {
        Write-ErrorLine -Text "The results folder cannot be made: $($_.Exception.Message)"
        return 2
    }

    $address = Get-AddressArgument -UserArgument $k6Words
    if (-not $address) { $address = "127.0.0.1:$(Get-FreeTcpPort)" }
    # Both are this script's own.
    $given.Remove('WS_RESULTS_DIR')
    $given.Remove('WS_GENERATOR_ADDRESS')
    $words = Get-K6RunArgument -Bundle $bundle -ResultsPath $folder -Address $address -Setting $given -Dashboard:$run.Dashboard -UserArgument $k6Words
    $layout = ''
    if ($run.Dashboard) {
        $layout = [System.IO.Path]::Combine($project, '.dashboard.json')
        Write-HostLine -Text 'Live view: http://127.0.0.1:5665/ (k6 ends when the page is closed)'
    }
    $since = Get-Date
    $ports = [int[]] @($targets | ForEach-Object { $_.Port } | Sort-Object -Unique)
    try {
        $code = Invoke-K6 -Path $k6 -Argument $words -ResultsPath $folder -RemotePort $ports -DashboardConfig $layout
    }
    catch {
        Write-ErrorLine -Text "k6 could not be run: $($_.Exception.Message)"
        return 3
    }
    try { Save-HostState -ResultsPath $folder -Since $since }
    catch { Write-ErrorLine -Text "The state of the host could not be kept: $($_.Exception.Message)" }
    Write-HostLine -Text "Results: $folder"
    return $code
}

# Dot-sourced, as the tests do, it only defines its functions.
if ($MyInvocation.InvocationName -ne '.') {
    $exitCode = Invoke-ConcurrentRun -Word $args
    exit $exitCode
}
