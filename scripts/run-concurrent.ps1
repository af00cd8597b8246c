<#
.SYNOPSIS
Checks this host, runs k6 with the right settings, and leaves a results folder that tells how the host fared.

.DESCRIPTION
    run-concurrent.ps1 [-Url URL] [-Connections N] [-Hold TIME] [-Profile NAME] [-Scenario NAME]
                       [-Conversation NAME|FILE] [-Users FILE]
                       [-ResultsDirectory FOLDER] [-Dashboard] [-K6Path FILE] [-SkipPreflight] [-- arguments of k6 run]

-Url               target, ws:// or wss://, or several separated by commas (WS_URL)
-Connections       number of connections, 1 to 1000000 (WS_CONNECTIONS)
-Hold              how long all connections are held, such as 30s, 20m or 1h30m (WS_HOLD)
-Profile           smoke, development, standard, production or soak (WS_PROFILE)
-Scenario          concurrent (a VU for each connection; the default), multiplexed (a VU holds many), tiers, storm, churn,
                   capacity or reconnect
-Conversation      what is said on a connection: echo, listen, send-only, socket.io, graphql-transport-ws, mqtt, stomp,
                   json-rpc, or a .ts or .js file of your own (WS_CONVERSATION)
-Users             CSV or JSON file of the users that log in (WS_USERS)
-ResultsDirectory  folder for the results; it is created. Default: results/<time> in the current folder
-Dashboard         shows the run live at http://127.0.0.1:5665/; k6 ends when the page is closed
-K6Path            path of k6. Without it: k6 on PATH, then the one that node scripts/k6.mjs finds or gets
-SkipPreflight     runs without checking the host first

The results folder holds report.txt (what k6 printed, without its progress), summary.json and junit.xml, host-samples.csv (processor time,
memory, handles and connections of k6, each 2 s or more), tcp-settings.txt, on Windows tcp-events.json (System
events 4227 and 4231 of the run), and report.html, with charts over time where node is there.

Parameters have their full names and come first. Everything after "--" goes to k6 unchanged, and wins. PowerShell -File
parts words like --name:value at the colon; write name and value of k6's options as two words. (The parameters are read
from the plain words because PowerShell's own binding fails at "--" with -File; they are checked by PowerShell all the same.)

Settings reach k6 in its environment, not as arguments, which other users see in a process list; so do those of
"-e" after "--". WS_ variables of the environment count as well; of all others k6 gets only its own, Go's and what the
system needs. Paths of files start from the current folder. GOGC=50 saves a seventh of the memory in concurrent, storm
and churn, and GOMEMLIMIT keeps 10,000 connections below 1.9 GB, unless you have set them. Ctrl-C stops k6 in order, and its files stay.

.PARAMETER Url
Target, ws:// or wss://, or several separated by commas (WS_URL).

.PARAMETER Connections
Number of connections, 1 to 1000000 (WS_CONNECTIONS).

.PARAMETER Hold
How long all connections are held, such as 30s, 20m or 1h30m (WS_HOLD).

.PARAMETER Profile
smoke, development, standard, production or soak (WS_PROFILE).

.PARAMETER Scenario
concurrent (a VU for each connection), multiplexed (a VU holds many), tiers, storm, churn, capacity or reconnect.
Default: concurrent.

.PARAMETER Conversation
What is said on a connection: the name of a shipped conversation, or a .ts or .js file of your own (WS_CONVERSATION).

.PARAMETER Users
CSV or JSON file of the users that log in (WS_USERS).

.PARAMETER ResultsDirectory
Folder for the results; it is created. Default: results/<time> in the current folder.

.PARAMETER Dashboard
Shows the run live at http://127.0.0.1:5665/. k6 then ends when the page is closed.

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

.EXAMPLE
./scripts/run-concurrent.ps1 -Url wss://server/socket.io/?EIO=4 -Conversation socket.io -Users .\users.csv -Connections 1000

Another conversation, with a login for each connection.

.NOTES
Exit codes: k6's own once it runs (0 all targets met, 99 a target missed, 105 interrupted, 97 to 110 in all); 1 in place of
0 if k6 left no summary.json; 137 if k6 was killed, perhaps out of memory. Before it runs: 1 the host fails the checks,
2 wrong parameters, 3 k6 or the built script was not found, or PowerShell is restricted (constrained language mode).
"pwsh -Command" makes 1 of every code but 0: use -File. Interrupted at a prompt of yours, the code is in $LASTEXITCODE.
Windows PowerShell 5.1 and PowerShell 7, on Windows, Linux and macOS.
#>

# No param block, see .DESCRIPTION: Assert-RunParameter has it.

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Warning -Message 'PowerShell is restricted on this host (constrained language mode, by AppLocker or App Control), and this script needs its full language. Nothing was run. Have the scripts folder allowed, or run k6 itself: k6 run dist/concurrent.js.'
    exit 3
}

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
    .PARAMETER Conversation
    Name or file of the conversation.
    .PARAMETER Users
    File of the users.
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
    Assert-RunParameter -Conversation mqtt -Users users.csv
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

        [ValidateSet('concurrent', 'multiplexed', 'tiers', 'storm', 'churn', 'capacity', 'reconnect')]
        [string] $Scenario = 'concurrent',

        [ValidateNotNullOrEmpty()]
        [string] $Conversation,

        [ValidateNotNullOrEmpty()]
        [string] $Users,

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
    if ($PSBoundParameters.ContainsKey('Conversation')) { $settings['WS_CONVERSATION'] = $Conversation }
    if ($PSBoundParameters.ContainsKey('Users')) { $settings['WS_USERS'] = $Users }
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

