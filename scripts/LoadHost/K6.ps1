# k6: where it is, and whether it is new enough.

$script:MinimumK6 = New-Object -TypeName System.Version -ArgumentList 1, 8, 0

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
        if ([string] $text -match '^\s*\S*k6\S*\s+v(\d+)\.(\d+)\.(\d+)') {
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
