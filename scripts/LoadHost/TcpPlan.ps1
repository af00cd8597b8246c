# What there is to do: a step for each setting.

# Listeners from here upwards got their port from the default dynamic range: it is another one after the next start.
$script:DefaultDynamicStart = 49152

function Get-TcpSettingStep {
    <#
    .SYNOPSIS
    Reads the five settings of the tuning and gives a step for each.
    .PARAMETER Wanted
    What is wanted: ipv4 and ipv6 ("start-end"), autotuninglevel, rss and chimney; null for what is left as it is.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .PARAMETER IsRestore
    The wanted values come from a backup.
    .EXAMPLE
    Get-TcpSettingStep -Wanted @{ ipv4 = '1024-61023'; ipv6 = $null; autotuninglevel = 'normal'; rss = 'enabled'; chimney = 'enabled' }
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary] $Wanted,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent',

        [switch] $IsRestore
    )

    foreach ($family in 'ipv4', 'ipv6') {
        $command = @()
        if ($null -ne $Wanted[$family]) {
            $range = ConvertFrom-PortRangeText -Text $Wanted[$family]
            $command = @(Get-DynamicPortArgument -Family $family -Start $range.Start -Count $range.Count -Store $Store)
        }
        $before = Get-TcpSettingValue -Name $family
        New-TcpStep -Name $family -Label "Dynamic ports $family" -Before $before -Wanted $Wanted[$family] -Command $command -IsRestore:$IsRestore
    }
    $shown = Get-TcpGlobalSetting
    $before = @{ autotuninglevel = $shown.AutoTuning; rss = $shown.Rss; chimney = $shown.Chimney }
    $labels = [ordered]@{ autotuninglevel = 'Receive auto-tuning'; rss = 'Receive-side scaling'; chimney = 'Chimney offload' }
    foreach ($name in @($labels.Keys)) {
        $command = @('int', 'tcp', 'set', 'global', "$name=$($Wanted[$name])")
        $isRemoved = $name -eq 'chimney' -and $shown.ChimneyState -eq 'Removed'
        New-TcpStep -Name $name -Label $labels[$name] -Before $before[$name] -Wanted $Wanted[$name] -Command $command -IsRestore:$IsRestore -IsRemoved:$isRemoved
    }
}

function Get-InnerListener {
    <#
    .SYNOPSIS
    Lists the services that listen where Windows will hand out ports.
    .PARAMETER Start
    The first dynamic port.
    .PARAMETER End
    The last dynamic port.
    .EXAMPLE
    Get-InnerListener -Start 1024 -End 61023
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Start,

        [Parameter(Mandatory = $true)]
        [int] $End
    )

    try {
        $listeners = @(Get-ListeningPort)
    }
    catch {
        Write-Warning -Message "The listening ports could not be read: $($_.Exception.Message)"
        $listeners = @()
    }
    $listeners | Where-Object { $_.Port -ge $Start -and $_.Port -le $End -and $_.Port -lt $script:DefaultDynamicStart }
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
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Get-ReserveStep -Family ipv4 -Port 3389 -Wanted reserved
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

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $verb = 'add'
    if ($Wanted -eq 'free') { $verb = 'delete' }
    $step = @{
        Name      = 'reserve'
        Label     = "Reserve $Family $Port"
        Before    = Get-TcpSettingValue -Name reserve -Family $Family -Port $Port
        Wanted    = $Wanted
        Command   = @(Get-ExcludedPortArgument -Verb $verb -Family $Family -Port $Port -Store $Store)
        Family    = $Family
        Port      = $Port
        IsRestore = ($Wanted -eq 'free')
    }
    New-TcpStep @step
}
