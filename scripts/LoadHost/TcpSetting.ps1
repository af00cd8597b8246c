# The settings of the tuning, as text.

function Get-TcpSettingValue {
    <#
    .SYNOPSIS
    Reads one of the settings of the tuning as text.
    .DESCRIPTION
    A dynamic port range is "start-end", a reserved port "reserved" or "free". Null where it could not be read.
    .PARAMETER Name
    ipv4, ipv6, autotuninglevel, rss, chimney or reserve.
    .PARAMETER Family
    With reserve: ipv4 or ipv6.
    .PARAMETER Port
    With reserve: the port.
    .PARAMETER Store
    Active: the value in force. Persistent: the one after the next start of Windows; null for the settings that have one store only.
    .EXAMPLE
    Get-TcpSettingValue -Name ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6', 'autotuninglevel', 'rss', 'chimney', 'reserve')]
        [string] $Name,

        [string] $Family = 'ipv4',

        [int] $Port = 0,

        [ValidateSet('Active', 'Persistent')]
        [string] $Store = 'Active'
    )

    if ($Name -eq 'reserve') {
        $excluded = Get-ExcludedPortRange -Family $Family -Store $Store
        if (-not $excluded.Known) {
            return $null
        }
        $covering = @($excluded.Ranges | Where-Object { $_.Start -le $Port -and $_.End -ge $Port })
        if ($covering.Count -gt 0) {
            return 'reserved'
        }
        return 'free'
    }
    if ($Name -eq 'ipv4' -or $Name -eq 'ipv6') {
        $range = Get-DynamicPortRange -Family $Name -Store $Store
        if (-not $range.Known) {
            return $null
        }
        return ('{0}-{1}' -f $range.Start, $range.End)
    }
    if ($Store -eq 'Persistent') {
        return $null
    }
    $settings = Get-TcpGlobalSetting
    if ($Name -eq 'autotuninglevel') {
        return $settings.AutoTuning
    }
    if ($Name -eq 'rss') {
        return $settings.Rss
    }
    return $settings.Chimney
}

function ConvertFrom-PortRangeText {
    <#
    .SYNOPSIS
    Reads "start-end".
    .DESCRIPTION
    Gives Start, Count and End.
    .PARAMETER Text
    Two numbers with a hyphen.
    .EXAMPLE
    ConvertFrom-PortRangeText -Text '1024-61023'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[0-9]{1,5}-[0-9]{1,5}$')]
        [string] $Text
    )

    $parts = $Text.Split('-')
    $start = [int] $parts[0]
    $end = [int] $parts[1]
    return [pscustomobject]@{ Start = $start; Count = $end - $start + 1; End = $end }
}

function Get-TcpShowCommand {
    <#
    .SYNOPSIS
    Gives the command with which a person looks at a setting.
    .DESCRIPTION
    For messages only.
    .PARAMETER Name
    ipv4, ipv6, autotuninglevel, rss, chimney or reserve.
    .EXAMPLE
    Get-TcpShowCommand -Name ipv4
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    if ($Name -eq 'ipv4' -or $Name -eq 'ipv6') {
        return "netsh int $Name show dynamicport tcp"
    }
    if ($Name -eq 'reserve') {
        return 'netsh int ipv4 show excludedportrange protocol=tcp (and ipv6)'
    }
    return 'netsh int tcp show global'
}
