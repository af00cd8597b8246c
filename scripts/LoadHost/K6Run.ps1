# Runs k6 to its end, and keeps what it prints and what it takes.

function Invoke-K6 {
    <#
    .SYNOPSIS
    Runs k6, shows and keeps what it prints, samples it, serves it the figures of the host, and gives its exit code.
    .PARAMETER Path
    Path of k6.
    .PARAMETER Argument
    Arguments of k6.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER RemotePort
    Ports of the targets.
    .PARAMETER Environment
    All environment variables of k6, by name.
    .PARAMETER EndsWithHost
    This PowerShell was started for the script alone: when it is interrupted, it ends with k6's exit code.
    .EXAMPLE
    Invoke-K6 -Path k6 -Argument 'version' -ResultsPath C:\results -RemotePort 8081 -Environment @{ WS_URL = 'ws://server:8081/' }
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string[]] $Argument,

        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [AllowEmptyCollection()]
        [int[]] $RemotePort = @(),

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary] $Environment,

        [switch] $EndsWithHost
    )

    $utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.Arguments = ConvertTo-NativeArgument -Argument $Argument
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.StandardOutputEncoding = $utf8
    # .NET has a current folder of its own, which does not follow Set-Location.
    $start.WorkingDirectory = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    $start.EnvironmentVariables.Clear()
    foreach ($name in @($Environment.Keys)) { $start.EnvironmentVariables[$name] = $Environment[$name] }
    # Unless the user names another place for them.
    $figures = $null
    if (-not $start.EnvironmentVariables.ContainsKey('WS_HOST_METRICS')) { $figures = Open-HostFigureServer }
    if ($null -ne $figures) { $start.EnvironmentVariables['WS_HOST_METRICS'] = $figures.Url }

    # Without it, Windows shows the marks and lines of the report in its own code page.
    $encoding = [System.Console]::OutputEncoding
    try { [System.Console]::OutputEncoding = $utf8 }
    catch { Write-Verbose -Message $_.Exception.Message }

    $reportPath = [System.IO.Path]::Combine($ResultsPath, 'report.txt')
    $report = $null
    $samples = $null
    $process = $null
    $task = $null
    $isOpen = $true
    $isDone = $false
    $interruptedCode = $null
    try {
        $report = New-Object -TypeName System.IO.StreamWriter -ArgumentList $reportPath, $false, $utf8
        $report.AutoFlush = $true
        $samples = New-Object -TypeName System.IO.StreamWriter -ArgumentList ([System.IO.Path]::Combine($ResultsPath, 'host-samples.csv')), $false, $utf8
        $samples.AutoFlush = $true
        $samples.WriteLine('time,cpu_seconds,working_set_bytes,handles,established,time_wait')
        $process = [System.Diagnostics.Process]::Start($start)
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $due = 0
        $cost = 0
        while ($isOpen) {
            if ($null -eq $task) { $task = $process.StandardOutput.ReadLineAsync() }
            if ($task.Wait(200)) {
                $line = $task.Result
                $task = $null
                if ($null -eq $line) { $isOpen = $false }
                else {
                    [System.Console]::Out.WriteLine($line)
                    $report.WriteLine($line)
                }
            }
            if ($null -ne $figures) { Send-HostFigure -Server $figures -Process $process }
            if ($isOpen -and $clock.ElapsedMilliseconds -ge $due) {
                $began = $clock.ElapsedMilliseconds
                $row = Get-HostSample -Process $process -RemotePort $RemotePort
                if ($row) { $samples.WriteLine($row) }
                $ended = $clock.ElapsedMilliseconds
                # One slow sample is chance, and the first also loads code: two in a row count.
                $due = $ended + (Get-SamplePause -CostMilliseconds ([System.Math]::Min($ended - $began, $cost)))
                $cost = $ended - $began
            }
        }
        $process.WaitForExit()
        $isDone = $true
        return [int] $process.ExitCode
    }
    finally {
        # Nobody answers there any more.
        if ($null -ne $figures) { $figures.Listener.Stop() }
        # Also after Ctrl-C, which k6 gets too: take the rest of its report, for a minute at most. Only methods of .NET
        # here, as PowerShell may refuse to run commands while it stops.
        if ($null -ne $process) {
            try {
                $limit = [System.Diagnostics.Stopwatch]::StartNew()
                while ($isOpen -and $limit.ElapsedMilliseconds -lt 60000) {
                    if ($null -eq $task) { $task = $process.StandardOutput.ReadLineAsync() }
                    if (-not $task.Wait(200)) { continue }
                    $line = $task.Result
                    $task = $null
                    if ($null -eq $line) { $isOpen = $false }
                    else {
                        [System.Console]::Out.WriteLine($line)
                        $report.WriteLine($line)
                    }
                }
                $left = [int] [System.Math]::Max(0, 60000 - $limit.ElapsedMilliseconds)
                if (-not $process.WaitForExit($left)) {
                    $process.Kill()
                    $process.WaitForExit()
                }
                if (-not $isDone) { $interruptedCode = $process.ExitCode }
            }
            catch { [System.Console]::Error.WriteLine($_.Exception.Message) }
            $process.Dispose()
        }
        if ($null -ne $report) {
            $report.Dispose()
            # The progress is for the console: four lines a second would bury the verdict.
            $text = [System.IO.File]::ReadAllText($reportPath)
            [System.IO.File]::WriteAllText($reportPath, [regex]::Replace($text, '(?m)^running \([^\r\n]+\r?\n(?:[^\r\n]+\r?\n)*(?:\r?\n)?', ''), $utf8)
        }
        if ($null -ne $samples) { $samples.Dispose() }
        try { [System.Console]::OutputEncoding = $encoding }
        catch { [System.Console]::Error.WriteLine($_.Exception.Message) }
        # PowerShell itself would end as if all were well.
        if ($null -ne $interruptedCode) {
            [System.Console]::Error.WriteLine("Interrupted; k6 ended with exit code $interruptedCode. Results: $ResultsPath")
            if ($EndsWithHost) { [System.Environment]::Exit($interruptedCode) }
            $global:LASTEXITCODE = $interruptedCode
        }
    }
}

function Test-HostOfScript {
    <#
    .SYNOPSIS
    Tells whether a PowerShell was started to run this one script and to end with it, by its command line.
    .PARAMETER Word
    The words of the command line.
    .PARAMETER ScriptPath
    Path of the script.
    .EXAMPLE
    Test-HostOfScript -Word ([System.Environment]::GetCommandLineArgs()) -ScriptPath $PSCommandPath
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [AllowEmptyString()]
        [string[]] $Word = @(),

        [Parameter(Mandatory = $true)]
        [string] $ScriptPath
    )

    # Not GetFileName: a word can hold what no path may.
    $leaf = ($ScriptPath -split '[\\/]')[-1]
    for ($i = 0; $i -lt $Word.Count; $i++) {
        if ($Word[$i] -match '^-noe') { return $false }
        # -File, or PowerShell 7 without it.
        if (($Word[$i] -split '[\\/]')[-1] -eq $leaf -and $i -gt 0 -and ($i -eq 1 -or $Word[$i - 1] -match '^-f' -or $Word[$i - 1] -notmatch '^-c')) { return $true }
    }
    return $false
}
