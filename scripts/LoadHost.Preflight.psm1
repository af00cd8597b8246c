# What test-load-host.ps1 and run-concurrent.ps1 share. Windows PowerShell 5.1 and PowerShell 7.
#
# The first part holds every call to the operating system, each behind one small function, so that a test can replace
# it. The rest only computes.

Set-StrictMode -Version Latest

$script:MinimumK6 = New-Object -TypeName System.Version -ArgumentList 1, 8, 0
$script:SpareOpenFiles = 200

# ---------------------------------------------------------------------------------------------------------------------
# Calls to the operating system
# ---------------------------------------------------------------------------------------------------------------------

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
    Invoke-Program -Name netsh -Arguments 'int', 'tcp', 'show', 'global'
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
        $command = @(Get-Command -Name $Name -ErrorAction SilentlyContinue)
        if ($command.Count -eq 0) { return $null }
        $global:LASTEXITCODE = 0
        $lines = @(& $Name @Arguments 2> $null)
        if ($global:LASTEXITCODE -ne 0) { return $null }
        return [string[]] @($lines | ForEach-Object { [string] $_ })
    }
    catch {
        Write-Verbose -Message "$Name could not be run: $($_.Exception.Message)"
        return $null
    }
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

function Get-WindowsTcpConnection {
    <#
    .SYNOPSIS
    Lists the TCP connections of a Windows host; nothing where Get-NetTCPConnection is missing or fails.
    .PARAMETER Filter
    Parameters of Get-NetTCPConnection, such as OwningProcess or State. Without it, all connections.
    .EXAMPLE
    Get-WindowsTcpConnection -Filter @{ State = 'TimeWait' }
    #>
    [CmdletBinding()]
    param(
        [hashtable] $Filter = @{}
    )

    if (-not (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue)) { return $null }
    # A filter that matches nothing is an error that says so; no connection is an empty list, not an unknown one.
    # The comma keeps the empty list from becoming nothing.
    return , @(Get-NetTCPConnection @Filter -ErrorAction SilentlyContinue)
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

function Get-HostAddress {
    <#
    .SYNOPSIS
    Resolves a name to its IP addresses; an empty list where it does not resolve.
    .PARAMETER Name
    Host name or IP address.
    .EXAMPLE
    Get-HostAddress -Name localhost
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    try { return @([System.Net.Dns]::GetHostAddresses($Name)) }
    catch { return @() }
}

function Test-TcpPort {
    <#
    .SYNOPSIS
    Tells whether a TCP port accepts a connection within a time limit.
    .PARAMETER Name
    Host name or IP address.
    .PARAMETER Port
    TCP port.
    .PARAMETER TimeoutMilliseconds
    Time limit.
    .EXAMPLE
    Test-TcpPort -Name localhost -Port 8081
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name,

        [Parameter(Mandatory = $true)]
        [int] $Port,

        [int] $TimeoutMilliseconds = 3000
    )

    $client = $null
    try {
        if ($Name -match ':') {
            $client = New-Object -TypeName System.Net.Sockets.TcpClient -ArgumentList ([System.Net.Sockets.AddressFamily]::InterNetworkV6)
        }
        else {
            $client = New-Object -TypeName System.Net.Sockets.TcpClient
        }
        $task = $client.ConnectAsync($Name, $Port)
        if (-not $task.Wait($TimeoutMilliseconds)) { return $false }
        return [bool] $client.Connected
    }
    catch { return $false }
    finally { if ($null -ne $client) { $client.Close() } }
}

function Get-FreeTcpPort {
    <#
    .SYNOPSIS
    Gives a TCP port of 127.0.0.1 that nobody uses at the moment.
    .EXAMPLE
    Get-FreeTcpPort
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param()

    $listener = New-Object -TypeName System.Net.Sockets.TcpListener -ArgumentList ([System.Net.IPAddress]::Loopback), 0
    $listener.Start()
    try { return [int] $listener.LocalEndpoint.Port }
    finally { $listener.Stop() }
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

function Get-TcpEvent {
    <#
    .SYNOPSIS
    Reads the System events 4227 and 4231 (ports running out) of a Windows host since a time.
    .DESCRIPTION
    Gives an object with Readable, Reason and Events. No event is the good case; Readable is false when the log could
    not be read, so that "no event" never stands for "not looked".
    .PARAMETER Since
    Start of the time looked at.
    .EXAMPLE
    Get-TcpEvent -Since (Get-Date).AddMinutes(-30)
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [datetime] $Since
    )

    if (-not (Get-Command -Name Get-WinEvent -ErrorAction SilentlyContinue)) {
        return [pscustomobject] @{ Readable = $false; Reason = 'Get-WinEvent is not available.'; Events = @() }
    }
    $events = @()
    $reason = ''
    try {
        $filter = @{ LogName = 'System'; Id = 4227, 4231; StartTime = $Since }
        $events = @(Get-WinEvent -FilterHashtable $filter -ErrorAction Stop | ForEach-Object {
                [pscustomobject] @{
                    Time    = $_.TimeCreated.ToUniversalTime().ToString('o')
                    Id      = $_.Id
                    Source  = $_.ProviderName
                    Message = $_.Message
                }
            })
    }
    catch {
        # Get-WinEvent has no other way to say "none".
        if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { $reason = $_.Exception.Message }
    }
    return [pscustomobject] @{ Readable = ($reason -eq ''); Reason = $reason; Events = $events }
}

# ---------------------------------------------------------------------------------------------------------------------
# Ports
# ---------------------------------------------------------------------------------------------------------------------

