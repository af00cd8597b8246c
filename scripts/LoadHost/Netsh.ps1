# netsh: what it shows, and the arguments with which it sets. Never a sentence of its output, which is localised.

# After one call without an answer the others would only wait as long.
$script:NetshHangs = $false

function Test-NetshAvailable {
    <#
    .SYNOPSIS
    Tells whether this host has netsh.
    .DESCRIPTION
    Stands alone so that a test can replace it together with Invoke-Netsh.
    .EXAMPLE
    Test-NetshAvailable
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    return (-not [string]::IsNullOrEmpty((Get-SystemProgramPath -Name netsh)))
}

function Invoke-Netsh {
    <#
    .SYNOPSIS
    Runs netsh and gives its exit code and its lines.
    .DESCRIPTION
    The only place that starts netsh. Never throws for a failing command: look at ExitCode. The text is localised: never match a sentence in it.
    A call is ended after 60 seconds; from then on no call is made, and each fails at once.
    .PARAMETER ArgumentList
    The arguments, one string each.
    .EXAMPLE
    Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string[]] $ArgumentList
    )

    $path = Get-SystemProgramPath -Name netsh
    if ([string]::IsNullOrEmpty($path)) {
        throw 'netsh was not found in the system folder.'
    }
    if ($script:NetshHangs) {
        return [pscustomobject]@{ ExitCode = 1; Lines = @('netsh was not asked: it gave no answer before.') }
    }
    $answer = Invoke-TimedProgram -Path $path -ArgumentList $ArgumentList -LimitSeconds 60
    if ($answer.TimedOut) {
        $script:NetshHangs = $true
        Write-Warning -Message "$($answer.Lines[0]) Is another netsh at work, or security software holding it? Try again after a restart."
    }
    return [pscustomobject]@{ ExitCode = $answer.ExitCode; Lines = @($answer.Lines) }
}

function Get-DynamicPortRange {
    <#
    .SYNOPSIS
    Reads the dynamic TCP port range of one IP family.
    .DESCRIPTION
    Gives Family, Known, Start, Count and End. Where Known is false netsh failed or its output was not understood, and the numbers are null.
    .PARAMETER Family
    ipv4 or ipv6. The two ranges are separate.
    .PARAMETER Store
    Active: the range in force. Persistent: the one that will be after the next start of Windows.
    .EXAMPLE
    Get-DynamicPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [ValidateSet('Active', 'Persistent')]
        [string] $Store = 'Active'
    )

    $words = @('int', $Family, 'show', 'dynamicport', 'tcp')
    if ($Store -eq 'Persistent') { $words += 'store=persistent' }
    $answer = Invoke-Netsh -ArgumentList $words
    $range = $null
    if ($answer.ExitCode -eq 0) {
        $range = ConvertFrom-DynamicPortText -Line @($answer.Lines)
    }
    if ($null -eq $range) {
        return [pscustomobject]@{ Family = $Family; Known = $false; Start = $null; Count = $null; End = $null }
    }
    return [pscustomobject]@{ Family = $Family; Known = $true; Start = $range.Start; Count = $range.Count; End = $range.End }
}

function Get-DynamicPortArgument {
    <#
    .SYNOPSIS
    Gives the netsh arguments that set a dynamic TCP port range.
    .DESCRIPTION
    Persistent is the default of netsh, so that nothing is added for it.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Start
    The first port.
    .PARAMETER Count
    The number of ports.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Get-DynamicPortArgument -Family ipv4 -Start 1024 -Count 60000 -Store Persistent
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Start,

        [Parameter(Mandatory = $true)]
        [int] $Count,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $list = @('int', $Family, 'set', 'dynamicport', 'tcp', "start=$Start", "num=$Count")
    if ($Store -eq 'Active') {
        $list += 'store=active'
    }
    return $list
}

function Get-ExcludedPortRange {
    <#
    .SYNOPSIS
    Lists the TCP port ranges of one IP family that Windows will not hand out.
    .DESCRIPTION
    Gives Known and Ranges (Start, End, Administered each). Where Known is false netsh failed, and there are no ranges.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Store
    Active: those in force. Persistent: those that will be after the next start of Windows.
    .EXAMPLE
    Get-ExcludedPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [ValidateSet('Active', 'Persistent')]
        [string] $Store = 'Active'
    )

    $words = @('int', $Family, 'show', 'excludedportrange', 'protocol=tcp')
    if ($Store -eq 'Persistent') { $words += 'store=persistent' }
    $answer = Invoke-Netsh -ArgumentList $words
    if ($answer.ExitCode -ne 0) {
        return [pscustomobject]@{ Known = $false; Ranges = @() }
    }
    return [pscustomobject]@{ Known = $true; Ranges = @(ConvertFrom-ExcludedPortText -Line @($answer.Lines)) }
}

function Get-ExcludedPortArgument {
    <#
    .SYNOPSIS
    Gives the netsh arguments that exclude a TCP port, or free it again.
    .DESCRIPTION
    Persistent is the default of netsh, so that nothing is added for it.
    .PARAMETER Verb
    add or delete.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Port
    The port.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Get-ExcludedPortArgument -Verb add -Family ipv4 -Port 3389
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('add', 'delete')]
        [string] $Verb,

        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Port,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $list = @('int', $Family, $Verb, 'excludedportrange', 'protocol=tcp', "startport=$Port", 'numberofports=1')
    if ($Store -eq 'Active') {
        $list += 'store=active'
    }
    return $list
}

function Get-TcpGlobalSetting {
    <#
    .SYNOPSIS
    Reads receive-side scaling, receive auto-tuning and chimney offload of this host.
    .DESCRIPTION
    Gives Rss, AutoTuning and Chimney (a value in lower case, or null where it is not known) and ChimneyState (Known, Removed, Unknown).
    .EXAMPLE
    Get-TcpGlobalSetting
    #>
    [CmdletBinding()]
    param()

    $answer = Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global'
    $lines = @()
    if ($answer.ExitCode -eq 0) {
        $lines = @($answer.Lines)
    }
    return (ConvertFrom-TcpGlobalText -Line $lines)
}
