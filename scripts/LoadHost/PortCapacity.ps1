# How many outgoing connections the ports of this host allow.

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
            if (-not (Test-NetshAvailable)) { return $null }
            $range = Get-DynamicPortRange -Family $Family
            if (-not $range.Known) { return $null }
            $start = $range.Start
            $count = $range.Count
            $shown = Get-ExcludedPortRange -Family $Family
            # Without the exclusions the number would be too good.
            if (-not $shown.Known) { return $null }
            $excluded = @($shown.Ranges)
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
