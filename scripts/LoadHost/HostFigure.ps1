# What the host tells of itself beside a run. k6 reads it at a loopback port (WS_HOST_METRICS) and has it in its report, in the
# words of Prometheus's node_exporter; npm start does the same by scripts/lib/host-sampler.mjs.

function Get-WindowsCpuTime {
    <#
    .SYNOPSIS
    Gives for each core of a Windows host the seconds by mode (Cpu, Idle, User, System); nothing where that is not known.
    .EXAMPLE
    Get-WindowsCpuTime
    #>
    [CmdletBinding()]
    param()

    if (-not (Get-Command -Name Get-CimInstance -ErrorAction SilentlyContinue)) { return }
    # Raw counters of 100 ns each, under the same names in every language.
    foreach ($core in @(Get-CimInstance -ClassName Win32_PerfRawData_PerfOS_Processor -ErrorAction Stop)) {
        if ($core.Name -eq '_Total') { continue }
        [pscustomobject] @{
            Cpu    = [string] $core.Name
            Idle   = [double] $core.PercentIdleTime / 1e7
            User   = [double] $core.PercentUserTime / 1e7
            System = [double] $core.PercentPrivilegedTime / 1e7
        }
    }
}

function Get-WindowsMemory {
    <#
    .SYNOPSIS
    Gives the memory of a Windows host in bytes (Total, Available); nothing where that is not known.
    .EXAMPLE
    Get-WindowsMemory
    #>
    [CmdletBinding()]
    param()

    if (-not (Get-Command -Name Get-CimInstance -ErrorAction SilentlyContinue)) { return $null }
    $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
    return [pscustomobject] @{
        Total     = [double] $system.TotalVisibleMemorySize * 1024
        Available = [double] $system.FreePhysicalMemory * 1024
    }
}

function Get-NetworkCount {
    <#
    .SYNOPSIS
    Gives the bytes that each network interface has received and sent (Name, Received, Sent).
    .EXAMPLE
    Get-NetworkCount
    #>
    [CmdletBinding()]
    param()

    foreach ($interface in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
        try {
            $counts = $interface.GetIPStatistics()
            [pscustomobject] @{ Name = $interface.Name; Received = $counts.BytesReceived; Sent = $counts.BytesSent }
        }
        catch { Write-Verbose -Message "$($interface.Name): $($_.Exception.Message)" }
    }
}

function Measure-TcpTotal {
    <#
    .SYNOPSIS
    Counts TCP connections by state, under the names of Linux: established, time_wait.
    .PARAMETER Connection
    Connections as .NET lists them, or null.
    .EXAMPLE
    Measure-TcpTotal -Connection (Get-ActiveTcpConnection)
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Connection
    )

    $names = @{
        Established = 'established'; SynSent = 'syn_sent'; SynReceived = 'syn_recv'; FinWait1 = 'fin_wait1'; FinWait2 = 'fin_wait2'
        TimeWait = 'time_wait'; CloseWait = 'close_wait'; LastAck = 'last_ack'; Closing = 'closing'; Listen = 'listen'
    }
    $counts = @{}
    if ($null -eq $Connection) { return $counts }
    # By number in the loop: with 10,000 connections the names would take most of the time.
    $byState = New-Object -TypeName 'int[]' -ArgumentList 16
    foreach ($one in $Connection) { $byState[[int] $one.State]++ }
    for ($state = 0; $state -lt $byState.Count; $state++) {
        # A number without a state cannot be made one.
        if ($byState[$state] -eq 0) { continue }
        $name = $names[[string] [System.Net.NetworkInformation.TcpState] $state]
        if ($name) { $counts[$name] = $byState[$state] }
    }
    return $counts
}

