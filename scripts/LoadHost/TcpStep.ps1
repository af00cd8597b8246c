# A step: a setting with what it is, what is wanted, the netsh command between the two, and what became of it.

function New-TcpStep {
    <#
    .SYNOPSIS
    Makes a step: a setting that is compared, and written only where it differs.
    .DESCRIPTION
    Result says what became of it. It is empty where there is something to do.
    A setting that cannot be read is not set: it could not be put back. A restore knows what to write, and writes it.
    .PARAMETER Name
    ipv4, ipv6, autotuninglevel, rss, chimney or reserve.
    .PARAMETER Label
    What a person reads.
    .PARAMETER Before
    The value now; null where it could not be read.
    .PARAMETER Wanted
    The value to reach; null where the backup holds none.
    .PARAMETER Command
    The arguments of netsh that set it.
    .PARAMETER Family
    With reserve: ipv4 or ipv6.
    .PARAMETER Port
    With reserve: the port.
    .PARAMETER IsRestore
    Set it also where it cannot be read.
    .PARAMETER IsRemoved
    This Windows no longer has the setting.
    .EXAMPLE
    New-TcpStep -Name rss -Label 'Receive-side scaling' -Before 'disabled' -Wanted 'enabled' -Command 'int', 'tcp', 'set', 'global', 'rss=enabled'
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name,

        [Parameter(Mandatory = $true)]
        [string] $Label,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object] $Before,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object] $Wanted,

        [AllowEmptyCollection()]
        [string[]] $Command = @(),

        [string] $Family = 'ipv4',

        [int] $Port = 0,

        [switch] $IsRestore,

        [switch] $IsRemoved
    )

    $result = ''
    if ($IsRemoved) { $result = 'Removed' }
    elseif ($null -eq $Wanted) { $result = 'NotInBackup' }
    elseif ($Before -eq $Wanted) { $result = 'AsWanted' }
    elseif ($null -eq $Before -and -not $IsRestore) { $result = 'Unknown' }
    return [pscustomobject]@{
        Name    = $Name
        Label   = $Label
        Before  = $Before
        Wanted  = $Wanted
        After   = $Before
        Command = $Command
        Family  = $Family
        Port    = $Port
        Result  = $result
        Problem = ''
    }
}

function Invoke-TcpStep {
    <#
    .SYNOPSIS
    Runs the netsh command of a step and reads the setting back.
    .DESCRIPTION
    Sets After, Result (Changed, Unverified or Failed) and Problem of the step.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Invoke-TcpStep -Step $step
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    $line = 'netsh ' + ($Step.Command -join ' ')
    $answer = Invoke-Netsh -ArgumentList $Step.Command
    $Step.After = Get-TcpSettingValue -Name $Step.Name -Family $Step.Family -Port $Step.Port
    if ($answer.ExitCode -ne 0) {
        $Step.Result = 'Failed'
        $Step.Problem = "'$line' ended with $($answer.ExitCode). $((@($answer.Lines) -join ' ').Trim())".Trim()
        if ($Step.Name -eq 'reserve') {
            $Step.Problem += ' Windows refuses a range that is in use: stop the service, run this again, start the service.'
        }
    }
    elseif ($null -eq $Step.After) {
        $Step.Result = 'Unverified'
        $Step.Problem = "set, but what netsh shows afterwards was not understood. Look with: $(Get-TcpShowCommand -Name $Step.Name)"
    }
    elseif ($Step.After -ne $Step.Wanted) {
        $Step.Result = 'Failed'
        $Step.Problem = "'$line' reported success, yet the value is $($Step.After). A group policy may hold it."
    }
    else {
        $Step.Result = 'Changed'
    }
}

function Test-TcpStep {
    <#
    .SYNOPSIS
    Tells whether a step ended well.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Test-TcpStep -Step $step
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    return ('AsWanted', 'Changed', 'NotInBackup', 'Removed') -contains $Step.Result
}

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
    elseif ($Step.Result -eq 'NotInBackup') {
        $text = 'the backup holds no value, so it was left as it is.'
    }
    elseif ($Step.Result -eq 'Removed') {
        $text = 'removed since Windows 10 1709. There is nothing to set.'
    }
    if ($text -ne '') {
        [pscustomobject]@{ Kind = $kind; Text = "$($Step.Label): $text" }
    }
}

function ConvertTo-TcpSettingRow {
    <#
    .SYNOPSIS
    Makes the object that is shown for one setting.
    .DESCRIPTION
    Setting, Before, Wanted, After, Result; a value that could not be read is "unknown".
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
    if ($Step.Result -eq 'Removed') { $none = 'absent' }
    $row = [pscustomobject]@{
        PSTypeName = 'LoadHost.TcpSetting'
        Setting    = $Step.Label
        Before     = $Step.Before
        Wanted     = $Step.Wanted
        After      = $Step.After
        Result     = $Step.Result
    }
    if ($null -eq $row.Before) { $row.Before = $none }
    if ($null -eq $row.After) { $row.After = $none }
    if ($null -eq $row.Wanted) { $row.Wanted = 'as it is' }
    return $row
}
