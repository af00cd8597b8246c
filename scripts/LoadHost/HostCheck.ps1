# One check of the host each: Check, Value, Needed, Result (Ok, Warning, Failed, Unknown) and Hint.

# k6 opens a few files beside its connections.
$script:SpareOpenFiles = 200

function New-HostCheck {
    <#
    .SYNOPSIS
    Makes the result of one check.
    .PARAMETER Check
    What was checked.
    .PARAMETER Value
    What was found.
    .PARAMETER Needed
    What the run needs.
    .PARAMETER Result
    Ok, Warning, Failed or Unknown.
    .PARAMETER Hint
    What to do, in one sentence.
    .PARAMETER IsDecisive
    The run cannot be answered for without it: where it is Unknown, so is the verdict.
    .EXAMPLE
    New-HostCheck -Check 'Processors' -Value '2' -Needed '4' -Result Warning -Hint 'Take a larger machine.'
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Check,

        [AllowEmptyString()]
        [string] $Value = '',

        [AllowEmptyString()]
        [string] $Needed = '',

        [Parameter(Mandatory = $true)]
        [ValidateSet('Ok', 'Warning', 'Failed', 'Unknown')]
        [string] $Result,

        [AllowEmptyString()]
        [string] $Hint = '',

        [switch] $IsDecisive
    )

    return [pscustomobject] @{
        PSTypeName = 'LoadHost.HostCheck'
        Check      = $Check
        Value      = $Value
        Needed     = $Needed
        Result     = $Result
        Hint       = $Hint
        Decisive   = [bool] $IsDecisive
    }
}

function Format-Count {
    <#
    .SYNOPSIS
    Writes a number with commas between the thousands, whatever the language of the host.
    .PARAMETER Number
    The number.
    .EXAMPLE
    Format-Count -Number 10000
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [long] $Number
    )

    return $Number.ToString('N0', [System.Globalization.CultureInfo]::InvariantCulture)
}

function Format-Megabyte {
    <#
    .SYNOPSIS
    Writes a number of bytes in MB (a million bytes).
    .PARAMETER Bytes
    Number of bytes.
    .EXAMPLE
    Format-Megabyte -Bytes 2000000000
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [long] $Bytes
    )

    return "$(Format-Count -Number ([long] [System.Math]::Floor($Bytes / 1000000))) MB"
}

function Test-PortCapacity {
    <#
    .SYNOPSIS
    Checks the free ports of one IP family against the connections.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Needed
    Ports needed.
    .PARAMETER IsUsed
    The run uses this family: too few ports then fail, else they are a warning.
    .EXAMPLE
    Test-PortCapacity -Family ipv4 -Needed 10000 -IsUsed
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Needed,

        [switch] $IsUsed
    )

    $check = "Free ports $Family"
    $needText = Format-Count -Number $Needed
    if (-not $IsUsed) { $needText = '' }
    $capacity = Get-PortCapacity -Family $Family
    if ($null -eq $capacity) {
        $hint = "The port range of this system could not be read. Look for $(Format-Count -Number $Needed) free ports yourself"
        if ((Get-HostPlatform) -ne 'Windows') { $hint += ' (macOS: sysctl net.inet.ip.portrange).' }
        elseif (Test-NetshAvailable) { $hint += ": netsh int $Family show dynamicport tcp, netsh int $Family show excludedportrange protocol=tcp, Get-NetTCPConnection." }
        else { $hint += ': there is no netsh in the system folder of this Windows.' }
        if ($IsUsed) { $hint += ' With enough of them, run with -SkipPreflight.' }
        return New-HostCheck -Check $check -Value 'unknown' -Needed $needText -Result Unknown -Hint $hint -IsDecisive:$IsUsed
    }
    $value = "$(Format-Count -Number $capacity.Free) of $(Format-Count -Number $capacity.Count)"
    if ($capacity.Free -ge $Needed) {
        # The last ports of a range are slow to find, and other programs take some too.
        if ($IsUsed -and $capacity.Free * 10 -lt $Needed * 11) {
            return New-HostCheck -Check $check -Value $value -Needed $needText -Result Warning -Hint 'Less than a tenth to spare: other programs of this host may take the last ports.'
        }
        return New-HostCheck -Check $check -Value $value -Needed $needText -Result Ok
    }
    $details = "$(Format-Count -Number $capacity.Excluded) excluded, $(Format-Count -Number $capacity.Used) in use or in TIME_WAIT."
    if ((Get-HostPlatform) -eq 'Windows') {
        $todo = 'Widen the range: scripts/windows-tcp-optimization.ps1 as administrator.'
        if ($Needed -gt 60000) { $todo = 'One Windows host has no more than about 60,000: use more hosts (docs/distributed.md).' }
    }
    else {
        $todo = 'Widen the range: sysctl -w net.ipv4.ip_local_port_range="1024 65535".'
        if ($Needed -gt 60000) { $todo = 'One address of the target takes no more than about 60,000: use more hosts (docs/distributed.md) or more addresses.' }
    }
    if (-not $IsUsed) {
        return New-HostCheck -Check $check -Value $value -Needed $needText -Result Warning -Hint "The run does not use $Family; if it did: $details $todo"
    }
    return New-HostCheck -Check $check -Value $value -Needed $needText -Result Failed -Hint "$details $todo"
}

