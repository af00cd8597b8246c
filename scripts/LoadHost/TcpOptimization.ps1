# Shows, applies or restores the TCP settings of a load test.

function Get-ElevatedCommand {
    <#
    .SYNOPSIS
    Gives the one line that runs a script again with administrator rights.
    .DESCRIPTION
    For the PowerShell that runs now, with the parameters it was given. On Windows it asks for the rights and leaves the window open.
    .PARAMETER ScriptPath
    The script.
    .PARAMETER BoundParameters
    Its parameters, as in PSBoundParameters.
    .EXAMPLE
    Get-ElevatedCommand -ScriptPath $PSCommandPath -BoundParameters $PSBoundParameters
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ScriptPath,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary] $BoundParameters
    )

    $words = @('-File', $ScriptPath)
    foreach ($key in @($BoundParameters.Keys | Sort-Object)) {
        $value = $BoundParameters[$key]
        if ($value -isnot [System.Management.Automation.SwitchParameter]) { $words += @("-$key", "$value") }
        elseif ($value.IsPresent) { $words += "-$key" }
    }
    $rest = ConvertTo-NativeArgument -Argument $words
    if ((Get-HostPlatform) -ne 'Windows') {
        return "sudo pwsh -NoProfile $rest"
    }
    $engine = 'powershell'
    if ($PSVersionTable.PSVersion.Major -ge 6) {
        $engine = 'pwsh'
    }
    $quoted = "-NoProfile -ExecutionPolicy Bypass -NoExit $rest".Replace("'", "''")
    return "Start-Process $engine -Verb RunAs -ArgumentList '$quoted'"
}