function ConvertFrom-DynamicPortText {
    <#
    .SYNOPSIS
    Reads start and number from what "netsh int ipv4 show dynamicport tcp" prints, in any language of Windows.
    .DESCRIPTION
    The two lines that end in a colon and digits, in their order. Anything else is unknown: nothing is given.
    .PARAMETER Line
    The lines that netsh printed.
    .EXAMPLE
    ConvertFrom-DynamicPortText -Line 'Start Port : 49152', 'Number of Ports : 16384'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $Line
    )

    $numbers = @()
    foreach ($text in @($Line)) {
        if ([string] $text -match ':\s*(\d{1,5})\s*$') { $numbers += [int] $Matches[1] }
    }
    if ($numbers.Count -ne 2) { return $null }
    $last = $numbers[0] + $numbers[1] - 1
    if ($numbers[1] -lt 1 -or $last -gt 65535) { return $null }
    return [pscustomobject] @{ Start = $numbers[0]; Count = $numbers[1]; End = $last }
}

function ConvertFrom-ExcludedPortText {
    <#
    .SYNOPSIS
    Reads the ranges from what "netsh int ipv4 show excludedportrange protocol=tcp" prints, in any language of Windows.
    .PARAMETER Line
    The lines that netsh printed.
    .EXAMPLE
    ConvertFrom-ExcludedPortText -Line '     50000       50059     *'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $Line
    )

    foreach ($text in @($Line)) {
        if ([string] $text -match '^\s*(\d{1,5})\s+(\d{1,5})\s*\*?\s*$') {
            $start = [int] $Matches[1]
            $end = [int] $Matches[2]
            if ($end -ge $start -and $end -le 65535) { [pscustomobject] @{ Start = $start; End = $end } }
        }
    }
}

function ConvertFrom-ProcTcpText {
    <#
    .SYNOPSIS
    Reads local port, remote port and state of each connection from the text of /proc/net/tcp or tcp6.
    .PARAMETER Text
    The text of the file.
    .EXAMPLE
    ConvertFrom-ProcTcpText -Text (Get-SystemText -Path /proc/net/tcp)
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Text
    )

    $pattern = '(?m)^\s*\d+: [0-9A-Fa-f]+:([0-9A-Fa-f]{4}) [0-9A-Fa-f]+:([0-9A-Fa-f]{4}) ([0-9A-Fa-f]{2}) '
    foreach ($match in [regex]::Matches([string] $Text, $pattern)) {
        [pscustomobject] @{
            LocalPort  = [System.Convert]::ToInt32($match.Groups[1].Value, 16)
            RemotePort = [System.Convert]::ToInt32($match.Groups[2].Value, 16)
            State      = $match.Groups[3].Value.ToUpperInvariant()
        }
    }
}

function Measure-FreePort {
    <#
    .SYNOPSIS
    Counts the ports of a range that are neither excluded nor in use; overlaps count once.
    .PARAMETER Start
    First port of the range.
    .PARAMETER Count
    Number of ports in the range.
    .PARAMETER Excluded
    Ranges that no program is given, as objects with Start and End.
    .PARAMETER UsedPort
    Ports in use or in TIME_WAIT.
    .EXAMPLE
    Measure-FreePort -Start 1024 -Count 60000 -UsedPort 1433, 3389
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Start,

        [Parameter(Mandatory = $true)]
        [int] $Count,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Excluded = @(),

        [AllowNull()]
        [AllowEmptyCollection()]
        [int[]] $UsedPort = @()
    )

    $end = $Start + $Count - 1
    $taken = New-Object -TypeName 'System.Collections.Generic.HashSet[int]'
    foreach ($range in @($Excluded)) {
        if ($null -eq $range) { continue }
        $from = [System.Math]::Max($Start, [int] $range.Start)
        $to = [System.Math]::Min($end, [int] $range.End)
        for ($port = $from; $port -le $to; $port++) { [void] $taken.Add($port) }
    }
    $excludedCount = $taken.Count
    foreach ($port in @($UsedPort)) {
        if ($port -ge $Start -and $port -le $end) { [void] $taken.Add($port) }
    }
    return [pscustomobject] @{
        Excluded = $excludedCount
        Used     = $taken.Count - $excludedCount
        Free     = $Count - $taken.Count
    }
}

function Get-PortCapacity {
    <#
    .SYNOPSIS
    Tells how many outgoing connections the ports of this host allow now, for one IP family.
    .DESCRIPTION
    Windows: the dynamic port range less the excluded ranges and the ports in use or in TIME_WAIT; it caps the whole
    host. Linux: the local port range less the ports in TIME_WAIT; it caps each target address by itself. Nothing where
    that is not known.
    .PARAMETER Family
    ipv4 or ipv6.
    .EXAMPLE
    Get-PortCapacity -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family
    )

    $start = 0
    $count = 0
    $excluded = @()
    $used = @()
    switch (Get-HostPlatform) {
        'Windows' {
            $range = ConvertFrom-DynamicPortText -Line (Invoke-Program -Name netsh -Arguments 'int', $Family, 'show', 'dynamicport', 'tcp')
            if ($null -eq $range) { return $null }
            $start = $range.Start
            $count = $range.Count
            $lines = Invoke-Program -Name netsh -Arguments 'int', $Family, 'show', 'excludedportrange', 'protocol=tcp'
            # Without the exclusions the number would be too good.
            if ($null -eq $lines) { return $null }
            $excluded = @(ConvertFrom-ExcludedPortText -Line $lines)
            $connections = Get-WindowsTcpConnection
            if ($null -eq $connections) { return $null }
            $used = @($connections | Where-Object { ($_.LocalAddress -match ':') -eq ($Family -eq 'ipv6') } |
                    ForEach-Object { [int] $_.LocalPort })
        }
        'Linux' {
            $text = Get-SystemText -Path '/proc/sys/net/ipv4/ip_local_port_range'
            if ([string] $text -notmatch '^\s*(\d+)\s+(\d+)\s*$') { return $null }
            $start = [int] $Matches[1]
            $count = [int] $Matches[2] - $start + 1
            $file = '/proc/net/tcp'
            if ($Family -eq 'ipv6') { $file = '/proc/net/tcp6' }
            $used = @(ConvertFrom-ProcTcpText -Text (Get-SystemText -Path $file) | Where-Object { $_.State -eq '06' } |
                    ForEach-Object { $_.LocalPort })
        }
        default { return $null }
    }
    $free = Measure-FreePort -Start $start -Count $count -Excluded $excluded -UsedPort $used
    return [pscustomobject] @{
        Family   = $Family
        Start    = $start
        Count    = $count
        Excluded = $free.Excluded
        Used     = $free.Used
        Free     = $free.Free
    }
}

