# What a restore has to do.

function Get-RestorePlan {
    <#
    .SYNOPSIS
    Reads a backup and gives the steps that put it back: Steps, Messages, Store, ServicePort. Throws where it is not of this host.
    .PARAMETER BackupPath
    The backup, or a directory of backups. Not given: the newest in the default directory.
    .PARAMETER Store
    Active: put back only what holds until the next restart. Not given: as in the backup.
    .PARAMETER Force
    Put back also the backup of another host.
    .EXAMPLE
    Get-RestorePlan -BackupPath ./before.json
    #>
    [CmdletBinding()]
    param(
        [AllowEmptyString()]
        [string] $BackupPath = '',

        [ValidateSet('', 'Persistent', 'Active')]
        [string] $Store = '',

        [switch] $Force
    )

    $source = Resolve-TcpBackupPath -Path $BackupPath -Existing
    $backup = Read-TcpBackup -Path $source
    $here = [System.Environment]::MachineName
    if ($backup.Host -ne $here -and -not $Force) {
        $of = $backup.Host
        if ($of -eq '') { $of = 'an unknown host' }
        throw "$source is the backup of $of, and this is $here. Nothing was changed. Restore it on its own host, or here all the same with -Force."
    }
    $isActiveOnly = $Store -eq 'Active'
    if ($Store -eq '') { $Store = $backup.Store }
    $steps = @(foreach ($family in 'ipv4', 'ipv6') {
            $lasting = $backup.WantedLasting[$family]
            if ($isActiveOnly) { $lasting = $null }
            $range = @{
                Family        = $family
                Before        = Get-TcpSettingValue -Name $family
                Lasting       = Get-TcpSettingValue -Name $family -Store Persistent
                Wanted        = $backup.Wanted[$family]
                WantedLasting = $lasting
                Store         = $Store
            }
            Get-PortRangeStep @range -IsRestore
        })
    $steps += @(Get-TcpGlobalStep -Wanted $backup.Wanted -IsRestore)
    foreach ($item in $backup.Reserved) {
        $lasting = $item.Persistent
        if ($isActiveOnly) { $lasting = $null }
        $steps += Get-ReserveStep -Family $item.Family -Port $item.Port -Wanted $item.Active -WantedLasting $lasting
    }
    $messages = @([pscustomobject]@{ Kind = 'Info'; Text = "Backup read: $source" })
    $older = @(Get-OlderBackup -Path $source)
    if ($older.Count -gt 0) {
        $text = "Older backups beside it: $($older.Count). To go back further, restore them too, newest first, with -BackupPath: $($older -join ', ')"
        $messages += [pscustomobject]@{ Kind = 'Info'; Text = $text }
    }
    return [pscustomobject]@{ Steps = $steps; Messages = $messages; Store = $Store; ServicePort = @() }
}
