# Which dynamic port range is wanted, in view of the one that is there.

function Get-PortLimit {
    <#
    .SYNOPSIS
    Gives the numbers that the ranges of Windows are measured by.
    .DESCRIPTION
    GuideStart: first port of the range of the guide. LastPort: of all. MostPorts: how many netsh takes at most.
    DefaultStart and DefaultCount: Windows' own range.
    .EXAMPLE
    (Get-PortLimit).LastPort
    #>
    [CmdletBinding()]
    param()

    return [pscustomobject]@{ GuideStart = 1024; LastPort = 65535; MostPorts = 64511; DefaultStart = 49152; DefaultCount = 16384 }
}

function Get-PortRangePlan {
    <#
    .SYNOPSIS
    Decides which dynamic port range is wanted for one family: Wanted ("start-end"), Kept and Text.
    .DESCRIPTION
    A range with as many ports as are asked for, at the start that is asked for, is wanted as it is. Windows' own range is
    replaced by the one asked for. Any other range was somebody's choice: without Force it is kept (Kept, and Text says what
    to do), and with it neither the start is lowered nor the end, as long as no start is asked for.
    .PARAMETER Label
    What a person calls the setting.
    .PARAMETER Current
    The range in force ("start-end"); null where it could not be read.
    .PARAMETER StartPort
    The first port asked for; 0 where none is.
    .PARAMETER PortCount
    The least number of ports.
    .PARAMETER Force
    Change also a range that is not Windows' own.
    .EXAMPLE
    Get-PortRangePlan -Label 'Dynamic ports ipv4' -Current '10000-65535' -PortCount 60000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Label,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Current,

        [int] $StartPort = 0,

        [Parameter(Mandatory = $true)]
        [int] $PortCount,

        [switch] $Force
    )

    $limit = Get-PortLimit
    $first = $StartPort
    if ($first -eq 0) { $first = $limit.GuideStart }
    $guide = "$first-$($first + $PortCount - 1)"
    if ([string]::IsNullOrEmpty($Current)) {
        return [pscustomobject]@{ Wanted = $guide; Kept = $false; Text = '' }
    }
    $range = ConvertFrom-PortRangeText -Text $Current
    $isAtStart = $StartPort -eq 0 -or $StartPort -eq $range.Start
    if ($isAtStart -and $range.Count -ge $PortCount) {
        return [pscustomobject]@{ Wanted = $Current; Kept = $false; Text = '' }
    }
    if ($range.Start -eq $limit.DefaultStart -and $range.Count -eq $limit.DefaultCount) {
        return [pscustomobject]@{ Wanted = $guide; Kept = $false; Text = '' }
    }

    $from = [System.Math]::Max($range.Start, $limit.GuideStart)
    if ($StartPort -ne 0) { $from = $StartPort }
    $room = [System.Math]::Min($limit.LastPort - $from + 1, $limit.MostPorts)
    if ($Force -and $room -ge $PortCount) {
        $end = [System.Math]::Max($from + $PortCount - 1, [System.Math]::Min($range.End, $from + $limit.MostPorts - 1))
        return [pscustomobject]@{ Wanted = "$from-$end"; Kept = $false; Text = '' }
    }
    $text = "${Label}: $Current ($(Format-Count -Number $range.Count) ports) is not Windows' own range, so somebody chose it, and it is kept. "
    $text += "Asked for: $guide ($(Format-Count -Number $PortCount)). "
    if ($isAtStart) { $text += "If the range is enough: -PortCount $($range.Count). " }
    if ($room -ge $PortCount -and $StartPort -eq 0) { $text += 'To widen it from its own start: -Force. ' }
    $text += "To move it: -StartPort $first -PortCount $PortCount -Force."
    return [pscustomobject]@{ Wanted = $guide; Kept = $true; Text = $text }
}
