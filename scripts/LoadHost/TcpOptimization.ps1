# Shows, applies or restores the TCP settings of a load test.

function Get-TcpClosing {
    <#
    .SYNOPSIS
    Gives the last lines of a run: the backup, and whether a restart is needed.
    .PARAMETER Step
    The steps that were dealt with.
    .PARAMETER Store
    The store that was written.
    .PARAMETER BackupPath
    The backup that was written, or nothing.
    .EXAMPLE
    Get-TcpClosing -Step $steps -Store Persistent
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object[]] $Step,

        [string] $Store = 'Persistent',

        [string] $BackupPath = ''
    )

    if ($BackupPath -ne '') { "Backup of the settings before: $BackupPath" }
    if (@($Step | Where-Object { 'ipv4', 'ipv6' -contains $_.Name -and $null -ne $_.After -and $null -eq $_.Lasting }).Count -gt 0) {
        'This netsh does not show its persistent store, so whether the dynamic ports last past a restart is not known. Look again after one.'
    }
    $changed = @($Step | Where-Object { $_.Result -eq 'Unverified' -or $_.After -ne $_.Before -or $_.Lasting -ne $_.LastingBefore })
    if ($changed.Count -eq 0) { 'Nothing was changed, so no restart is needed.' }
    elseif ($Store -eq 'Active') { 'No restart is advised: with -Store Active the dynamic ports hold only until the next restart.' }
    else { 'A restart is advised: the new values hold at once for new sockets, but services and adapters that run now keep what they have.' }
}

function Invoke-TcpOptimization {
    <#
    .SYNOPSIS
    Shows, applies or restores the TCP settings of a load test.
    .DESCRIPTION
    Reads each setting, compares, writes only on a difference and reads back. Before the first change a backup is written.
    Gives Results (Setting, Before, Wanted, After, Lasts, Result), Messages (Kind, Text), ExitCode and BackupPath.
    Exit codes: 0 all as wanted, 1 something is not, 2 administrator rights needed, 3 netsh not found.
    .PARAMETER Action
    Apply, Show or Restore.
    .PARAMETER StartPort
    The first dynamic port, 1024 to 65535; 0 where none is asked for.
    .PARAMETER PortCount
    The least number of dynamic ports, 255 to 64511.
    .PARAMETER Store
    Persistent or Active. Not given: Persistent, and for a restore as in the backup.
    .PARAMETER BackupPath
    The backup to write or to restore. Not given: a time-stamped file, and for a restore the newest.
    .PARAMETER ReservePort
    Ports to exclude from those that Windows hands out, as ConvertFrom-PortList reads them.
    .PARAMETER Force
    Change also a range that is not Windows' own; restore also the backup of another host.
    .PARAMETER Caller
    The PSCmdlet of the script, whose ShouldProcess is asked before each change. Not given: changes are made without a question.
    .PARAMETER Preview
    The script runs under -WhatIf: no rights are needed.
    .PARAMETER ElevatedCommand
    The line to print where rights are missing.
    .EXAMPLE
    $outcome = Invoke-TcpOptimization -Action Show
    .EXAMPLE
    $outcome = Invoke-TcpOptimization -Action Apply -StartPort 1024 -PortCount 60000 -Caller $PSCmdlet
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'It asks through the PSCmdlet of the script that called.')]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('Apply', 'Show', 'Restore')]
        [string] $Action,

        [ValidateRange(0, 65535)]
        [int] $StartPort = 0,

        [ValidateRange(255, 64511)]
        [int] $PortCount = 60000,

        [ValidateSet('', 'Persistent', 'Active')]
        [string] $Store = '',

        [AllowEmptyString()]
        [string] $BackupPath = '',

        [AllowNull()]
        [AllowEmptyCollection()]
        [string[]] $ReservePort = @(),

        [switch] $Force,

        [AllowNull()]
        [object] $Caller = $null,

        [switch] $Preview,

        [string] $ElevatedCommand = ''
    )

    $first = $StartPort
    if ($first -eq 0) { $first = (Get-PortLimit).GuideStart }
    $endPort = $first + $PortCount - 1
    if ($Action -ne 'Restore' -and $endPort -gt 65535) {
        throw "-StartPort $first with -PortCount $PortCount ends at port $endPort; the last port is 65535. Nothing was changed."
    }
    $ports = @(ConvertFrom-PortList -Text $ReservePort)
    if (-not (Test-NetshAvailable)) {
        $text = 'netsh was not found. It is a part of Windows: run this on the Windows host that opens the connections. Nothing was changed.'
        return [pscustomobject]@{ Results = @(); Messages = @([pscustomobject]@{ Kind = 'Warning'; Text = $text }); ExitCode = 3; BackupPath = '' }
    }

    # What is there, and what is wanted.
    if ($Action -eq 'Restore') { $plan = Get-RestorePlan -BackupPath $BackupPath -Store $Store -Force:$Force }
    else {
        if ($Store -eq '') { $Store = 'Persistent' }
        $plan = Get-ApplyPlan -StartPort $StartPort -PortCount $PortCount -Store $Store -ReservePort $ports -BackupPath $BackupPath -Force:$Force
    }
    $steps = @($plan.Steps)
    $messages = @($plan.Messages)

    # Write where it differs.
    $written = ''
    $pending = @($steps | Where-Object { $_.Result -eq '' })
    $needRights = $pending.Count -gt 0 -and $Action -ne 'Show' -and -not $Preview -and -not (Test-Elevated)
    foreach ($step in $pending) {
        if ($Action -eq 'Show' -or $needRights) {
            $step.Result = 'Differs'
            continue
        }
        $agreed = $null -eq $Caller -or $Caller.ShouldProcess($step.Label, (Get-TcpStepLine -Step $step))
        if ($Preview) { $step.Result = 'WhatIf' }
        elseif (-not $agreed) { $step.Result = 'Declined' }
        else {
            if ($Action -ne 'Restore' -and $written -eq '') {
                $written = Resolve-TcpBackupPath -Path $BackupPath
                Write-TcpBackup -Path $written -Step $steps -Store $plan.Store -ServicePort $plan.ServicePort
            }
            Invoke-TcpStep -Step $step
        }
    }

    # What became of it.
    foreach ($step in $steps) { $messages += @(Get-TcpStepMessage -Step $step) }
    $exitCode = [int] (@($steps | Where-Object { -not (Test-TcpStep -Step $_) }).Count -gt 0)
    $closing = @()
    if ($needRights) {
        $exitCode = 2
        $messages += [pscustomobject]@{ Kind = 'Warning'; Text = 'Administrator rights are needed. Nothing was changed. Run this line instead:' }
        $closing += $ElevatedCommand
    }
    else { $closing += @(Get-TcpClosing -Step $steps -Store $plan.Store -BackupPath $written) }
    $messages += @($closing | ForEach-Object { [pscustomobject]@{ Kind = 'Info'; Text = $_ } })
    return [pscustomobject]@{
        Results    = @($steps | ForEach-Object { ConvertTo-TcpSettingRow -Step $_ })
        Messages   = $messages
        ExitCode   = $exitCode
        BackupPath = $written
    }
}
