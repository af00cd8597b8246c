<#
.SYNOPSIS
Prepares the TCP settings of a Windows host that opens very many connections, shows them, or puts them back.

.DESCRIPTION
Windows hands out 16,384 ports for outgoing connections by default, for each IP family of the whole host. A load test that opens more
fails with error 10055. This script widens the range for IPv4 and IPv6 and checks that receive auto-tuning is "normal" and receive-side
scaling is "enabled", as they are by default. TCP chimney offload is enabled only where the host still has it; Windows removed it with
Windows 10 1709.

Each setting is read, compared, written only where it differs, and read back. Before the first change the settings are written to a
JSON file, from which -Restore puts them back. Ports are shown as first-last. Nothing depends on the language of Windows.

A range that is large enough is left alone, also a larger one. A range that is too small, and not Windows' own, was somebody's choice:
it is shown beside the one asked for, and changed only with -Force.

Without a switch the settings are applied, which needs administrator rights. -Show and -WhatIf need none.

.PARAMETER StartPort
The first dynamic port: 1024 to 65535. Not given: 1024 in place of Windows' own range; any other range keeps its start.

.PARAMETER PortCount
The least number of dynamic ports: 255 to 64511, 60000 by default. The last one must not be above 65535.

.PARAMETER Store
Persistent (default): the dynamic ports stay after a restart. Active: until the next restart.
With -Restore, if not given: what the backup holds of both. With Active: only the ports in force.

.PARAMETER BackupPath
The backup file to write, or to restore; or a directory for it. An existing backup is never overwritten.
If not given: a time-stamped file in the folder k6-load-host of the user's local application data; with -Restore the newest there.

.PARAMETER Show
Only shows the settings beside the wanted ones. Nothing is changed.

.PARAMETER Restore
Puts back what the backup holds, where it differs. A setting that the backup does not hold is left as it is.

.PARAMETER ReservePort
Also excludes these ports of services from those that Windows hands out, such as 1433,3389. Windows refuses a port on which a service
listens at the moment: stop the service first, and start it again afterwards. Services that listen among the dynamic ports are named in a warning.

.PARAMETER Force
Changes also a range that is not Windows' own. With -Restore: puts back also the backup of another host.

.EXAMPLE
.\scripts\windows-tcp-optimization.ps1 -Show

Shows what is set and what would be wanted. Needs no rights.

.EXAMPLE
.\scripts\windows-tcp-optimization.ps1 -WhatIf

Names each netsh command that would run. Nothing is changed and no backup is written.

.EXAMPLE
.\scripts\windows-tcp-optimization.ps1 -ReservePort 1433,3389

Applies the settings: 60,000 dynamic ports from 1024, without the ports of two services, which do not run at the moment.

.EXAMPLE
.\scripts\windows-tcp-optimization.ps1 -StartPort 10000 -PortCount 50000 -Force -Store Active -BackupPath .\before.json

Another range, whatever is there now, until the next restart only, with the backup in a file of your choice.

.EXAMPLE
.\scripts\windows-tcp-optimization.ps1 -Restore -BackupPath .\before.json

Puts back what that backup holds. Without -BackupPath: the newest one.

.INPUTS
None.

.OUTPUTS
One object per setting: Setting, Before, Wanted, After, Lasts, Result. Lasts tells whether the value in force is there after the next
restart: yes, unknown, or "no: " and what comes then. Result is one of: AsWanted; Changed; Kept (not Windows' own range, see -Force);
Differs (with -Show, or without rights); WhatIf; Declined (at -Confirm); Unknown (could not be read, so it was left alone);
Unverified (set, but could not be read back); Failed; NotInBackup; Removed (since Windows 10 1709); Absent (a host without IPv6);
NotNeeded (a port to reserve outside the dynamic ports).

.NOTES
Exit codes:
0  all is as wanted
1  something is not (also under -Show and -WhatIf, where something differs), or the parameters are wrong
2  administrator rights are needed; nothing was changed
3  netsh was not found, or PowerShell is restricted (constrained language mode)
#>
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', DefaultParameterSetName = 'Apply')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'The module asks, through the PSCmdlet of this script.')]
param(
    [Parameter(ParameterSetName = 'Apply')]
    [Parameter(ParameterSetName = 'Show')]
    [ValidateRange(1024, 65535)]
    [int] $StartPort,

    [Parameter(ParameterSetName = 'Apply')]
    [Parameter(ParameterSetName = 'Show')]
    [ValidateRange(255, 64511)]
    [int] $PortCount = 60000,

    [ValidateSet('Persistent', 'Active')]
    [string] $Store = 'Persistent',

    [ValidateNotNullOrEmpty()]
    [string] $BackupPath,

    [Parameter(ParameterSetName = 'Show', Mandatory = $true)]
    [switch] $Show,

    [Parameter(ParameterSetName = 'Restore', Mandatory = $true)]
    [switch] $Restore,

    [Parameter(ParameterSetName = 'Apply')]
    [Parameter(ParameterSetName = 'Show')]
    [string[]] $ReservePort = @(),

    [switch] $Force
)

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Warning -Message 'PowerShell is restricted on this host (constrained language mode, by AppLocker or App Control), and this script needs its full language. Nothing was changed. Have the scripts folder allowed, or type the netsh commands of docs/windows.md.'
    exit 3
}

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
if (-not $PSBoundParameters.ContainsKey('InformationAction')) { $InformationPreference = 'Continue' }

Import-Module -Name (Join-Path $PSScriptRoot 'LoadHost.psm1') -Verbose:$false

$given = @{}
foreach ($name in @($PSBoundParameters.Keys)) { $given[$name] = $PSBoundParameters[$name] }
$work = @{
    Action      = 'Apply'
    StartPort   = $StartPort
    PortCount   = $PortCount
    ReservePort = $ReservePort
    Force       = $Force
    Caller      = $PSCmdlet
    Preview     = [bool] $WhatIfPreference
}
if ($Show) { $work['Action'] = 'Show' }
if ($Restore) { $work['Action'] = 'Restore' }
if ($given.ContainsKey('Store')) { $work['Store'] = $Store }
try {
    if ($given.ContainsKey('BackupPath')) {
        # A full path: the line for an elevated window, which opens in another directory, must name the same file.
        $given['BackupPath'] = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($BackupPath)
        $work['BackupPath'] = $given['BackupPath']
    }
    $work['ElevatedCommand'] = Get-ElevatedCommand -ScriptPath $PSCommandPath -BoundParameters $given
    $outcome = Invoke-TcpOptimization @work
}
catch {
    # As an error of this script, without the lines of the module.
    $PSCmdlet.ThrowTerminatingError($_)
}

$outcome.Results
foreach ($message in $outcome.Messages) {
    if ($message.Kind -eq 'Warning') { Write-Warning -Message $message.Text }
    else { Write-Information -MessageData $message.Text }
}
exit $outcome.ExitCode
