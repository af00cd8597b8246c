# A program of the system that may be slow: what it prints, with progress while it works and a limit.

function Invoke-TimedProgram {
    <#
    .SYNOPSIS
    Runs a program to its end or to a limit, and gives ExitCode, Lines and TimedOut.
    .DESCRIPTION
    Lines are what it wrote to standard output and standard error, in the code page of the console. While it works for
    longer than a second, its progress is shown. At the limit it is ended: ExitCode is then 1, and the last line says so.
    A program that cannot be started gives ExitCode 1 and the reason as its line.
    .PARAMETER Path
    Path of the program.
    .PARAMETER ArgumentList
    The arguments, one string each.
    .PARAMETER LimitSeconds
    Seconds after which it is ended, 1 to 3600. Default 60.
    .EXAMPLE
    Invoke-TimedProgram -Path C:\Windows\System32\netsh.exe -ArgumentList 'int', 'tcp', 'show', 'global'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path,

        [string[]] $ArgumentList = @(),

        [ValidateRange(1, 3600)]
        [int] $LimitSeconds = 60
    )

    $name = [System.IO.Path]::GetFileNameWithoutExtension($Path)
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.Arguments = ConvertTo-NativeArgument -Argument $ArgumentList
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = $null
    try {
        $process = [System.Diagnostics.Process]::Start($start)
        $streams = @($process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync())
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $activity = "$name $($ArgumentList -join ' ')"
        while (-not $process.WaitForExit(1000)) {
            $seconds = [int] $clock.Elapsed.TotalSeconds
            if ($seconds -ge $LimitSeconds) {
                $process.Kill()
                $text = "$name gave no answer within $LimitSeconds s and was ended."
                return [pscustomobject]@{ ExitCode = 1; Lines = @($text); TimedOut = $true }
            }
            Write-Progress -Activity $activity -Status "no answer yet after $seconds s, it is ended after $LimitSeconds s"
        }
        if ($clock.ElapsedMilliseconds -ge 1000) { Write-Progress -Activity $activity -Completed }
        $text = ($streams[0].Result + $streams[1].Result).TrimEnd()
        return [pscustomobject]@{ ExitCode = $process.ExitCode; Lines = @($text -split '\r?\n'); TimedOut = $false }
    }
    catch {
        return [pscustomobject]@{ ExitCode = 1; Lines = @($_.Exception.Message); TimedOut = $false }
    }
    finally {
        if ($null -ne $process) { $process.Dispose() }
    }
}

function Get-SystemProgramPath {
    <#
    .SYNOPSIS
    Gives the path of a program that is a part of the system, or nothing.
    .DESCRIPTION
    On Windows only the one in System32: a script that runs as administrator must not start what somebody put on PATH
    under that name. Elsewhere the first on PATH.
    .PARAMETER Name
    Name of the program without its ending, such as netsh.
    .EXAMPLE
    Get-SystemProgramPath -Name netsh
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    if ((Get-HostPlatform) -ne 'Windows') { return Find-Program -Name $Name }
    $path = [System.IO.Path]::Combine([System.Environment]::SystemDirectory, "$Name.exe")
    if ([System.IO.File]::Exists($path)) { return $path }
    return $null
}
