# The state of the host during a run, for the results folder.

function Measure-TcpState {
    <#
    .SYNOPSIS
    Counts the TCP connections of this host to the ports of the targets by state: Established, TimeWait; empty where that is not known.
    .DESCRIPTION
    One cheap pass: it runs each 2 s beside 10,000 connections. Where a target is on this host, its own ends are not counted.
    .PARAMETER RemotePort
    Ports of the targets.
    .EXAMPLE
    Measure-TcpState -RemotePort 8081
    #>
    [CmdletBinding()]
    param(
        [AllowEmptyCollection()]
        [int[]] $RemotePort = @()
    )

    $counts = [pscustomobject] @{ Established = ''; TimeWait = '' }
    if ($RemotePort.Count -eq 0) { return $counts }
    switch (Get-HostPlatform) {
        'Windows' { return Measure-TcpConnection -Connection (Get-ActiveTcpConnection) -RemotePort $RemotePort }
        'Linux' {
            # Counted in the text, as objects would cost more.
            $text = "$(Get-SystemText -Path '/proc/net/tcp')`n$(Get-SystemText -Path '/proc/net/tcp6')"
            $ports = @($RemotePort | ForEach-Object { $_.ToString('X4') }) -join '|'
            $counts.Established = [regex]::Matches($text, ": [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:(?:$ports) 01 ").Count
            $counts.TimeWait = [regex]::Matches($text, ": [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:(?:$ports) 06 ").Count
        }
    }
    return $counts
}

function Measure-TcpConnection {
    <#
    .SYNOPSIS
    Counts connections to some remote ports by state: Established, TimeWait; empty where there is no list.
    .PARAMETER Connection
    Connections as .NET lists them, or null.
    .PARAMETER RemotePort
    The ports.
    .EXAMPLE
    Measure-TcpConnection -Connection (Get-ActiveTcpConnection) -RemotePort 8081
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Connection,

        [Parameter(Mandatory = $true)]
        [int[]] $RemotePort
    )

    if ($null -eq $Connection) { return [pscustomobject] @{ Established = ''; TimeWait = '' } }
    $ports = New-Object -TypeName 'System.Collections.Generic.HashSet[int]'
    foreach ($port in $RemotePort) { [void] $ports.Add($port) }
    # A loop without a pipeline: with 10,000 connections a pipeline takes half a second of a core.
    $isEstablished = [System.Net.NetworkInformation.TcpState]::Established
    $isWaiting = [System.Net.NetworkInformation.TcpState]::TimeWait
    $established = 0
    $waiting = 0
    foreach ($one in $Connection) {
        if ($ports.Contains($one.RemoteEndPoint.Port)) {
            $state = $one.State
            if ($state -eq $isEstablished) { $established++ }
            elseif ($state -eq $isWaiting) { $waiting++ }
        }
    }
    return [pscustomobject] @{ Established = $established; TimeWait = $waiting }
}

function Get-SamplePause {
    <#
    .SYNOPSIS
    Gives the milliseconds until the next sample: 2,000, or as many more as keep sampling below 2 % of one core.
    .PARAMETER CostMilliseconds
    What the last sample took.
    .EXAMPLE
    Get-SamplePause -CostMilliseconds 20
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory = $true)]
        [long] $CostMilliseconds
    )

    return [System.Math]::Max([long] 2000, 50 * $CostMilliseconds)
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
        $states = Measure-TcpState -RemotePort $RemotePort
        return "$time,$cpu,$memory,$handles,$($states.Established),$($states.TimeWait)"
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
            $lines = @('not known')
            if (Test-NetshAvailable) {
                $answer = Invoke-Netsh -ArgumentList $command.Split(' ')
                if ($answer.ExitCode -eq 0) { $lines = @($answer.Lines) }
            }
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

function Save-HostState {
    <#
    .SYNOPSIS
    Writes the TCP settings, and on Windows the System events of the run, into the results folder.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER Since
    Start of the run.
    .EXAMPLE
    Save-HostState -ResultsPath C:\results -Since (Get-Date).AddMinutes(-20)
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [Parameter(Mandatory = $true)]
        [datetime] $Since
    )

    $utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($ResultsPath, 'tcp-settings.txt'), (Get-TcpSettingText), $utf8)
    if ((Get-HostPlatform) -ne 'Windows') { return }
    $found = Get-TcpEvent -Since $Since
    $json = [pscustomobject] @{
        since    = $Since.ToUniversalTime().ToString('o')
        readable = $found.Readable
        reason   = $found.Reason
        events   = @($found.Events)
    } | ConvertTo-Json -Depth 4
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($ResultsPath, 'tcp-events.json'), $json, $utf8)
    $count = @($found.Events).Count
    if ($count -gt 0) {
        Write-HostLine -Text "Windows logged $count event(s) of ports running out (4227, 4231) during the run: tcp-events.json."
    }
    if (-not $found.Readable) { Write-HostLine -Text "The System events could not be read: $($found.Reason)" }
}