# ---------------------------------------------------------------------------------------------------------------------
# k6, memory, target
# ---------------------------------------------------------------------------------------------------------------------

function ConvertFrom-K6VersionText {
    <#
    .SYNOPSIS
    Reads the version from what "k6 version" prints; nothing where there is none.
    .PARAMETER Line
    The lines that k6 printed.
    .EXAMPLE
    ConvertFrom-K6VersionText -Line 'k6 v2.2.0 (go1.26.8, linux/amd64)'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $Line
    )

    foreach ($text in @($Line)) {
        if ([string] $text -match '^\s*k6(?:\.exe)?\s+v(\d+)\.(\d+)\.(\d+)') {
            return New-Object -TypeName System.Version -ArgumentList ([int] $Matches[1]), ([int] $Matches[2]), ([int] $Matches[3])
        }
    }
    return $null
}

function Get-K6Version {
    <#
    .SYNOPSIS
    Asks a k6 for its version; nothing where it does not answer as k6 does.
    .PARAMETER Path
    Path of k6.
    .EXAMPLE
    Get-K6Version -Path C:\tools\k6.exe
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path
    )

    return ConvertFrom-K6VersionText -Line (Invoke-Program -Name $Path -Arguments 'version')
}

function Find-K6 {
    <#
    .SYNOPSIS
    Gives the path of k6, or nothing.
    .DESCRIPTION
    ProgramPath where it is given, and then nothing else. Otherwise the k6 on PATH if it is new enough; then the one that
    "node scripts/k6.mjs --print-path" finds or gets; then the old one on PATH.
    .PARAMETER ProgramPath
    Path of k6, if it is known.
    .PARAMETER FinderScript
    Path of k6.mjs. Without it, node is not asked.
    .EXAMPLE
    Find-K6 -ProgramPath C:\tools\k6.exe
    .EXAMPLE
    Find-K6 -FinderScript .\scripts\k6.mjs
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [string] $ProgramPath = '',

        [string] $FinderScript = ''
    )

    if ($ProgramPath -ne '') { return Find-Program -Name $ProgramPath }
    $onPath = Find-Program -Name 'k6'
    if ($onPath) {
        $version = Get-K6Version -Path $onPath
        if ($null -ne $version -and $version -ge $script:MinimumK6) { return $onPath }
    }
    if ($FinderScript -ne '' -and (Find-Program -Name 'node')) {
        $lines = @(Invoke-Program -Name 'node' -Arguments $FinderScript, '--print-path')
        foreach ($line in $lines) {
            if ($line) { return ([string] $line).Trim() }
        }
    }
    return $onPath
}

function Get-MemoryNeeded {
    <#
    .SYNOPSIS
    Gives the memory in bytes that the targets allow k6 for a number of connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Get-MemoryNeeded -Connections 10000
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    if ($Connections -le 1000) { return [long] 500000000 }
    if ($Connections -le 5000) { return [long] 1000000000 }
    if ($Connections -le 10000) { return [long] 2000000000 }
    return [long] $Connections * 200000
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

function ConvertFrom-TargetUrl {
    <#
    .SYNOPSIS
    Splits WS_URL into its targets: Url, Name, Port. Throws where one is no ws:// or wss:// address.
    .PARAMETER Url
    One address, or several separated by commas.
    .EXAMPLE
    ConvertFrom-TargetUrl -Url ws://localhost:8081/
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Url
    )

    foreach ($part in $Url.Split(',')) {
        $text = $part.Trim()
        if ($text -eq '') { continue }
        $uri = $null
        $isUri = [System.Uri]::TryCreate($text, [System.UriKind]::Absolute, [ref] $uri)
        if (-not $isUri -or ($uri.Scheme -ne 'ws' -and $uri.Scheme -ne 'wss') -or $uri.DnsSafeHost -eq '') {
            throw "Not the address of a WebSocket server: $text. Write it as ws://host:port/path or wss://host/path."
        }
        $port = $uri.Port
        if ($port -lt 1) {
            $port = 80
            if ($uri.Scheme -eq 'wss') { $port = 443 }
        }
        [pscustomobject] @{ Url = $text; Name = $uri.DnsSafeHost; Port = $port }
    }
}

# ---------------------------------------------------------------------------------------------------------------------
# Checks
# ---------------------------------------------------------------------------------------------------------------------