function Get-MemoryNeeded {
    <#
    .SYNOPSIS
    Gives the memory in bytes that the targets allow k6 for a number of connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Get-MemoryNeeded -Connections 10000
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    if ($Connections -le 1000) { return [long] 500000000 }
    if ($Connections -le 5000) { return [long] 1000000000 }
    if ($Connections -le 10000) { return [long] 2000000000 }
    return [long] $Connections * 200000
}

function Test-FreeMemory {
    <#
    .SYNOPSIS
    Checks the free memory against what the targets allow for the connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-FreeMemory -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $needed = Get-MemoryNeeded -Connections $Connections
    $needText = Format-Megabyte -Bytes $needed
    $free = Get-FreeMemory
    if ($null -eq $free) {
        $hint = "The free memory of this system could not be read. Where $needText are free, run with -SkipPreflight."
        return New-HostCheck -Check 'Free memory' -Value 'unknown' -Needed $needText -Result Unknown -Hint $hint -IsDecisive
    }
    $value = Format-Megabyte -Bytes $free
    if ($free -lt $needed) {
        return New-HostCheck -Check 'Free memory' -Value $value -Needed $needText -Result Failed -Hint 'Close other programs, hold fewer connections, or use more hosts.'
    }
    return New-HostCheck -Check 'Free memory' -Value $value -Needed $needText -Result Ok
}

function Test-OpenFileLimit {
    <#
    .SYNOPSIS
    Checks the limit for open files against the connections; on Windows there is none to check, so nothing is given.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-OpenFileLimit -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    if ((Get-HostPlatform) -eq 'Windows') { return }
    $needed = $Connections + $script:SpareOpenFiles
    $needText = Format-Count -Number $needed
    $limit = Get-OpenFileLimit
    if ($null -eq $limit) {
        return New-HostCheck -Check 'Open files' -Value 'unknown' -Needed $needText -Result Unknown -Hint 'ulimit -n could not be read.'
    }
    $value = 'unlimited'
    if ($limit -ne [long]::MaxValue) { $value = Format-Count -Number $limit }
    if ($limit -lt $needed) {
        return New-HostCheck -Check 'Open files' -Value $value -Needed $needText -Result Failed -Hint "Raise the limit in this shell first: ulimit -n $needed."
    }
    return New-HostCheck -Check 'Open files' -Value $value -Needed $needText -Result Ok
}

