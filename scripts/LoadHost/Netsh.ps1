# netsh: what it shows, and the arguments with which it sets. Never a sentence of its output, which is localised.

function Get-NetshPath {
    <#
    .SYNOPSIS
    Finds netsh.
    .DESCRIPTION
    Gives the path of the first executable of that name on PATH, or nothing.
    .EXAMPLE
    Get-NetshPath
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $command = Get-Command -Name netsh -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -ne $command) {
        return $command.Path
    }
}

function Test-NetshAvailable {
    <#
    .SYNOPSIS
    Tells whether netsh is on PATH.
    .DESCRIPTION
    Stands alone so that a test can replace it together with Invoke-Netsh.
    .EXAMPLE
    Test-NetshAvailable
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    return (-not [string]::IsNullOrEmpty((Get-NetshPath)))
}

function Invoke-Netsh {
    <#
    .SYNOPSIS
    Runs netsh and gives its exit code and its lines.
    .DESCRIPTION
    The only place that starts netsh. Never throws for a failing command: look at ExitCode. The text is localised: never match a sentence in it.
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

    # What netsh writes to its error stream and its exit code must not end the script by themselves.
    $ErrorActionPreference = 'Continue'
    $PSNativeCommandUseErrorActionPreference = $false

    $path = Get-NetshPath
    if ([string]::IsNullOrEmpty($path)) {
        throw 'netsh was not found on PATH.'
    }
    try {
        $lines = @(& $path @ArgumentList 2>&1 | ForEach-Object { [string] $_ })
        $code = $LASTEXITCODE
    }
    catch {
        # It could not be started.
        $lines = @($_.Exception.Message)
        $code = 1
    }
    return [pscustomobject]@{
        ExitCode = $code
        Lines    = $lines
    }
}

function Get-DynamicPortRange {
    <#
    .SYNOPSIS
    Reads the dynamic TCP port range of one IP family.
    .DESCRIPTION
    Gives Family, Known, Start, Count and End. Where Known is false netsh failed or its output was not understood, and the numbers are null.
    .PARAMETER Family
    ipv4 or ipv6. The two ranges are separate.
    .EXAMPLE
    Get-DynamicPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family
    )

    $answer = Invoke-Netsh -ArgumentList 'int', $Family, 'show', 'dynamicport', 'tcp'
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
    .EXAMPLE
    Get-ExcludedPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family
    )

    $answer = Invoke-Netsh -ArgumentList 'int', $Family, 'show', 'excludedportrange', 'protocol=tcp'
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
