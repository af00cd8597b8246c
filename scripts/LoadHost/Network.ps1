# The network of this host: each call to the system behind one small function, so that a test can replace it.

function Get-ListeningPort {
    <#
    .SYNOPSIS
    Lists the TCP ports on which this host listens.
    .DESCRIPTION
    One object per family and port: Family, Port, Process. Needs no rights. Process is empty where the host does not tell it.
    .EXAMPLE
    Get-ListeningPort
    #>
    [CmdletBinding()]
    param()

    $owners = @{}
    if ($null -ne (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue)) {
        $connections = @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)
        foreach ($connection in $connections) {
            $owners["$($connection.LocalPort)"] = [int] $connection.OwningProcess
        }
    }
    $seen = @{}
    $endpoints = @([System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners())
    foreach ($endpoint in ($endpoints | Sort-Object -Property Port)) {
        $family = 'ipv4'
        if ($endpoint.AddressFamily.ToString() -eq 'InterNetworkV6') {
            $family = 'ipv6'
        }
        $key = "$family $($endpoint.Port)"
        if (-not $seen.ContainsKey($key)) {
            $seen[$key] = $true
            $name = ''
            if ($owners.ContainsKey("$($endpoint.Port)")) {
                $process = Get-Process -Id $owners["$($endpoint.Port)"] -ErrorAction SilentlyContinue
                if ($null -ne $process) {
                    $name = $process.ProcessName
                }
            }
            [pscustomobject]@{
                Family  = $family
                Port    = [int] $endpoint.Port
                Process = $name
            }
        }
    }
}

function Get-WindowsTcpConnection {
    <#
    .SYNOPSIS
    Lists the TCP connections of a Windows host, the BOUND ones too; nothing where Get-NetTCPConnection is missing or fails.
    .EXAMPLE
    Get-WindowsTcpConnection
    #>
    [CmdletBinding()]
    param()

    if (-not (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue)) { return $null }
    # No connection is an empty list, not an unknown one: the comma keeps it from becoming nothing.
    return , @(Get-NetTCPConnection -ErrorAction SilentlyContinue)
}

function Get-ActiveTcpConnection {
    <#
    .SYNOPSIS
    Lists the TCP connections of this host as .NET does, which is cheap: RemoteEndPoint, State, ...; nothing where that fails.
    .EXAMPLE
    Get-ActiveTcpConnection
    #>
    [CmdletBinding()]
    param()

    # The comma keeps an empty list from becoming nothing.
    try { return , [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpConnections() }
    catch { return $null }
}

function Test-HostIpv6 {
    <#
    .SYNOPSIS
    Tells whether this host has IPv6 at all, on its loopback interface or another.
    .EXAMPLE
    Test-HostIpv6
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    if (-not [System.Net.Sockets.Socket]::OSSupportsIPv6) { return $false }
    try {
        foreach ($one in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
            if ($one.Supports([System.Net.NetworkInformation.NetworkInterfaceComponent]::IPv6)) { return $true }
        }
        return $false
    }
    catch { return $true }
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
        # Other sources of the System log use these numbers too.
        $filter = @{ LogName = 'System'; ProviderName = 'Tcpip'; Id = 4227, 4231; StartTime = $Since }
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