function New-HostCheck {
    <#
    .SYNOPSIS
    Makes the result of one check.
    .PARAMETER Check
    What was checked.
    .PARAMETER Value
    What was found.
    .PARAMETER Needed
    What the run needs.
    .PARAMETER Result
    Ok, Warning, Failed or Unknown.
    .PARAMETER Hint
    What to do, in one sentence.
    .EXAMPLE
    New-HostCheck -Check 'Processors' -Value '2' -Needed '4' -Result Warning -Hint 'Take a larger machine.'
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Check,

        [AllowEmptyString()]
        [string] $Value = '',

        [AllowEmptyString()]
        [string] $Needed = '',

        [Parameter(Mandatory = $true)]
        [ValidateSet('Ok', 'Warning', 'Failed', 'Unknown')]
        [string] $Result,

        [AllowEmptyString()]
        [string] $Hint = ''
    )

    return [pscustomobject] @{ Check = $Check; Value = $Value; Needed = $Needed; Result = $Result; Hint = $Hint }
}

function Format-Count {
    <#
    .SYNOPSIS
    Writes a number with commas between the thousands, whatever the language of the host.
    .PARAMETER Number
    The number.
    .EXAMPLE
    Format-Count -Number 10000
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [long] $Number
    )

    return $Number.ToString('N0', [System.Globalization.CultureInfo]::InvariantCulture)
}

function Format-Megabyte {
    <#
    .SYNOPSIS
    Writes a number of bytes in MB (a million bytes).
    .PARAMETER Bytes
    Number of bytes.
    .EXAMPLE
    Format-Megabyte -Bytes 2000000000
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [long] $Bytes
    )

    return "$(Format-Count -Number ([long] [System.Math]::Floor($Bytes / 1000000))) MB"
}

function Test-PortCapacity {
    <#
    .SYNOPSIS
    Checks the free ports of one IP family against the connections.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Needed
    Ports needed.
    .PARAMETER IsUsed
    The run uses this family: too few ports then fail, else they are a warning.
    .EXAMPLE
    Test-PortCapacity -Family ipv4 -Needed 10000 -IsUsed
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Needed,

        [switch] $IsUsed
    )

    $check = "Free ports $Family"
    $needText = Format-Count -Number $Needed
    if (-not $IsUsed) { $needText = '' }
    $capacity = Get-PortCapacity -Family $Family
    if ($null -eq $capacity) {
        return New-HostCheck -Check $check -Value 'unknown' -Needed $needText -Result Unknown -Hint 'The port range of this system could not be read.'
    }
    $value = "$(Format-Count -Number $capacity.Free) of $(Format-Count -Number $capacity.Count)"
    if ($capacity.Free -ge $Needed) {
        # The last ports of a range are slow to find, and other programs take some too.
        if ($IsUsed -and $capacity.Free * 10 -lt $Needed * 11) {
            return New-HostCheck -Check $check -Value $value -Needed $needText -Result Warning -Hint 'Less than a tenth to spare: other programs of this host may take the last ports.'
        }
        return New-HostCheck -Check $check -Value $value -Needed $needText -Result Ok
    }
    $details = "$(Format-Count -Number $capacity.Excluded) excluded, $(Format-Count -Number $capacity.Used) in use or in TIME_WAIT."
    if ((Get-HostPlatform) -eq 'Windows') {
        $todo = 'Widen the range: scripts/windows-tcp-optimization.ps1 as administrator.'
        if ($Needed -gt 60000) { $todo = 'One Windows host has no more than about 60,000: use more hosts (docs/distributed.md).' }
    }
    else {
        $todo = 'Widen the range: sysctl -w net.ipv4.ip_local_port_range="1024 65535".'
        if ($Needed -gt 60000) { $todo = 'One address of the target takes no more than about 60,000: use more hosts (docs/distributed.md) or more addresses.' }
    }
    if (-not $IsUsed) {
        return New-HostCheck -Check $check -Value $value -Needed $needText -Result Warning -Hint "The run does not use $Family; if it did: $details $todo"
    }
    return New-HostCheck -Check $check -Value $value -Needed $needText -Result Failed -Hint "$details $todo"
}

function Test-FreeMemory {
    <#
    .SYNOPSIS
    Checks the free memory against what the targets allow for the connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-FreeMemory -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $needed = Get-MemoryNeeded -Connections $Connections
    $needText = Format-Megabyte -Bytes $needed
    $free = Get-FreeMemory
    if ($null -eq $free) {
        return New-HostCheck -Check 'Free memory' -Value 'unknown' -Needed $needText -Result Unknown -Hint 'The free memory of this system could not be read.'
    }
    $value = Format-Megabyte -Bytes $free
    if ($free -lt $needed) {
        return New-HostCheck -Check 'Free memory' -Value $value -Needed $needText -Result Failed -Hint 'Close other programs, hold fewer connections, or use more hosts.'
    }
    return New-HostCheck -Check 'Free memory' -Value $value -Needed $needText -Result Ok
}

function Test-OpenFileLimit {
    <#
    .SYNOPSIS
    Checks the limit for open files against the connections; on Windows there is none to check, so nothing is given.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-OpenFileLimit -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    if ((Get-HostPlatform) -eq 'Windows') { return }
    $needed = $Connections + $script:SpareOpenFiles
    $needText = Format-Count -Number $needed
    $limit = Get-OpenFileLimit
    if ($null -eq $limit) {
        return New-HostCheck -Check 'Open files' -Value 'unknown' -Needed $needText -Result Unknown -Hint 'ulimit -n could not be read.'
    }
    $value = 'unlimited'
    if ($limit -ne [long]::MaxValue) { $value = Format-Count -Number $limit }
    if ($limit -lt $needed) {
        return New-HostCheck -Check 'Open files' -Value $value -Needed $needText -Result Failed -Hint "Raise the limit in this shell first: ulimit -n $needed."
    }
    return New-HostCheck -Check 'Open files' -Value $value -Needed $needText -Result Ok
}