function Get-HostFigureText {
    <#
    .SYNOPSIS
    Gives the figures of this host and of k6 as Prometheus text. What is not known is left out.
    .PARAMETER Process
    The process of k6.
    .EXAMPLE
    Get-HostFigureText -Process $process
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Process
    )

    $text = New-Object -TypeName System.Text.StringBuilder
    $add = {
        param($Name, $Label, $Value)
        $number = ([double] $Value).ToString('R', [System.Globalization.CultureInfo]::InvariantCulture)
        [void] $text.Append("$Name$Label $number`n")
    }
    # k6 may come to this answer seconds later, when it is short of CPU.
    $epoch = New-Object -TypeName System.DateTime -ArgumentList 1970, 1, 1, 0, 0, 0, ([System.DateTimeKind]::Utc)
    & $add 'node_time_seconds' '' ([System.DateTime]::UtcNow - $epoch).TotalSeconds
    $tcp = @{}
    switch (Get-HostPlatform) {
        'Windows' {
            foreach ($core in @(Get-WindowsCpuTime)) {
                & $add 'node_cpu_seconds_total' "{cpu=`"$($core.Cpu)`",mode=`"idle`"}" $core.Idle
                & $add 'node_cpu_seconds_total' "{cpu=`"$($core.Cpu)`",mode=`"user`"}" $core.User
                & $add 'node_cpu_seconds_total' "{cpu=`"$($core.Cpu)`",mode=`"system`"}" $core.System
            }
            $memory = Get-WindowsMemory
            if ($memory) {
                & $add 'node_memory_MemTotal_bytes' '' $memory.Total
                & $add 'node_memory_MemAvailable_bytes' '' $memory.Available
            }
            $tcp = Measure-TcpTotal -Connection (Get-ActiveTcpConnection)
        }
        'Linux' {
            $modes = 'user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'
            foreach ($line in [regex]::Matches([string] (Get-SystemText -Path '/proc/stat'), '(?m)^cpu(\d+) (.*)$')) {
                $ticks = $line.Groups[2].Value.Trim() -split '\s+'
                for ($i = 0; $i -lt $modes.Count -and $i -lt $ticks.Count; $i++) {
                    & $add 'node_cpu_seconds_total' "{cpu=`"$($line.Groups[1].Value)`",mode=`"$($modes[$i])`"}" ([double] $ticks[$i] / 100)
                }
            }
            $meminfo = [string] (Get-SystemText -Path '/proc/meminfo')
            foreach ($name in 'MemTotal', 'MemAvailable') {
                if ($meminfo -match "(?m)^${name}:\s+(\d+) kB") { & $add "node_memory_${name}_bytes" '' ([double] $Matches[1] * 1024) }
            }
            if ([string] (Get-SystemText -Path '/proc/net/sockstat') -match '(?m)^TCP:.*\btw (\d+)') { $tcp['time_wait'] = $Matches[1] }
            $tables = [regex]::Matches([string] (Get-SystemText -Path '/proc/net/snmp'), '(?m)^Tcp: (.*)$')
            if ($tables.Count -eq 2) {
                $at = [array]::IndexOf(($tables[0].Groups[1].Value.Trim() -split ' '), 'CurrEstab')
                if ($at -ge 0) { $tcp['established'] = ($tables[1].Groups[1].Value.Trim() -split ' ')[$at] }
            }
        }
    }
    foreach ($one in @(Get-NetworkCount)) {
        $label = '{device="' + ($one.Name -replace '[\\"\r\n]', '_') + '"}'
        & $add 'node_network_receive_bytes_total' $label $one.Received
        & $add 'node_network_transmit_bytes_total' $label $one.Sent
    }
    foreach ($state in @($tcp.Keys)) { & $add 'node_tcp_connection_states' "{state=`"$state`"}" $tcp[$state] }
    $Process.Refresh()
    if (-not $Process.HasExited) {
        & $add 'k6_process_cpu_seconds_total' '' $Process.TotalProcessorTime.TotalSeconds
        & $add 'k6_process_resident_memory_bytes' '' $Process.WorkingSet64
    }
    return $text.ToString()
}

function Open-HostFigureServer {
    <#
    .SYNOPSIS
    Listens on a free loopback port for those who ask for this host's figures (Listener, Url); nothing where it cannot.
    .EXAMPLE
    Open-HostFigureServer
    #>
    [CmdletBinding()]
    param()

    try {
        $listener = New-Object -TypeName System.Net.Sockets.TcpListener -ArgumentList ([System.Net.IPAddress]::Loopback), 0
        $listener.Start()
        # Other users of the host cannot guess the path.
        $path = "/$([System.Guid]::NewGuid().ToString('N'))/metrics"
        return [pscustomobject] @{ Listener = $listener; Url = "http://127.0.0.1:$($listener.LocalEndpoint.Port)$path" }
    }
    catch {
        Write-Verbose -Message "The host's figures are not served: $($_.Exception.Message)"
        return $null
    }
}

function Send-HostFigure {
    <#
    .SYNOPSIS
    Answers those who are waiting for this host's figures. Never throws: a run goes on without them.
    .PARAMETER Server
    What Open-HostFigureServer gave.
    .PARAMETER Process
    The process of k6.
    .EXAMPLE
    Send-HostFigure -Server $server -Process $process
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Server,

        [Parameter(Mandatory = $true)]
        [object] $Process
    )

    try {
        while ($Server.Listener.Pending()) {
            $client = $Server.Listener.AcceptTcpClient()
            try {
                $client.ReceiveTimeout = 500
                $client.SendTimeout = 500
                $stream = $client.GetStream()
                $buffer = New-Object -TypeName 'byte[]' -ArgumentList 8192
                $request = ''
                do {
                    $read = $stream.Read($buffer, 0, $buffer.Length)
                    $request += [System.Text.Encoding]::ASCII.GetString($buffer, 0, $read)
                } while ($read -gt 0 -and $request.Length -lt 16384 -and -not $request.Contains("`r`n`r`n"))
                $path = ([uri] $Server.Url).AbsolutePath
                $status = '404 Not Found'
                $body = ''
                if ($request.StartsWith("GET $path ", [System.StringComparison]::Ordinal)) {
                    $status = '200 OK'
                    $body = Get-HostFigureText -Process $Process
                }
                $content = [System.Text.Encoding]::UTF8.GetBytes($body)
                $head = "HTTP/1.1 $status`r`nContent-Type: text/plain; version=0.0.4; charset=utf-8`r`nContent-Length: $($content.Length)`r`nConnection: close`r`n`r`n"
                $bytes = [System.Text.Encoding]::ASCII.GetBytes($head)
                $stream.Write($bytes, 0, $bytes.Length)
                $stream.Write($content, 0, $content.Length)
                $stream.Flush()
            }
            finally { $client.Close() }
        }
    }
    catch { Write-Verbose -Message "The host's figures could not be sent: $($_.Exception.Message)" }
}
