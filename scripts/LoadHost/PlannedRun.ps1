# What a run will need of this host.

function ConvertFrom-DurationText {
    <#
    .SYNOPSIS
    Reads a time such as 500ms, 2s or 1m30s in seconds; nothing where it is none.
    .PARAMETER Text
    The time.
    .EXAMPLE
    ConvertFrom-DurationText -Text '1m30s'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Text
    )

    if ($Text -notmatch '^\s*(\d+(\.\d+)?(ms|s|m|h))+\s*$') { return $null }
    $units = @{ ms = 0.001; s = 1; m = 60; h = 3600 }
    $seconds = 0
    foreach ($part in [regex]::Matches($Text, '([\d.]+)(ms|s|m|h)')) {
        $number = [double]::Parse($part.Groups[1].Value, [System.Globalization.CultureInfo]::InvariantCulture)
        $seconds += $number * $units[$part.Groups[2].Value]
    }
    return $seconds
}

function Get-PlannedRun {
    <#
    .SYNOPSIS
    Gives the target and the most connections that k6 will hold at one time, for the checks before the run.
    .DESCRIPTION
    What is wrong in a setting is left for k6 to say: the default counts here.
    .PARAMETER Setting
    WS_ settings by name.
    .PARAMETER Scenario
    The scenario.
    .EXAMPLE
    Get-PlannedRun -Setting @{ WS_PROFILE = 'smoke' } -Scenario concurrent
    #>
    [CmdletBinding()]
    param(
        [hashtable] $Setting = @{},

        [string] $Scenario = 'concurrent'
    )

    $connections = 10000
    switch ($Scenario) {
        'tiers' {
            $tiers = @(1000, 5000, 10000)
            if ($Setting.ContainsKey('WS_TIERS') -and $Setting['WS_TIERS'] -match '^[\d,\s]*\d[\d,\s]*$') { $tiers = @($Setting['WS_TIERS'] -split '[,\s]+' -match '^\d{1,7}$') }
            $connections = [int] (@($tiers | ForEach-Object { [int] $_ } | Sort-Object)[-1])
        }
        'churn' {
            $rate = 100
            if ($Setting.ContainsKey('WS_RATE') -and $Setting['WS_RATE'] -match '^\s*(\d{1,6})\s*$') { $rate = [int] $Matches[1] }
            $life = $null
            if ($Setting.ContainsKey('WS_LIFETIME')) { $life = ConvertFrom-DurationText -Text $Setting['WS_LIFETIME'] }
            if ($null -eq $life) { $life = 2 }
            $connections = [int] [System.Math]::Max(1, [System.Math]::Min(1000000, [System.Math]::Ceiling($rate * ($life + 1))))
        }
        default {
            $sizes = @{ smoke = 100; development = 1000; standard = 10000; production = 50000; soak = 10000 }
            if ($Setting.ContainsKey('WS_PROFILE') -and $sizes.ContainsKey($Setting['WS_PROFILE'])) { $connections = $sizes[$Setting['WS_PROFILE']] }
            if ($Setting.ContainsKey('WS_CONNECTIONS') -and $Setting['WS_CONNECTIONS'] -match '^\s*(\d{1,9})\s*$') { $connections = [int] $Matches[1] }
        }
    }
    $url = 'ws://localhost:8081/'
    if ($Setting.ContainsKey('WS_URL') -and $Setting['WS_URL'].Trim() -ne '') { $url = $Setting['WS_URL'] }
    return [pscustomobject] @{ Connections = $connections; Url = $url }
}