function Test-K6 {
    <#
    .SYNOPSIS
    Checks that k6 is there and new enough.
    .PARAMETER ProgramPath
    Path of k6. Without it, k6 is looked for on PATH.
    .EXAMPLE
    Test-K6
    .EXAMPLE
    Test-K6 -ProgramPath C:\tools\k6.exe
    #>
    [CmdletBinding()]
    param(
        [string] $ProgramPath = ''
    )

    $needText = "v$($script:MinimumK6)"
    $path = Find-K6 -ProgramPath $ProgramPath
    # run-concurrent.ps1 asks node for k6 by itself; a check gets nothing from the network.
    $canGet = ($ProgramPath -eq '') -and [bool] (Find-Program -Name 'node')
    $getHint = 'run-concurrent.ps1 gets one with node; or install it: https://grafana.com/docs/k6/latest/set-up/install-k6/.'
    if (-not $path) {
        if ($canGet) { return New-HostCheck -Check 'k6' -Value 'not on PATH' -Needed $needText -Result Warning -Hint "k6 was not found: $getHint" }
        return New-HostCheck -Check 'k6' -Value 'not found' -Needed $needText -Result Failed -Hint 'Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) or name it with -K6Path.'
    }
    $version = Get-K6Version -Path $path
    if ($null -eq $version) {
        return New-HostCheck -Check 'k6' -Value 'no version' -Needed $needText -Result Failed -Hint "$path does not answer as k6 does."
    }
    if ($version -lt $script:MinimumK6) {
        if ($canGet) { return New-HostCheck -Check 'k6' -Value "v$version" -Needed $needText -Result Warning -Hint "The k6 on PATH is too old: $getHint" }
        return New-HostCheck -Check 'k6' -Value "v$version" -Needed $needText -Result Failed -Hint "$path is too old: install a newer k6."
    }
    return New-HostCheck -Check 'k6' -Value "v$version" -Needed $needText -Result Ok
}

function Test-Target {
    <#
    .SYNOPSIS
    Checks that the name of a target resolves to IPv4 and that its port answers.
    .PARAMETER Target
    A target as ConvertFrom-TargetUrl gives it.
    .PARAMETER Address
    The IP addresses of its name.
    .EXAMPLE
    Test-Target -Target (ConvertFrom-TargetUrl -Url ws://localhost:8081) -Address (Get-HostAddress -Name localhost)
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Target,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Address = @()
    )

    $addresses = @($Address | Where-Object { $null -ne $_ })
    $check = "IPv4 of $($Target.Name)"
    if ($addresses.Count -eq 0) {
        return New-HostCheck -Check $check -Value 'not resolved' -Needed 'an address' -Result Failed -Hint 'The name does not resolve: correct it, or the DNS or hosts file of this host.'
    }
    $ipv4 = @($addresses | Where-Object { [string] $_.AddressFamily -eq 'InterNetwork' } | ForEach-Object { [string] $_ })
    if ($ipv4.Count -eq 0) {
        New-HostCheck -Check $check -Value ([string] $addresses[0]) -Needed 'an IPv4 address' -Result Warning -Hint 'IPv6 only: the ports come from the ipv6 range, which has its own size.'
        $name = [string] $addresses[0]
    }
    else {
        New-HostCheck -Check $check -Value $ipv4[0] -Needed 'an IPv4 address' -Result Ok
        $name = $ipv4[0]
    }
    $check = "Port $($Target.Port) of $($Target.Name)"
    if (Test-TcpPort -Name $name -Port $Target.Port -TimeoutMilliseconds 3000) {
        return New-HostCheck -Check $check -Value 'answers' -Needed 'answers' -Result Ok
    }
    return New-HostCheck -Check $check -Value 'no answer' -Needed 'answers' -Result Failed -Hint "Nothing accepted a connection to $name within 3 s: start the server, or look at firewalls."
}

function Test-PowerPlan {
    <#
    .SYNOPSIS
    Hints at a power plan of Windows that slows the processor; nothing elsewhere.
    .EXAMPLE
    Test-PowerPlan
    #>
    [CmdletBinding()]
    param()

    if ((Get-HostPlatform) -ne 'Windows') { return }
    # The name of a plan is localised, its id is not.
    $text = [string] (@(Invoke-Program -Name 'powercfg' -Arguments '/getactivescheme') -join ' ')
    $hint = 'For steady times set the plan "High performance": powercfg /setactive SCHEME_MIN.'
    if ($text -match '8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c') { return New-HostCheck -Check 'Power plan' -Value 'high performance' -Result Ok }
    if ($text -match '381b4222-f694-41f0-9685-ff5bb260df2e') { return New-HostCheck -Check 'Power plan' -Value 'balanced' -Result Warning -Hint $hint }
    if ($text -match 'a1841308-3541-4fab-bc81-f71556f20b4a') { return New-HostCheck -Check 'Power plan' -Value 'power saver' -Result Warning -Hint $hint }
    return New-HostCheck -Check 'Power plan' -Value 'another' -Result Unknown -Hint 'Look whether the power plan slows the processor: powercfg /getactivescheme.'
}

function Test-Processor {
    <#
    .SYNOPSIS
    Hints at too few processors for the connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-Processor -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $needed = 2
    if ($Connections -gt 5000) { $needed = 4 }
    $count = Get-ProcessorCount
    if ($count -lt $needed) {
        return New-HostCheck -Check 'Processors' -Value "$count" -Needed "$needed" -Result Warning -Hint 'k6 may lag behind its own schedule; its report says so when it does.'
    }
    return New-HostCheck -Check 'Processors' -Value "$count" -Needed "$needed" -Result Ok
}

