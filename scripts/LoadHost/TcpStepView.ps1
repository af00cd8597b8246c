# What a person reads of a step: a row of the table, and a message beside it.

function Get-TcpStepMessage {
    <#
    .SYNOPSIS
    Gives what there is to say about a step that was dealt with, beside its row: Kind (Info or Warning) and Text.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Get-TcpStepMessage -Step $step
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    $kind = 'Info'
    $text = ''
    if ($Step.Problem -ne '') {
        $kind = 'Warning'
        $text = $Step.Problem
    }
    elseif ($Step.Result -eq 'Unknown') {
        $kind = 'Warning'
        $text = "it could not be read, so it is left alone. Look with: $(Get-TcpShowCommand -Name $Step.Name)"
    }
    elseif ($Step.Result -eq 'NotInBackup') { $text = 'the backup holds no value, so it was left as it is.' }
    elseif ($Step.Result -eq 'Removed') { $text = 'removed since Windows 10 1709. There is nothing to set.' }
    elseif ($Step.Result -eq 'Absent') { $text = 'this host has no IPv6. There is nothing to set.' }
    elseif ($Step.Result -eq 'NotNeeded') { $text = 'the port is outside the dynamic ports, so Windows does not hand it out. There is nothing to reserve.' }
    if ($text -ne '') {
        [pscustomobject]@{ Kind = $kind; Text = "$($Step.Label): $text" }
    }
}

function Get-TcpStepLasting {
    <#
    .SYNOPSIS
    Says whether the value in force lasts past the next restart of Windows: yes, unknown, or "no: " and what comes then.
    .DESCRIPTION
    The global settings have one store only: they always last.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Get-TcpStepLasting -Step $step
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    if ($null -eq $Step.After) { return '' }
    if ($Step.Name -notmatch '^(ipv[46]|reserve)$') { return 'yes' }
    if ($null -eq $Step.Lasting) { return 'unknown' }
    if ($Step.Lasting -eq $Step.After) { return 'yes' }
    return "no: $($Step.Lasting)"
}

function ConvertTo-TcpSettingRow {
    <#
    .SYNOPSIS
    Makes the object that is shown for one setting.
    .DESCRIPTION
    Setting, Before, Wanted, After, Lasts, Result; a value that could not be read is "unknown".
    .PARAMETER Step
    The step of the setting.
    .EXAMPLE
    ConvertTo-TcpSettingRow -Step $step
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    $none = 'unknown'
    if ('Removed', 'Absent' -contains $Step.Result) { $none = 'absent' }
    $row = [pscustomobject]@{
        PSTypeName = 'LoadHost.TcpSetting'
        Setting    = $Step.Label
        Before     = $Step.Before
        Wanted     = $Step.Wanted
        After      = $Step.After
        Lasts      = Get-TcpStepLasting -Step $Step
        Result     = $Step.Result
    }
    if ($null -eq $row.Before) { $row.Before = $none }
    if ($null -eq $row.After) { $row.After = $none }
    if ($null -eq $row.Wanted) { $row.Wanted = 'as it is' }
    return $row
}
