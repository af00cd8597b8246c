# Ports that services of this host chose for themselves, and that Windows could hand out once its range includes them.

function ConvertFrom-PortList {
    <#
    .SYNOPSIS
    Reads the ports of -ReservePort: numbers, each once, ascending. Throws where one is no port.
    .PARAMETER Text
    Numbers, or texts of numbers with commas or blanks between them: PowerShell -File hands "1433,3389" over as one word.
    .EXAMPLE
    ConvertFrom-PortList -Text '1433,3389'
    #>
    [CmdletBinding()]
    [OutputType([int[]])]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Text = @()
    )

    $ports = @()
    foreach ($word in @(@($Text) -join ',' -split '[,\s]+')) {
        if ($word -eq '') { continue }
        if ($word -notmatch '^[0-9]{1,5}$' -or [int] $word -lt 1 -or [int] $word -gt 65535) {
            throw "-ReservePort ${word}: expected TCP ports from 1 to 65535, such as -ReservePort 1433,3389. Nothing was changed."
        }
        $ports += [int] $word
    }
    return [int[]] @($ports | Sort-Object -Unique)
}

function Get-ServicePort {
    <#
    .SYNOPSIS
    Lists the listeners of one family that chose their port themselves, among the dynamic ports: Family, Port, Process.
    .DESCRIPTION
    A listener inside the range in force, or inside Windows' own range, may have its port from Windows: it will be another
    one after the next start. It counts only where a backup says that it was there before the range was widened over it.
    A port that is excluded already is not listed.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Range
    The range that will be ("start-end").
    .PARAMETER Current
    The range in force ("start-end").
    .PARAMETER Listener
    All listeners: Family, Port, Process.
    .PARAMETER Known
    Service ports that the newest backup names: Family, Port.
    .EXAMPLE
    Get-ServicePort -Family ipv4 -Range '1024-61023' -Current '49152-65535' -Listener (Get-ListeningPort)
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [string] $Range,

        [Parameter(Mandatory = $true)]
        [string] $Current,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Listener = @(),

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Known = @()
    )

    $limit = Get-PortLimit
    $wanted = ConvertFrom-PortRangeText -Text $Range
    $inForce = ConvertFrom-PortRangeText -Text $Current
    $knownPorts = @($Known | Where-Object { $null -ne $_ -and $_.Family -eq $Family } | ForEach-Object { $_.Port })
    $found = @(foreach ($one in @($Listener)) {
            if ($null -eq $one -or $one.Family -ne $Family -or $one.Port -lt $wanted.Start -or $one.Port -gt $wanted.End) { continue }
            $isFromWindows = ($one.Port -ge $inForce.Start -and $one.Port -le $inForce.End) -or $one.Port -ge $limit.DefaultStart
            if (-not $isFromWindows -or $knownPorts -contains $one.Port) { $one }
        })
    if ($found.Count -eq 0) { return }
    $excluded = @((Get-ExcludedPortRange -Family $Family).Ranges)
    foreach ($one in $found) {
        if (@($excluded | Where-Object { $_.Start -le $one.Port -and $_.End -ge $one.Port }).Count -eq 0) { $one }
    }
}

function Get-ServicePortText {
    <#
    .SYNOPSIS
    Says in one text which services could lose their port, and what to do.
    .PARAMETER Service
    What Get-ServicePort listed, of both families; at least one.
    .PARAMETER ScriptName
    The script to run.
    .EXAMPLE
    Get-ServicePortText -Service $services -ScriptName windows-tcp-optimization.ps1
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Service,

        [string] $ScriptName = 'windows-tcp-optimization.ps1'
    )

    $limit = Get-PortLimit
    $names = @($Service | ForEach-Object { ('{0} {1} {2}' -f $_.Family, $_.Port, $_.Process).Trim() }) -join ', '
    $ports = @($Service | ForEach-Object { $_.Port } | Sort-Object -Unique)
    $text = "Services listen among the dynamic ports, and Windows could hand out their port before they start again: $names. "
    $text += "A port in use cannot be reserved: stop the service, run `"$ScriptName -ReservePort $($ports -join ',')`", and start it again."
    $above = $ports[-1] + 1
    $count = [System.Math]::Min($limit.LastPort - $above + 1, $limit.MostPorts)
    if ($count -gt $limit.DefaultCount) {
        $text += " Or take a range of $(Format-Count -Number $count) ports above them: -StartPort $above -PortCount $count -Force."
    }
    return $text
}