function Invoke-HostPreflight {
    <#
    .SYNOPSIS
    Makes all checks of this host for a run and gives one object for each: Check, Value, Needed, Result, Hint.
    .PARAMETER Connections
    Number of connections of the run.
    .PARAMETER Url
    Target, or several separated by commas.
    .PARAMETER ProgramPath
    Path of k6. Without it, k6 is looked for on PATH.
    .EXAMPLE
    Invoke-HostPreflight -Connections 10000 -Url ws://server:8081/
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections,

        [Parameter(Mandatory = $true)]
        [string] $Url,

        [string] $ProgramPath = ''
    )

    $targets = @(ConvertFrom-TargetUrl -Url $Url)
    if ($targets.Count -eq 0) { throw 'The address of the target is empty.' }
    $targetChecks = @()
    $usesIpv4 = $false
    $usesIpv6 = $false
    $seen = @{}
    foreach ($target in $targets) {
        $key = "$($target.Name) $($target.Port)"
        if ($seen.ContainsKey($key)) { continue }
        $seen[$key] = $true
        $addresses = @(Get-HostAddress -Name $target.Name)
        $hasIpv4 = @($addresses | Where-Object { [string] $_.AddressFamily -eq 'InterNetwork' }).Count -gt 0
        # k6 takes IPv4 where a name has both.
        if ($addresses.Count -gt 0 -and -not $hasIpv4) { $usesIpv6 = $true }
        else { $usesIpv4 = $true }
        $targetChecks += @(Test-Target -Target $target -Address $addresses)
    }
    # On Windows the range caps the whole host; elsewhere each target has the range for itself.
    $ports = $Connections
    if ((Get-HostPlatform) -ne 'Windows') { $ports = [int] [System.Math]::Ceiling($Connections / $seen.Count) }
    Test-PortCapacity -Family ipv4 -Needed $ports -IsUsed:$usesIpv4
    Test-PortCapacity -Family ipv6 -Needed $ports -IsUsed:$usesIpv6
    Test-FreeMemory -Connections $Connections
    Test-OpenFileLimit -Connections $Connections
    Test-K6 -ProgramPath $ProgramPath
    $targetChecks
    Test-PowerPlan
    Test-Processor -Connections $Connections
}

function Get-PreflightVerdict {
    <#
    .SYNOPSIS
    Says in one line whether the host can do it: Passed and Text.
    .PARAMETER Check
    The checks that Invoke-HostPreflight gave.
    .PARAMETER Connections
    Number of connections of the run.
    .EXAMPLE
    Get-PreflightVerdict -Check $checks -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Check,

        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $failed = @($Check | Where-Object { $_.Result -eq 'Failed' })
    $warnings = @($Check | Where-Object { $_.Result -eq 'Warning' })
    $unknown = @($Check | Where-Object { $_.Result -eq 'Unknown' })
    $count = Format-Count -Number $Connections
    if ($failed.Count -gt 0) {
        $names = @($failed | ForEach-Object { $_.Check }) -join ', '
        return [pscustomobject] @{ Passed = $false; Text = "NOT READY for $count connections: $names." }
    }
    $text = "READY for $count connections"
    if ($warnings.Count -gt 0) { $text += "; warnings: $($warnings.Count)" }
    if ($unknown.Count -gt 0) { $text += "; not known: $($unknown.Count)" }
    return [pscustomobject] @{ Passed = $true; Text = "$text." }
}

function Show-Preflight {
    <#
    .SYNOPSIS
    Prints checks as a table, the hints below it, and the verdict.
    .PARAMETER Check
    The checks that Invoke-HostPreflight gave.
    .PARAMETER Verdict
    The verdict that Get-PreflightVerdict gave.
    .EXAMPLE
    Show-Preflight -Check $checks -Verdict $verdict
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Check,

        [Parameter(Mandatory = $true)]
        [object] $Verdict
    )

    $rows = @([pscustomobject] @{ Check = 'Check'; Value = 'Value'; Needed = 'Needed'; Result = 'Result' }) + @($Check)
    $widths = @{}
    foreach ($column in 'Check', 'Value', 'Needed') {
        $widths[$column] = [int] ($rows | ForEach-Object { ([string] $_.$column).Length } | Measure-Object -Maximum).Maximum
    }
    foreach ($row in $rows) {
        $line = ''
        foreach ($column in 'Check', 'Value', 'Needed') { $line += ([string] $row.$column).PadRight($widths[$column] + 2) }
        Write-HostLine -Text "$line$($row.Result)"
    }
    Write-HostLine
    foreach ($row in @($Check | Where-Object { $_.Hint -ne '' -and $_.Result -ne 'Ok' })) {
        Write-HostLine -Text "$($row.Result): $($row.Check): $($row.Hint)"
    }
    Write-HostLine -Text $Verdict.Text
}

# ---------------------------------------------------------------------------------------------------------------------
# Running k6
# ---------------------------------------------------------------------------------------------------------------------

function ConvertTo-NativeArgument {
    <#
    .SYNOPSIS
    Quotes arguments into the one text that Windows programs split again; .NET splits it the same way elsewhere.
    .PARAMETER Argument
    The arguments.
    .EXAMPLE
    ConvertTo-NativeArgument -Argument 'run', 'C:\my tests\concurrent.js'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $Argument
    )

    $quoted = @(foreach ($text in @($Argument)) {
            if ($null -eq $text -or $text -eq '') { '""' }
            elseif ($text -notmatch '[\s"]') { $text }
            else {
                # Backslashes count as themselves unless a double quote follows; the closing one does.
                $inner = [regex]::Replace($text, '(\\*)"', '$1$1\"')
                $inner = [regex]::Replace($inner, '(\\+)\z', '$1$1')
                '"' + $inner + '"'
            }
        })
    return ($quoted -join ' ')
}

