# Runs k6 to its end, and keeps what it prints and what it takes.

function Invoke-K6 {
    <#
    .SYNOPSIS
    Runs k6, shows and keeps what it prints, samples it, and gives its exit code.
    .PARAMETER Path
    Path of k6.
    .PARAMETER Argument
    Arguments of k6.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER RemotePort
    Ports of the targets.
    .PARAMETER DashboardConfig
    Layout of k6's dashboard.
    .EXAMPLE
    Invoke-K6 -Path k6 -Argument 'version' -ResultsPath C:\results -RemotePort 8081 -DashboardConfig .dashboard.json
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

        [string] $DashboardConfig = ''
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
    if ($DashboardConfig -ne '' -and -not [System.Environment]::GetEnvironmentVariable('XK6_DASHBOARD_CONFIG')) {
        $start.EnvironmentVariables['XK6_DASHBOARD_CONFIG'] = $DashboardConfig
    }

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
    try {
        $report = New-Object -TypeName System.IO.StreamWriter -ArgumentList $reportPath, $false, $utf8
        $report.AutoFlush = $true
        $samples = New-Object -TypeName System.IO.StreamWriter -ArgumentList ([System.IO.Path]::Combine($ResultsPath, 'host-samples.csv')), $false, $utf8
        $samples.AutoFlush = $true
        $samples.WriteLine('time,cpu_seconds,working_set_bytes,handles,established,time_wait')
        $process = [System.Diagnostics.Process]::Start($start)
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $due = 0
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
            if ($isOpen -and $clock.ElapsedMilliseconds -ge $due) {
                $began = $clock.ElapsedMilliseconds
                $row = Get-HostSample -Process $process -RemotePort $RemotePort
                if ($row) { $samples.WriteLine($row) }
                $ended = $clock.ElapsedMilliseconds
                $due = $ended + (Get-SamplePause -CostMilliseconds ($ended - $began))
            }
        }
        $process.WaitForExit()
        return [int] $process.ExitCode
    }
    finally {
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
                if (-not $process.WaitForExit($left)) { $process.Kill() }
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
    }
}