function Invoke-TcpOptimization {
    <#
    .SYNOPSIS
    Shows, applies or restores the TCP settings of a load test.
    .DESCRIPTION
    Reads each setting, compares, writes only on a difference and reads back. Before the first change a backup is written.
    Gives Results (Setting, Before, Wanted, After, Result), Messages (Kind, Text), ExitCode and BackupPath.
    Exit codes: 0 all as wanted, 1 something is not, 2 administrator rights needed, 3 netsh not found.
    .PARAMETER Action
    Apply, Show or Restore.
    .PARAMETER StartPort
    The first dynamic port, 1024 to 65535.
    .PARAMETER PortCount
    The number of dynamic ports, 255 to 64511.
    .PARAMETER Store
    Persistent or Active. Not given: Persistent, and for a restore the one in the backup.
    .PARAMETER BackupPath
    The backup to write or to restore. Not given: a time-stamped file, and for a restore the newest.
    .PARAMETER ReserveListeners
    Exclude the ports of services that listen inside the new range.
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
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('Apply', 'Show', 'Restore')]
        [string] $Action,

        [ValidateRange(1024, 65535)]
        [int] $StartPort = 1024,

        [ValidateRange(255, 64511)]
        [int] $PortCount = 60000,

        [ValidateSet('', 'Persistent', 'Active')]
        [string] $Store = '',

        [AllowEmptyString()]
        [string] $BackupPath = '',

        [switch] $ReserveListeners,

        [AllowNull()]
        [object] $Caller = $null,

        [switch] $Preview,

        [string] $ElevatedCommand = ''
    )

    $isRestore = $Action -eq 'Restore'
    $endPort = $StartPort + $PortCount - 1
    if (-not $isRestore -and $endPort -gt 65535) {
        throw "-StartPort $StartPort with -PortCount $PortCount ends at port $endPort; the last port is 65535. Nothing was changed."
    }
    if (-not (Test-NetshAvailable)) {
        $text = 'netsh was not found on PATH. It is a part of Windows: run this on the Windows host that opens the connections. Nothing was changed.'
        return [pscustomobject]@{ Results = @(); Messages = @([pscustomobject]@{ Kind = 'Warning'; Text = $text }); ExitCode = 3; BackupPath = '' }
    }

    # What is there, and what is wanted.
    $messages = @()
    if ($isRestore) {
        $source = Resolve-TcpBackupPath -Path $BackupPath -Existing
        $backup = Read-TcpBackup -Path $source
        if ($Store -eq '') { $Store = $backup.Store }
        $messages += [pscustomobject]@{ Kind = 'Info'; Text = "Backup read: $source" }
        $steps = @(Get-TcpSettingStep -Wanted $backup.Wanted -Store $Store -IsRestore)
        foreach ($item in $backup.Reserved) {
            $steps += Get-ReserveStep -Family $item.Family -Port $item.Port -Wanted free -Store $Store
        }
    }
    else {
        if ($Store -eq '') { $Store = 'Persistent' }
        $range = "$StartPort-$endPort"
        $steps = @(Get-TcpSettingStep -Wanted @{ ipv4 = $range; ipv6 = $range; autotuninglevel = 'normal'; rss = 'enabled'; chimney = 'enabled' } -Store $Store)
        $listeners = @(Get-InnerListener -Start $StartPort -End $endPort)
        if ($ReserveListeners) {
            foreach ($listener in $listeners) {
                $steps += Get-ReserveStep -Family $listener.Family -Port $listener.Port -Wanted reserved -Store $Store
            }
        }
        elseif ($listeners.Count -gt 0) {
            $names = @($listeners | ForEach-Object { ('{0} {1} {2}' -f $_.Family, $_.Port, $_.Process).Trim() }) -join ', '
            $text = "Services listen inside $range and could find their port taken when they start again: $names. With -ReserveListeners these ports are excluded."
            $messages += [pscustomobject]@{ Kind = 'Warning'; Text = $text }
        }
    }

    # Write where it differs.
    $written = ''
    $pending = @($steps | Where-Object { $_.Result -eq '' })
    $needRights = $pending.Count -gt 0 -and $Action -ne 'Show' -and -not $Preview -and -not (Test-Elevated)
    foreach ($step in $pending) {
        if ($Action -eq 'Show' -or $needRights) {
            $step.Result = 'Differs'
            continue
        }
        $agreed = $null -eq $Caller -or $Caller.ShouldProcess($step.Label, 'netsh ' + ($step.Command -join ' '))
        if ($Preview) {
            $step.Result = 'WhatIf'
        }
        elseif (-not $agreed) {
            $step.Result = 'Declined'
        }
        else {
            if (-not $isRestore -and $written -eq '') {
                $written = Resolve-TcpBackupPath -Path $BackupPath
                Write-TcpBackup -Path $written -Step $steps -Store $Store
            }
            Invoke-TcpStep -Step $step
        }
    }

    # What became of it.
    foreach ($step in $steps) { $messages += @(Get-TcpStepMessage -Step $step) }
    $exitCode = [int] (@($steps | Where-Object { -not (Test-TcpStep -Step $_) }).Count -gt 0)
    $closing = @()
    if ($written -ne '') { $closing += "Backup of the settings before: $written" }
    if ($needRights) {
        $exitCode = 2
        $messages += [pscustomobject]@{ Kind = 'Warning'; Text = 'Administrator rights are needed. Nothing was changed. Run this line instead:' }
        $closing += $ElevatedCommand
    }
    elseif (@($steps | Where-Object { $_.Result -eq 'Unverified' -or $_.After -ne $_.Before }).Count -eq 0) {
        $closing += 'Nothing was changed, so no restart is needed.'
    }
    elseif ($Store -eq 'Active') {
        $closing += 'No restart is advised: with -Store Active the dynamic ports hold only until the next restart.'
    }
    else {
        $closing += 'A restart is advised: the new values hold at once for new sockets, but services and adapters that run now keep what they have.'
    }
    $messages += @($closing | ForEach-Object { [pscustomobject]@{ Kind = 'Info'; Text = $_ } })
    return [pscustomobject]@{
        Results    = @($steps | ForEach-Object { ConvertTo-TcpSettingRow -Step $_ })
        Messages   = $messages
        ExitCode   = $exitCode
        BackupPath = $written
    }
}