function Split-RunArgument {
    <#
    .SYNOPSIS
    Parts the words of a command line into parameters of the script (Named) and arguments of k6 (Rest).
    .DESCRIPTION
    Parameters come first. From "--" on, or from the first word that is no parameter on, all words are k6's. A word of one
    dash and three or more letters is always taken for a parameter, so that PowerShell itself complains about a mistyped
    one: k6 has only long options with two dashes and short ones of one letter.
    .PARAMETER Word
    The words.
    .PARAMETER SwitchName
    Names of the parameters that have no value.
    .EXAMPLE
    Split-RunArgument -Word '-Url', 'ws://server/', '--', '--tag', 'a=b' -SwitchName Dashboard
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Word = @(),

        [string[]] $SwitchName = @()
    )

    # As text, at once and straight from the list: PowerShell 7 takes 5s for a number, and knows how it was written only
    # until it is copied. A list is what PowerShell makes of a,b.
    $words = @()
    for ($i = 0; $i -lt $Word.Count; $i++) {
        if ($null -eq $Word[$i]) { continue }
        if ($Word[$i] -is [bool]) { $words += $Word[$i] }
        elseif ($Word[$i] -is [array]) { $words += (@($Word[$i] | ForEach-Object { [string] $_ }) -join ',') }
        else { $words += [string] $Word[$i] }
    }
    $named = @{}
    $index = 0
    while ($index -lt $words.Count) {
        if ([string] $words[$index] -notmatch '^-([A-Za-z][A-Za-z0-9]{2,})(?::(.*))?$') { break }
        $name = $Matches[1]
        # "-Name:" is followed by its value as another word.
        $hasColon = ([string] $words[$index]).Contains(':')
        $attached = ''
        if ($Matches.ContainsKey(2)) { $attached = $Matches[2] }
        if ($named.ContainsKey($name)) { throw "The parameter $name is there more than once." }
        $index++
        if ($attached -ne '') {
            $named[$name] = $attached
            continue
        }
        $hasNext = $index -lt $words.Count
        if ($hasColon -and $hasNext) {
            $named[$name] = $words[$index]
            $index++
        }
        elseif ($SwitchName -contains $name) {
            $named[$name] = $true
            # PowerShell -File makes two words of -Name:$false.
            if ($hasNext -and $words[$index] -is [bool]) {
                $named[$name] = $words[$index]
                $index++
            }
        }
        elseif ($hasNext -and [string] $words[$index] -notmatch '^-[A-Za-z-]') {
            $named[$name] = $words[$index]
            $index++
        }
        elseif ([System.Management.Automation.Cmdlet]::CommonParameters -contains $name) { $named[$name] = $true }
        else { throw "The parameter $name has no value." }
    }
    $rest = @(for ($i = $index; $i -lt $words.Count; $i++) {
            if ($i -eq $index -and [string] $words[$i] -eq '--') { continue }
            [string] $words[$i]
        })
    return [pscustomobject] @{ Named = $named; Rest = $rest }
}

function Get-RunSetting {
    <#
    .SYNOPSIS
    Gives the WS_ settings that the arguments of k6 and the environment hold; arguments win.
    .PARAMETER UserArgument
    Arguments of k6.
    .EXAMPLE
    Get-RunSetting -UserArgument '-e', 'WS_CONNECTIONS=5000'
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $settings = @{}
    foreach ($entry in [System.Environment]::GetEnvironmentVariables().GetEnumerator()) {
        if ([string] $entry.Key -clike 'WS_*') { $settings[[string] $entry.Key] = [string] $entry.Value }
    }
    $words = @($UserArgument)
    for ($i = 0; $i -lt $words.Count; $i++) {
        $pair = ''
        if ($words[$i] -cmatch '^(?:-e|--env)$' -and $i + 1 -lt $words.Count) { $pair = $words[$i + 1] }
        elseif ($words[$i] -cmatch '^(?:-e=?|--env=)(.+)$') { $pair = $Matches[1] }
        if ($pair -cmatch '^(WS_[A-Z0-9_]+)=(.*)$') { $settings[$Matches[1]] = $Matches[2] }
    }
    return $settings
}

function Get-AddressArgument {
    <#
    .SYNOPSIS
    Gives the value of --address among arguments of k6; nothing where it is not there.
    .PARAMETER UserArgument
    Arguments of k6.
    .EXAMPLE
    Get-AddressArgument -UserArgument '--address', '127.0.0.1:6565'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $address = $null
    $words = @($UserArgument)
    for ($i = 0; $i -lt $words.Count; $i++) {
        if ($words[$i] -cmatch '^(?:-a|--address)$' -and $i + 1 -lt $words.Count) { $address = $words[$i + 1] }
        elseif ($words[$i] -cmatch '^--address=(.+)$') { $address = $Matches[1] }
    }
    return $address
}

