# Reads what netsh prints, in every language of Windows and also where its labels are garbled.

function ConvertFrom-DynamicPortText {
    <#
    .SYNOPSIS
    Reads the dynamic port range from the lines of "netsh int ipv4 show dynamicport tcp".
    .DESCRIPTION
    Independent of the language: there must be exactly two lines that end in a colon and digits, the start and the number of ports.
    Anything else gives nothing, never a default.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-DynamicPortText -Line 'Start Port : 1024', 'Number of Ports : 60000'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    $numbers = @()
    foreach ($text in $Line) {
        $match = [regex]::Match($text, ':\s*([0-9]+)\s*$')
        if ($match.Success) {
            $numbers += $match.Groups[1].Value
        }
    }
    if (@($numbers).Count -ne 2) {
        return
    }
    if ($numbers[0].Length -gt 5 -or $numbers[1].Length -gt 5) {
        return
    }
    $start = [int] $numbers[0]
    $count = [int] $numbers[1]
    if ($start -lt 1 -or $count -lt 1 -or ($start + $count - 1) -gt 65535) {
        return
    }
    return [pscustomobject]@{
        Start = $start
        Count = $count
        End   = $start + $count - 1
    }
}

function ConvertFrom-ExcludedPortText {
    <#
    .SYNOPSIS
    Reads the excluded ranges from the lines of "netsh int ipv4 show excludedportrange protocol=tcp".
    .DESCRIPTION
    A range is a line of two numbers, with a star where an administrator added it. Independent of the language.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-ExcludedPortText -Line '  50000   50059   *'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    foreach ($text in $Line) {
        $match = [regex]::Match($text, '^\s*([0-9]{1,5})\s+([0-9]{1,5})\s*(\*?)\s*$')
        if ($match.Success) {
            $start = [int] $match.Groups[1].Value
            $end = [int] $match.Groups[2].Value
            if ($start -le $end -and $end -le 65535) {
                [pscustomobject]@{
                    Start        = $start
                    End          = $end
                    Administered = ($match.Groups[3].Value -eq '*')
                }
            }
        }
    }
}

function ConvertFrom-TcpGlobalText {
    <#
    .SYNOPSIS
    Reads receive-side scaling, receive auto-tuning and chimney offload from the lines of "netsh int tcp show global".
    .DESCRIPTION
    The labels are localised, the values are English. Known labels come first. Where a label is not known or garbled the order decides,
    which is the same in every build: receive-side scaling, (chimney offload and two more on old builds), receive auto-tuning, congestion provider.
    Gives Rss, AutoTuning and Chimney (a value in lower case, or null) and ChimneyState: Known, Removed or Unknown.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-TcpGlobalText -Line (Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global').Lines
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    # English | Chinese (written as escapes: this file is ASCII) | German
    $rssLabel = 'Receive-Side Scaling|\u63a5\u6536\u65b9\u7f29\u653e|empfangsseitig'
    $tuningLabel = 'Receive Window Auto-Tuning|\u63a5\u6536\u7a97\u53e3\u81ea\u52a8\u8c03\u8282|Abstimmungsgrad'
    $chimneyLabel = 'chimney|\u70df\u56f1'

    $rssValue = '^(enabled|disabled)$'
    $tuningValue = '^(normal|disabled|highlyrestricted|restricted|experimental)$'
    $tuningOnlyValue = '^(normal|highlyrestricted|restricted|experimental)$'
    $chimneyValue = '^(enabled|disabled|automatic|default)$'
    $providerValue = '^(none|default|ctcp|dctcp|cubic|newreno|bbr2)$'
    $ignoreCase = [System.Text.RegularExpressions.RegexOptions] 'IgnoreCase, CultureInvariant'

    $rows = @()
    foreach ($text in $Line) {
        $match = [regex]::Match($text, '^(.*?)\s*:\s*(\S.*?)\s*$')
        if ($match.Success) {
            $rows += [pscustomobject]@{
                Label = $match.Groups[1].Value
                Value = $match.Groups[2].Value.ToLowerInvariant()
            }
        }
    }
    $rows = @($rows)

    $rss = $null
    $tuning = $null
    $chimney = $null
    $rssIndex = -1
    $tuningIndex = -1
    $chimneyIndex = -1

    for ($i = 0; $i -lt $rows.Count; $i++) {
        $label = $rows[$i].Label
        $value = $rows[$i].Value
        if ($rssIndex -lt 0 -and [regex]::IsMatch($label, $rssLabel, $ignoreCase) -and [regex]::IsMatch($value, $rssValue)) {
            $rssIndex = $i
        }
        elseif ($chimneyIndex -lt 0 -and [regex]::IsMatch($label, $chimneyLabel, $ignoreCase) -and [regex]::IsMatch($value, $chimneyValue)) {
            $chimneyIndex = $i
        }
        elseif ($tuningIndex -lt 0 -and [regex]::IsMatch($label, $tuningLabel, $ignoreCase) -and [regex]::IsMatch($value, $tuningValue)) {
            $tuningIndex = $i
        }
    }

    # By order, where no label was known.
    for ($i = 0; $i -lt $rows.Count -and $rssIndex -lt 0; $i++) {
        if ($i -ne $chimneyIndex -and $i -ne $tuningIndex -and [regex]::IsMatch($rows[$i].Value, $rssValue)) {
            $rssIndex = $i
        }
    }
    for ($i = 0; $i -lt $rows.Count -and $tuningIndex -lt 0; $i++) {
        if ([regex]::IsMatch($rows[$i].Value, $tuningOnlyValue)) {
            $tuningIndex = $i
        }
    }
    # Auto-tuning that is disabled looks like its neighbours: it is the line before the congestion provider.
    for ($i = $rssIndex + 2; $i -lt $rows.Count -and $tuningIndex -lt 0 -and $rssIndex -ge 0; $i++) {
        if ([regex]::IsMatch($rows[$i].Value, $providerValue)) {
            if ($rows[$i - 1].Value -eq 'disabled' -and ($i - 1) -ne $chimneyIndex) {
                $tuningIndex = $i - 1
            }
            break
        }
    }
    # Chimney offload follows receive-side scaling on the builds that have it; auto-tuning does on the others.
    if ($chimneyIndex -lt 0 -and $rssIndex -ge 0 -and $tuningIndex -gt ($rssIndex + 1)) {
        if ([regex]::IsMatch($rows[$rssIndex + 1].Value, $chimneyValue)) {
            $chimneyIndex = $rssIndex + 1
        }
    }

    $state = 'Unknown'
    if ($rssIndex -ge 0) {
        $rss = $rows[$rssIndex].Value
    }
    if ($tuningIndex -ge 0) {
        $tuning = $rows[$tuningIndex].Value
    }
    if ($chimneyIndex -ge 0) {
        $chimney = $rows[$chimneyIndex].Value
        $state = 'Known'
    }
    elseif ($rssIndex -ge 0 -or $tuningIndex -ge 0) {
        $state = 'Removed'
    }
    return [pscustomobject]@{
        Rss          = $rss
        AutoTuning   = $tuning
        Chimney      = $chimney
        ChimneyState = $state
    }
}
