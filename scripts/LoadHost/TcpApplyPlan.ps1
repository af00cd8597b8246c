# What the tuning of this host has to do.

function Get-ApplyPlan {
    <#
    .SYNOPSIS
    Reads this host and gives the steps of the tuning: Steps, Messages, Store, ServicePort.
    .PARAMETER StartPort
    The first dynamic port; 0 where none is asked for.
    .PARAMETER PortCount
    The least number of dynamic ports.
    .PARAMETER Store
    Persistent, or Active: until the next restart.
    .PARAMETER ReservePort
    Ports to exclude from those that Windows hands out.
    .PARAMETER BackupPath
    Where the backup will be, as older ones there name the ports of services.
    .PARAMETER Force
    Change also a range that is not Windows' own.
    .EXAMPLE
    Get-ApplyPlan -PortCount 60000 -ReservePort 1433, 3389
    #>
    [CmdletBinding()]
    param(
        [int] $StartPort = 0,

        [Parameter(Mandatory = $true)]
        [int] $PortCount,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent',

        [AllowEmptyCollection()]
        [int[]] $ReservePort = @(),

        [AllowEmptyString()]
        [string] $BackupPath = '',

        [switch] $Force
    )

    $messages = @()
    $steps = @()
    $listeners = @()
    try { $listeners = @(Get-ListeningPort) }
    catch { $messages += [pscustomobject]@{ Kind = 'Warning'; Text = "The listening ports could not be read: $($_.Exception.Message)" } }
    $known = @(Get-KnownServicePort -Path $BackupPath)
    $services = @()
    $dynamic = @{}
    foreach ($family in 'ipv4', 'ipv6') {
        $before = Get-TcpSettingValue -Name $family
        $plan = Get-PortRangePlan -Label "Dynamic ports $family" -Current $before -StartPort $StartPort -PortCount $PortCount -Force:$Force
        $lasting = $null
        if ($Store -eq 'Persistent') { $lasting = $plan.Wanted }
        $range = @{ Family = $family; Before = $before; Wanted = $plan.Wanted; WantedLasting = $lasting; Store = $Store }
        $range['Lasting'] = Get-TcpSettingValue -Name $family -Store Persistent
        if ($plan.Kept) {
            $range['Result'] = 'Kept'
            $messages += [pscustomobject]@{ Kind = 'Warning'; Text = $plan.Text }
        }
        $step = Get-PortRangeStep @range
        $steps += $step
        if ($step.Result -eq 'Absent') { continue }
        $dynamic[$family] = $null
        if ($null -eq $before) { continue }
        $dynamic[$family] = $plan.Wanted
        if ($plan.Kept) { $dynamic[$family] = $before }
        $services += @(Get-ServicePort -Family $family -Range $dynamic[$family] -Current $before -Listener $listeners -Known $known)
    }
    $steps += @(Get-TcpGlobalStep -Wanted @{ autotuninglevel = 'normal'; rss = 'enabled'; chimney = 'enabled' })

    $wantedLasting = $null
    if ($Store -eq 'Persistent') { $wantedLasting = 'reserved' }
    foreach ($family in @($dynamic.Keys | Sort-Object)) {
        foreach ($port in $ReservePort) {
            $owner = [string] (@($listeners | Where-Object { $_.Family -eq $family -and $_.Port -eq $port } | ForEach-Object { $_.Process }) -join '')
            $steps += Get-ReserveStep -Family $family -Port $port -Wanted reserved -WantedLasting $wantedLasting -Range $dynamic[$family] -Owner $owner
        }
    }
    $unreserved = @($services | Where-Object { $ReservePort -notcontains $_.Port })
    if ($unreserved.Count -gt 0) { $messages += [pscustomobject]@{ Kind = 'Warning'; Text = (Get-ServicePortText -Service $unreserved) } }
    $services = @($services) + @($known)
    $all = @($services | Sort-Object -Unique -Property 'Family', 'Port')
    return [pscustomobject]@{ Steps = $steps; Messages = $messages; Store = $Store; ServicePort = $all }
}