function Get-K6RunArgument {
    <#
    .SYNOPSIS
    Makes the arguments of k6 for a run.
    .PARAMETER Bundle
    Path of the script that k6 runs.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER Address
    host:port where k6 serves its own figures.
    .PARAMETER Setting
    WS_ settings to pass, by name.
    .PARAMETER Dashboard
    Adds k6's dashboard.
    .PARAMETER UserArgument
    Arguments of the user, which win.
    .EXAMPLE
    Get-K6RunArgument -Bundle dist/concurrent.js -ResultsPath C:\results -Address 127.0.0.1:6565 -Setting @{ WS_HOLD = '1m' }
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Bundle,

        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [Parameter(Mandatory = $true)]
        [string] $Address,

        [hashtable] $Setting = @{},

        [switch] $Dashboard,

        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $words = @('run', '--address', $Address, '--profiling-enabled')
    # Each of thousands of VUs would hold a copy of the environment.
    $words += '--include-system-env-vars=false'
    if ($Dashboard) {
        $export = [System.Uri]::EscapeDataString([System.IO.Path]::Combine($ResultsPath, 'report.html'))
        $words += @('--out', "web-dashboard=host=127.0.0.1&port=5665&period=2s&tag=reason&export=$export")
    }
    foreach ($name in @($Setting.Keys | Sort-Object)) { $words += @('-e', "$name=$($Setting[$name])") }
    $words += @('-e', "WS_RESULTS_DIR=$ResultsPath", '-e', "WS_GENERATOR_ADDRESS=$Address")
    $words += @($UserArgument)
    $words += $Bundle
    return [string[]] $words
}

function Measure-TcpState {
    <#
    .SYNOPSIS
    Counts the TCP connections of k6 by state: Established, TimeWait, Bound; empty where a count is not known.
    .DESCRIPTION
    Windows: Established and Bound of the process; TIME_WAIT belongs to no process there, so it is counted by the ports of
    the targets. Linux: Established and TIME_WAIT by the ports of the targets.
    .PARAMETER ProcessId
    Id of the process of k6.
    .PARAMETER RemotePort
    Ports of the targets.
    .EXAMPLE
    Measure-TcpState -ProcessId 4711 -RemotePort 8081
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $ProcessId,

        [AllowEmptyCollection()]
        [int[]] $RemotePort = @()
    )

    $counts = [pscustomobject] @{ Established = ''; TimeWait = ''; Bound = '' }
    switch (Get-HostPlatform) {
        'Windows' {
            $own = Get-WindowsTcpConnection -Filter @{ OwningProcess = $ProcessId }
            $waiting = Get-WindowsTcpConnection -Filter @{ State = 'TimeWait' }
            if ($null -ne $own) {
                $counts.Established = @($own | Where-Object { [string] $_.State -eq 'Established' }).Count
                $counts.Bound = @($own | Where-Object { [string] $_.State -eq 'Bound' }).Count
            }
            if ($null -ne $waiting) { $counts.TimeWait = @($waiting | Where-Object { $RemotePort -contains $_.RemotePort }).Count }
        }
        'Linux' {
            # Counted in the text: at 10,000 connections objects would cost more than the sampling may.
            $text = "$(Get-SystemText -Path '/proc/net/tcp')`n$(Get-SystemText -Path '/proc/net/tcp6')"
            $ports = @($RemotePort | ForEach-Object { $_.ToString('X4') }) -join '|'
            if ($ports -ne '') {
                $counts.Established = [regex]::Matches($text, ": [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:(?:$ports) 01 ").Count
                $counts.TimeWait = [regex]::Matches($text, ": [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:(?:$ports) 06 ").Count
            }
        }
    }
    return $counts
}

function Get-HostSample {
    <#
    .SYNOPSIS
    Gives one row of host-samples.csv for a running process; nothing once it has ended.
    .PARAMETER Process
    The process of k6.
    .PARAMETER RemotePort
    Ports of the targets.
    .EXAMPLE
    Get-HostSample -Process $process -RemotePort 8081
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Process,

        [AllowEmptyCollection()]
        [int[]] $RemotePort = @()
    )

    try {
        $Process.Refresh()
        if ($Process.HasExited) { return $null }
        $culture = [System.Globalization.CultureInfo]::InvariantCulture
        $time = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', $culture)
        $cpu = $Process.TotalProcessorTime.TotalSeconds.ToString('0.00', $culture)
        $memory = $Process.WorkingSet64
        $handles = ''
        if ((Get-HostPlatform) -eq 'Windows') { $handles = $Process.HandleCount }
        else { $handles = Get-OpenFileCount -ProcessId $Process.Id }
        $states = Measure-TcpState -ProcessId $Process.Id -RemotePort $RemotePort
        return "$time,$cpu,$memory,$handles,$($states.Established),$($states.TimeWait),$($states.Bound)"
    }
    catch {
        # It ended in between.
        Write-Verbose -Message $_.Exception.Message
        return $null
    }
}

function Get-TcpSettingText {
    <#
    .SYNOPSIS
    Gives the TCP settings of this host as the system prints them, for the results folder.
    .EXAMPLE
    Get-TcpSettingText
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $parts = @()
    if ((Get-HostPlatform) -eq 'Windows') {
        $commands = @(
            'int ipv4 show dynamicport tcp',
            'int ipv6 show dynamicport tcp',
            'int ipv4 show excludedportrange protocol=tcp',
            'int ipv6 show excludedportrange protocol=tcp',
            'int tcp show global'
        )
        foreach ($command in $commands) {
            $lines = Invoke-Program -Name netsh -Arguments $command.Split(' ')
            if ($null -eq $lines) { $lines = @('not known') }
            $parts += "# netsh $command"
            $parts += $lines
        }
    }
    else {
        $names = 'ip_local_port_range', 'ip_local_reserved_ports', 'tcp_tw_reuse', 'tcp_fin_timeout', 'tcp_rmem', 'tcp_wmem'
        foreach ($name in $names) {
            $text = Get-SystemText -Path "/proc/sys/net/ipv4/$name"
            if ($null -eq $text) { $text = 'not known' }
            $parts += "net.ipv4.$name = $($text.Trim())"
        }
        $limit = Get-OpenFileLimit
        if ($null -eq $limit) { $limit = 'not known' }
        $parts += "open files = $limit"
    }
    return ($parts -join [System.Environment]::NewLine) + [System.Environment]::NewLine
}

Export-ModuleMember -Function *
