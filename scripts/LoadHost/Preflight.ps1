# All checks of a host for a run, and their verdict.

function ConvertFrom-TargetUrl {
    <#
    .SYNOPSIS
    Splits WS_URL into its targets: Url, Name, Port. Throws where one is no ws:// or wss:// address.
    .DESCRIPTION
    Where the host or the port has a {column} of the users' file, Name has it too and Port is 0.
    .PARAMETER Url
    One address, or several separated by commas.
    .EXAMPLE
    ConvertFrom-TargetUrl -Url ws://localhost:8081/
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Url
    )

    foreach ($part in $Url.Split(',')) {
        $text = $part.Trim()
        if ($text -eq '') { continue }
        if ($text -match '^wss?://([^/?#]*\{[^/?#]*)') {
            [pscustomobject] @{ Url = $text; Name = $Matches[1]; Port = 0 }
            continue
        }
        $uri = $null
        $isUri = [System.Uri]::TryCreate($text, [System.UriKind]::Absolute, [ref] $uri)
        if (-not $isUri -or ($uri.Scheme -ne 'ws' -and $uri.Scheme -ne 'wss') -or $uri.DnsSafeHost -eq '') {
            # What it was meant to be can hold a token.
            $shown = ($text -replace '//[^/?#]*@', '//...@') -replace '[?#].*$', '?...'
            throw "Not the address of a WebSocket server: $shown. Write it as ws://host:port/path or wss://host/path."
        }
        $port = $uri.Port
        if ($port -lt 1) {
            $port = 80
            if ($uri.Scheme -eq 'wss') { $port = 443 }
        }
        [pscustomobject] @{ Url = $text; Name = $uri.DnsSafeHost; Port = $port }
    }
}

function Invoke-HostPreflight {
    <#
    .SYNOPSIS
    Makes all checks of this host for a run and gives one object for each: Check, Value, Needed, Result, Hint.
    .PARAMETER Connections
    Number of connections of the run.
    .PARAMETER Url
    Target, or several separated by commas.
    .PARAMETER ProgramPath
    Path of k6. Without it, k6 is looked for on PATH.
    .EXAMPLE
    Invoke-HostPreflight -Connections 10000 -Url ws://server:8081/
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections,

        [Parameter(Mandatory = $true)]
        [string] $Url,

        [string] $ProgramPath = ''
    )

    $targets = @(ConvertFrom-TargetUrl -Url $Url)
    if ($targets.Count -eq 0) { throw 'The address of the target is empty.' }
    $targetChecks = @()
    $usesIpv4 = $false
    $usesIpv6 = $false
    $seen = @{}
    foreach ($target in $targets) {
        $key = "$($target.Name) $($target.Port)"
        if ($seen.ContainsKey($key)) { continue }
        $seen[$key] = $true
        if ($target.Port -eq 0) {
            $usesIpv4 = $true
            $targetChecks += New-HostCheck -Check "Target $($target.Name)" -Value 'from the users' -Result Unknown -Hint 'The users name the targets: their names and ports were not checked.'
            continue
        }
        $addresses = @(Get-HostAddress -Name $target.Name)
        $hasIpv4 = @($addresses | Where-Object { [string] $_.AddressFamily -eq 'InterNetwork' }).Count -gt 0
        # k6 takes IPv4 where a name has both.
        if ($addresses.Count -gt 0 -and -not $hasIpv4) { $usesIpv6 = $true }
        else { $usesIpv4 = $true }
        $targetChecks += @(Test-Target -Target $target -Address $addresses)
    }
    # On Windows the range caps the whole host; elsewhere each target has the range for itself.
    $ports = $Connections
    if ((Get-HostPlatform) -ne 'Windows') { $ports = [int] [System.Math]::Ceiling($Connections / $seen.Count) }
    Test-PortCapacity -Family ipv4 -Needed $ports -IsUsed:$usesIpv4
    Test-PortCapacity -Family ipv6 -Needed $ports -IsUsed:$usesIpv6
    Test-FreeMemory -Connections $Connections
    Test-OpenFileLimit -Connections $Connections
    Test-K6 -ProgramPath $ProgramPath
    $targetChecks
    Test-PowerPlan
    Test-Processor -Connections $Connections
}

function Get-PreflightVerdict {
    <#
    .SYNOPSIS
    Says in one line whether the host can do it: Passed and Text.
    .DESCRIPTION
    READY passes. NOT READY: a check failed. NOT KNOWN: a check without which the question cannot be answered is Unknown.
    .PARAMETER Check
    The checks that Invoke-HostPreflight gave.
    .PARAMETER Connections
    Number of connections of the run.
    .EXAMPLE
    Get-PreflightVerdict -Check $checks -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Check,

        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $failed = @($Check | Where-Object { $_.Result -eq 'Failed' })
    $warnings = @($Check | Where-Object { $_.Result -eq 'Warning' })
    $unknown = @($Check | Where-Object { $_.Result -eq 'Unknown' })
    $count = Format-Count -Number $Connections
    if ($failed.Count -gt 0) {
        $names = @($failed | ForEach-Object { $_.Check }) -join ', '
        return [pscustomobject] @{ Passed = $false; Text = "NOT READY for $count connections: $names." }
    }
    $open = @($unknown | Where-Object { $_.Decisive })
    if ($open.Count -gt 0) {
        $names = @($open | ForEach-Object { $_.Check }) -join ', '
        return [pscustomobject] @{ Passed = $false; Text = "NOT KNOWN for $count connections: $names." }
    }
    $text = "READY for $count connections"
    if ($warnings.Count -gt 0) { $text += "; warnings: $($warnings.Count)" }
    if ($unknown.Count -gt 0) { $text += "; not known: $($unknown.Count)" }
    return [pscustomobject] @{ Passed = $true; Text = "$text." }
}

function Get-PreflightText {
    <#
    .SYNOPSIS
    Gives the lines below the table of the checks: the hints, and the verdict.
    .PARAMETER Check
    The checks that Invoke-HostPreflight gave.
    .PARAMETER Verdict
    The verdict that Get-PreflightVerdict gave.
    .EXAMPLE
    Get-PreflightText -Check $checks -Verdict $verdict
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Check,

        [Parameter(Mandatory = $true)]
        [object] $Verdict
    )

    foreach ($row in $Check) {
        if ($row.Hint -ne '' -and $row.Result -ne 'Ok') { "$($row.Result): $($row.Check): $($row.Hint)" }
    }
    $Verdict.Text
}
