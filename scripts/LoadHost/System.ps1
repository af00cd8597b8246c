# The system and its programs: each call behind one small function, so that a test can replace it.

function Get-HostPlatform {
    <#
    .SYNOPSIS
    Names the operating system: Windows, Linux or Other.
    .EXAMPLE
    Get-HostPlatform
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    if ([System.Environment]::OSVersion.Platform -eq 'Win32NT') { return 'Windows' }
    if ([System.IO.File]::Exists('/proc/net/tcp')) { return 'Linux' }
    return 'Other'
}

function Write-HostLine {
    <#
    .SYNOPSIS
    Writes one line to standard output, past the pipeline.
    .PARAMETER Text
    The line; empty for an empty line.
    .EXAMPLE
    Write-HostLine -Text 'Results: results'
    #>
    [CmdletBinding()]
    param(
        [AllowEmptyString()]
        [string] $Text = ''
    )

    [System.Console]::Out.WriteLine($Text)
}

function Write-ErrorLine {
    <#
    .SYNOPSIS
    Writes one line to standard error.
    .PARAMETER Text
    The line.
    .EXAMPLE
    Write-ErrorLine -Text 'k6 was not found.'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string] $Text
    )

    [System.Console]::Error.WriteLine($Text)
}

function Find-Program {
    <#
    .SYNOPSIS
    Gives the path of a program on PATH, or nothing.
    .PARAMETER Name
    Name of the program, such as k6.
    .EXAMPLE
    Find-Program -Name k6
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    $found = @(Get-Command -Name $Name -CommandType Application -ErrorAction SilentlyContinue)
    if ($found.Count -eq 0) { return $null }
    return [string] $found[0].Path
}

function Invoke-Program {
    <#
    .SYNOPSIS
    Runs a program and gives the lines it printed, or nothing when it is not there or ends with an error.
    .PARAMETER Name
    Name or path of the program.
    .PARAMETER Arguments
    Its arguments.
    .EXAMPLE
    Invoke-Program -Name powercfg -Arguments '/getactivescheme'
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name,

        [string[]] $Arguments = @()
    )

    # With Stop, Windows PowerShell 5.1 would take a line on standard error for an exception.
    $ErrorActionPreference = 'Continue'
    $PSNativeCommandUseErrorActionPreference = $false
    try {
        $path = Find-Program -Name $Name
        if (-not $path) { return $null }
        $lines = @(& $path @Arguments 2> $null | ForEach-Object { [string] $_ })
        if ($LASTEXITCODE -ne 0) { return $null }
        return [string[]] $lines
    }
    catch {
        Write-Verbose -Message "$Name could not be run: $($_.Exception.Message)"
        return $null
    }
}

function Test-Elevated {
    <#
    .SYNOPSIS
    Tells whether this process may change settings of the host.
    .DESCRIPTION
    On Windows: a member of Administrators with an elevated token. Elsewhere: "id -u" says 0.
    .EXAMPLE
    Test-Elevated
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    if ((Get-HostPlatform) -eq 'Windows') {
        $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
        $principal = New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity
        return $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
    }
    $user = @(Invoke-Program -Name id -Arguments '-u') -join ''
    return ($user.Trim() -eq '0')
}

function Get-SystemText {
    <#
    .SYNOPSIS
    Reads a file of the operating system, such as one below /proc; nothing where it cannot be read.
    .PARAMETER Path
    Absolute path of the file.
    .EXAMPLE
    Get-SystemText -Path /proc/meminfo
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path
    )

    try { return [System.IO.File]::ReadAllText($Path) }
    catch { return $null }
}

function Get-ProcessorCount {
    <#
    .SYNOPSIS
    Gives the number of logical processors.
    .EXAMPLE
    Get-ProcessorCount
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param()

    return [System.Environment]::ProcessorCount
}

function Get-WindowsFreeMemory {
    <#
    .SYNOPSIS
    Gives the free physical memory of a Windows host in bytes, or nothing.
    .EXAMPLE
    Get-WindowsFreeMemory
    #>
    [CmdletBinding()]
    param()

    if (-not (Get-Command -Name Get-CimInstance -ErrorAction SilentlyContinue)) { return $null }
    try {
        $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
        return [long] $system.FreePhysicalMemory * 1024
    }
    catch { return $null }
}

function Get-FreeMemory {
    <#
    .SYNOPSIS
    Gives the memory in bytes that a program can get now, or nothing where that is not known.
    .EXAMPLE
    Get-FreeMemory
    #>
    [CmdletBinding()]
    param()

    switch (Get-HostPlatform) {
        'Windows' { return Get-WindowsFreeMemory }
        'Linux' {
            $text = Get-SystemText -Path '/proc/meminfo'
            if ([string] $text -match '(?m)^MemAvailable:\s+(\d+) kB') { return [long] $Matches[1] * 1024 }
        }
    }
    return $null
}

function Get-OpenFileCount {
    <#
    .SYNOPSIS
    Counts the open file descriptors of a process on Linux; nothing elsewhere.
    .PARAMETER ProcessId
    Id of the process.
    .EXAMPLE
    Get-OpenFileCount -ProcessId 4711
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $ProcessId
    )

    try { return [System.IO.Directory]::GetFileSystemEntries("/proc/$ProcessId/fd").Length }
    catch { return $null }
}

function Get-OpenFileLimit {
    <#
    .SYNOPSIS
    Gives the number of files and sockets that one process may open, or nothing where that is not known.
    .EXAMPLE
    Get-OpenFileLimit
    #>
    [CmdletBinding()]
    param()

    $text = [string] (@(Invoke-Program -Name 'sh' -Arguments '-c', 'ulimit -n') | Select-Object -First 1)
    if ($text.Trim() -eq 'unlimited') { return [long]::MaxValue }
    if ($text -match '^\s*(\d{1,18})\s*$') { return [long] $Matches[1] }
    return $null
}