function Test-Target {
    <#
    .SYNOPSIS
    Checks that the name of a target resolves to IPv4 and that its port answers.
    .PARAMETER Target
    A target as ConvertFrom-TargetUrl gives it.
    .PARAMETER Address
    The IP addresses of its name.
    .EXAMPLE
    Test-Target -Target (ConvertFrom-TargetUrl -Url ws://localhost:8081) -Address (Get-HostAddress -Name localhost)
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Target,

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Address = @()
    )

    $addresses = @($Address | Where-Object { $null -ne $_ })
    $check = "IPv4 of $($Target.Name)"
    if ($addresses.Count -eq 0) {
        return New-HostCheck -Check $check -Value 'not resolved' -Needed 'an address' -Result Failed -Hint 'The name does not resolve: correct it, or the DNS or hosts file of this host.'
    }
    $ipv4 = @($addresses | Where-Object { [string] $_.AddressFamily -eq 'InterNetwork' } | ForEach-Object { [string] $_ })
    if ($ipv4.Count -eq 0) {
        New-HostCheck -Check $check -Value ([string] $addresses[0]) -Needed 'an IPv4 address' -Result Warning -Hint 'IPv6 only: the ports come from the ipv6 range, which has its own size.'
        $name = [string] $addresses[0]
    }
    else {
        New-HostCheck -Check $check -Value $ipv4[0] -Needed 'an IPv4 address' -Result Ok
        $name = $ipv4[0]
    }
    $check = "Port $($Target.Port) of $($Target.Name)"
    if (Test-TcpPort -Name $name -Port $Target.Port -TimeoutMilliseconds 3000) {
        return New-HostCheck -Check $check -Value 'answers' -Needed 'answers' -Result Ok
    }
    return New-HostCheck -Check $check -Value 'no answer' -Needed 'answers' -Result Failed -Hint "Nothing accepted a connection to $name within 3 s: start the server, or look at firewalls."
}

function Test-PowerPlan {
    <#
    .SYNOPSIS
    Hints at a power plan of Windows that slows the processor; nothing elsewhere.
    .EXAMPLE
    Test-PowerPlan
    #>
    [CmdletBinding()]
    param()

    if ((Get-HostPlatform) -ne 'Windows') { return }
    # The name of a plan is localised, its id is not.
    $program = Get-SystemProgramPath -Name powercfg
    $text = ''
    if ($program) { $text = [string] (@(Invoke-Program -Name $program -Arguments '/getactivescheme') -join ' ') }
    $hint = 'For steady times set the plan "High performance": powercfg /setactive SCHEME_MIN.'
    if ($text -match '8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c') { return New-HostCheck -Check 'Power plan' -Value 'high performance' -Result Ok }
    if ($text -match '381b4222-f694-41f0-9685-ff5bb260df2e') { return New-HostCheck -Check 'Power plan' -Value 'balanced' -Result Warning -Hint $hint }
    if ($text -match 'a1841308-3541-4fab-bc81-f71556f20b4a') { return New-HostCheck -Check 'Power plan' -Value 'power saver' -Result Warning -Hint $hint }
    return New-HostCheck -Check 'Power plan' -Value 'another' -Result Unknown -Hint 'Look whether the power plan slows the processor: powercfg /getactivescheme.'
}

function Test-Processor {
    <#
    .SYNOPSIS
    Hints at too few processors for the connections.
    .PARAMETER Connections
    Number of connections.
    .EXAMPLE
    Test-Processor -Connections 10000
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Connections
    )

    $needed = 2
    if ($Connections -gt 5000) { $needed = 4 }
    $count = Get-ProcessorCount
    if ($count -lt $needed) {
        return New-HostCheck -Check 'Processors' -Value "$count" -Needed "$needed" -Result Warning -Hint 'k6 may lag behind its own schedule; its report says so when it does.'
    }
    return New-HostCheck -Check 'Processors' -Value "$count" -Needed "$needed" -Result Ok
}
