# What there is to do: a step for each setting.

function Get-StoreWrite {
    <#
    .SYNOPSIS
    Lists the writes that bring a setting of two stores where it is wanted: Value and Store of each, in order.
    .DESCRIPTION
    netsh writes the persistent store together with the value in force, and with store=active the value in force alone.
    .PARAMETER Lasting
    What the persistent store holds; null where it could not be read.
    .PARAMETER Wanted
    The value wanted in force.
    .PARAMETER WantedLasting
    The value wanted in the persistent store; null where it is left alone.
    .PARAMETER Store
    Where to write if no value is wanted in the persistent store.
    .EXAMPLE
    Get-StoreWrite -Lasting '49152-65535' -Wanted '1024-61023' -WantedLasting '1024-61023'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [object] $Lasting,

        [Parameter(Mandatory = $true)]
        [string] $Wanted,

        [AllowNull()]
        [object] $WantedLasting,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Active'
    )

    if ($null -eq $WantedLasting) {
        [pscustomobject]@{ Value = $Wanted; Store = $Store }
        return
    }
    if ($Lasting -eq $WantedLasting) {
        [pscustomobject]@{ Value = $Wanted; Store = 'Active' }
        return
    }
    [pscustomobject]@{ Value = $WantedLasting; Store = 'Persistent' }
    if ($Wanted -ne $WantedLasting) { [pscustomobject]@{ Value = $Wanted; Store = 'Active' } }
}

function Get-PortRangeStep {
    <#
    .SYNOPSIS
    Gives the step for the dynamic ports of one family.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Before
    The range in force ("start-end"); null where it could not be read.
    .PARAMETER Lasting
    The range of the persistent store; null where it could not be read.
    .PARAMETER Wanted
    The range wanted in force; null to leave it as it is.
    .PARAMETER WantedLasting
    The range wanted in the persistent store; null to leave it as it is.
    .PARAMETER Store
    Where to write if no range is wanted in the persistent store.
    .PARAMETER Result
    A result that is settled before anything is written: Kept.
    .PARAMETER IsRestore
    The wanted values come from a backup.
    .EXAMPLE
    Get-PortRangeStep -Family ipv4 -Before '49152-65535' -Lasting '49152-65535' -Wanted '1024-61023' -WantedLasting '1024-61023'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Family,

        [AllowNull()]
        [object] $Before,

        [AllowNull()]
        [object] $Lasting,

        [AllowNull()]
        [object] $Wanted,

        [AllowNull()]
        [object] $WantedLasting,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent',

        [string] $Result = '',

        [switch] $IsRestore
    )

    $commands = @()
    if ($null -ne $Wanted) {
        foreach ($write in @(Get-StoreWrite -Lasting $Lasting -Wanted $Wanted -WantedLasting $WantedLasting -Store $Store)) {
            $range = ConvertFrom-PortRangeText -Text $write.Value
            $commands += , @(Get-DynamicPortArgument -Family $Family -Start $range.Start -Count $range.Count -Store $write.Store)
        }
    }
    $step = @{
        Name          = $Family
        Label         = "Dynamic ports $Family"
        Before        = $Before
        Lasting       = $Lasting
        Wanted        = $Wanted
        WantedLasting = $WantedLasting
        Commands      = $commands
        Result        = $Result
        IsRestore     = $IsRestore
    }
    # An IPv6 that the host does not have needs no ports.
    if ($Family -eq 'ipv6' -and $null -eq $Before -and -not (Test-HostIpv6)) { $step['Result'] = 'Absent' }
    New-TcpStep @step
}

function Get-TcpGlobalStep {
    <#
    .SYNOPSIS
    Reads the three global settings of the tuning and gives a step for each.
    .PARAMETER Wanted
    What is wanted of autotuninglevel, rss and chimney; null for what is left as it is.
    .PARAMETER IsRestore
    The wanted values come from a backup.
    .EXAMPLE
    Get-TcpGlobalStep -Wanted @{ autotuninglevel = 'normal'; rss = 'enabled'; chimney = 'enabled' }
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary] $Wanted,

        [switch] $IsRestore
    )

    $shown = Get-TcpGlobalSetting
    $before = @{ autotuninglevel = $shown.AutoTuning; rss = $shown.Rss; chimney = $shown.Chimney }
    $labels = [ordered]@{ autotuninglevel = 'Receive auto-tuning'; rss = 'Receive-side scaling'; chimney = 'Chimney offload' }
    foreach ($name in @($labels.Keys)) {
        $result = ''
        if ($name -eq 'chimney' -and $shown.ChimneyState -eq 'Removed') { $result = 'Removed' }
        $commands = @(, @('int', 'tcp', 'set', 'global', "$name=$($Wanted[$name])"))
        New-TcpStep -Name $name -Label $labels[$name] -Before $before[$name] -Wanted $Wanted[$name] -Commands $commands -Result $result -IsRestore:$IsRestore
    }
}

function Get-ReserveStep {
    <#
    .SYNOPSIS
    Gives the step that excludes a port from those that Windows hands out, or frees it again.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Port
    The port.
    .PARAMETER Wanted
    reserved, or free: the port was reserved by the run whose backup is restored.
    .PARAMETER WantedLasting
    The same for the persistent store; null to leave that as it is.
    .PARAMETER Range
    The dynamic ports that will be ("start-end"): a port outside them needs no reservation. Null where that is not known.
    .PARAMETER Owner
    Name of the program that listens on the port, if one does.
    .EXAMPLE
    Get-ReserveStep -Family ipv4 -Port 3389 -Wanted reserved -WantedLasting reserved -Range '1024-61023'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Port,

        [Parameter(Mandatory = $true)]
        [ValidateSet('reserved', 'free')]
        [string] $Wanted,

        [AllowNull()]
        [object] $WantedLasting,

        [AllowNull()]
        [object] $Range,

        [string] $Owner = ''
    )

    $result = ''
    if ($null -ne $Range) {
        $dynamic = ConvertFrom-PortRangeText -Text $Range
        if ($Port -lt $dynamic.Start -or $Port -gt $dynamic.End) { $result = 'NotNeeded' }
    }
    $lasting = Get-TcpSettingValue -Name reserve -Family $Family -Port $Port -Store Persistent
    $commands = @(foreach ($write in @(Get-StoreWrite -Lasting $lasting -Wanted $Wanted -WantedLasting $WantedLasting)) {
            $verb = 'add'
            if ($write.Value -eq 'free') { $verb = 'delete' }
            , @(Get-ExcludedPortArgument -Verb $verb -Family $Family -Port $Port -Store $write.Store)
        })
    $step = @{
        Name          = 'reserve'
        Label         = "Reserve $Family $Port"
        Before        = Get-TcpSettingValue -Name reserve -Family $Family -Port $Port
        Lasting       = $lasting
        Wanted        = $Wanted
        WantedLasting = $WantedLasting
        Commands      = $commands
        Family        = $Family
        Port          = $Port
        Owner         = $Owner
        Result        = $result
        IsRestore     = ($Wanted -eq 'free')
    }
    New-TcpStep @step
}