function Test-Bundle {
    <#
    .SYNOPSIS
    Tells whether the built script is there. Stands alone so that a test can replace it.
    .PARAMETER Path
    Path of the script that k6 runs.
    .EXAMPLE
    Test-Bundle -Path dist/concurrent.js
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path
    )

    return [System.IO.File]::Exists($Path)
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
        $run = Assert-RunParameter @named
        $words = Split-EnvironmentArgument -UserArgument @($split.Rest)
        # What follows "--" comes before a parameter, and that before the environment.
        $settings = Get-EnvironmentSetting
        foreach ($from in @($run.Settings, $words.Setting)) {
            foreach ($name in @($from.Keys)) { $settings[$name] = $from[$name] }
        }
        $settings = Resolve-SettingPath -Setting $settings
        $plan = Get-PlannedRun -Setting $settings -Scenario $run.Scenario
        $targets = @(ConvertFrom-TargetUrl -Url $plan.Url)
    }
    catch {
        Write-ErrorLine -Text $_.Exception.Message
        Write-ErrorLine -Text "How to call it: Get-Help $PSCommandPath"
        return 2
    }

    $project = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..'))
    $bundle = [System.IO.Path]::Combine($project, 'dist', "$($run.Scenario).js")
    if (-not (Test-Bundle -Path $bundle)) {
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
    if ($words.Setting.ContainsKey('WS_RESULTS_DIR')) { $folder = $words.Setting['WS_RESULTS_DIR'] }
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

    $address = Get-AddressArgument -UserArgument $words.Rest
    if (-not $address) { $address = "127.0.0.1:$(Get-FreeTcpPort)" }
    # Both are this script's own.
    $settings['WS_RESULTS_DIR'] = $folder
    $settings['WS_GENERATOR_ADDRESS'] = $address
    $told = Get-VersionVariable -ProgramPath $k6
    foreach ($name in @($told.Keys)) { $settings[$name] = $told[$name] }
    $layout = ''
    if ($run.Dashboard) {
        $layout = [System.IO.Path]::Combine($project, '.dashboard.json')
        Write-HostLine -Text 'Live view: http://127.0.0.1:5665/ (k6 ends when the page is closed)'
    }
    else {
        $recording = Get-RecordingVariable -ResultsPath $folder -UserArgument $words.Rest
        foreach ($name in @($recording.Keys)) { $settings[$name] = $recording[$name] }
    }
    $since = Get-Date
    $mark = Get-SummaryMark -ResultsPath $folder
    $work = @{
        Path         = $k6
        Argument     = Get-K6RunArgument -Bundle $bundle -ResultsPath $folder -Address $address -Dashboard:$run.Dashboard -UserArgument $words.Rest
        ResultsPath  = $folder
        RemotePort   = [int[]] @($targets | Where-Object { $_.Port -gt 0 } | ForEach-Object { $_.Port } | Sort-Object -Unique)
        Environment  = Get-K6Environment -Setting $settings -Scenario $run.Scenario -Connections $plan.Connections -DashboardConfig $layout
        EndsWithHost = Test-HostOfScript -Word ([System.Environment]::GetCommandLineArgs()) -ScriptPath $PSCommandPath
    }
    try {
        $code = Invoke-K6 @work
    }
    catch {
        Write-ErrorLine -Text "k6 could not be run: $($_.Exception.Message)"
        return 3
    }
    $after = Get-SummaryMark -ResultsPath $folder
    # One of an earlier run says nothing of this one.
    $isNew = $after -ne '' -and $after -ne $mark
    $verdict = ''
    # Who wants no thresholds wants no exit code of theirs.
    $isJudged = $words.Rest -notcontains '--no-thresholds' -and $env:K6_NO_THRESHOLDS -ne 'true'
    if ($isNew -and $isJudged) { $verdict = Get-SummaryVerdict -ResultsPath $folder }
    $ending = Get-K6Ending -Code $code -Verdict $verdict
    try { Save-HostState -ResultsPath $folder -Since $since }
    catch { Write-ErrorLine -Text "The state of the host could not be kept: $($_.Exception.Message)" }
    Write-HostLine -Text "Results: $folder"
    if ($ending.Text -ne '') { Write-ErrorLine -Text $ending.Text }
    if (-not $isNew) {
        Write-ErrorLine -Text "NO RESULTS: k6 left no summary.json in $folder. Is the disk full, or was the summary switched off (--summary-mode=disabled)?"
        if ($ending.Code -eq 0) { return 1 }
        return $ending.Code
    }
    Write-HostLine -Text (Save-HtmlReport -ResultsPath $folder -ScriptPath ([System.IO.Path]::Combine($PSScriptRoot, 'html-report.mjs')))
    return $ending.Code
}

# Dot-sourced, as the tests do, it only defines its functions.
if ($MyInvocation.InvocationName -ne '.') {
    $exitCode = Invoke-ConcurrentRun -Word $args
    exit $exitCode
}
