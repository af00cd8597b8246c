# A step: a setting with what it is, what is wanted, the netsh commands between the two, and what became of it.

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
    The value in force; null where it could not be read.
    .PARAMETER Lasting
    The value after the next start of Windows; null where it could not be read, or the setting has one store only.
    .PARAMETER Wanted
    The value to reach; null where the backup holds none.
    .PARAMETER WantedLasting
    The value to reach for the time after the next start; null where that is left alone.
    .PARAMETER Commands
    A list of arguments of netsh for each command that sets it.
    .PARAMETER Family
    With reserve: ipv4 or ipv6.
    .PARAMETER Port
    With reserve: the port.
    .PARAMETER Owner
    With reserve: the program that listens on the port.
    .PARAMETER Result
    A result that is settled from the start: Kept, Removed, Absent or NotNeeded.
    .PARAMETER IsRestore
    Set it also where it cannot be read.
    .EXAMPLE
    New-TcpStep -Name rss -Label 'Receive-side scaling' -Before 'disabled' -Wanted 'enabled' -Commands @(, @('int', 'tcp', 'set', 'global', 'rss=enabled'))
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

        [AllowNull()]
        [object] $Lasting,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object] $Wanted,

        [AllowNull()]
        [object] $WantedLasting,

        [AllowEmptyCollection()]
        [object[]] $Commands = @(),

        [string] $Family = 'ipv4',

        [int] $Port = 0,

        [string] $Owner = '',

        [string] $Result = '',

        [switch] $IsRestore
    )

    $isLasting = $null -eq $WantedLasting -or $null -eq $Lasting -or $Lasting -eq $WantedLasting
    $settled = $Result
    if ($settled -ne '') { Write-Debug -Message "${Label}: $settled" }
    elseif ($null -eq $Wanted) { $settled = 'NotInBackup' }
    elseif ($Before -eq $Wanted -and $isLasting) { $settled = 'AsWanted' }
    elseif ($null -eq $Before -and -not $IsRestore) { $settled = 'Unknown' }
    return [pscustomobject]@{
        Name          = $Name
        Label         = $Label
        Before        = $Before
        LastingBefore = $Lasting
        Wanted        = $Wanted
        WantedLasting = $WantedLasting
        After         = $Before
        Lasting       = $Lasting
        Commands      = $Commands
        Family        = $Family
        Port          = $Port
        Owner         = $Owner
        Result        = $settled
        Problem       = ''
    }
}

function Get-TcpStepLine {
    <#
    .SYNOPSIS
    Gives the netsh commands of a step as a person would type them.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Get-TcpStepLine -Step $step
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    return (@($Step.Commands | ForEach-Object { 'netsh ' + ($_ -join ' ') }) -join '; ')
}

function Read-TcpStep {
    <#
    .SYNOPSIS
    Reads the setting of a step again, and sets After and Lasting of the step.
    .PARAMETER Step
    The step.
    .EXAMPLE
    Read-TcpStep -Step $step
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step
    )

    $which = @{ Name = $Step.Name; Family = $Step.Family; Port = $Step.Port }
    $Step.After = Get-TcpSettingValue @which
    $Step.Lasting = Get-TcpSettingValue @which -Store Persistent
}

function Invoke-TcpStep {
    <#
    .SYNOPSIS
    Runs the netsh commands of a step and reads the setting back.
    .DESCRIPTION
    Sets After, Lasting, Result (Changed, Unverified or Failed) and Problem of the step.
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

    if ($Step.Name -eq 'reserve') {
        # The step for the other family may have done it.
        Read-TcpStep -Step $Step
        if ($Step.After -eq $Step.Wanted -and ($null -eq $Step.WantedLasting -or $Step.Lasting -eq $Step.WantedLasting)) {
            $Step.Result = 'Changed'
            return
        }
    }
    $failed = $null
    $line = ''
    foreach ($command in $Step.Commands) {
        $line = 'netsh ' + ($command -join ' ')
        $failed = Invoke-Netsh -ArgumentList $command
        if ($failed.ExitCode -ne 0) { break }
        $failed = $null
    }
    Read-TcpStep -Step $Step
    if ($null -ne $failed) {
        $Step.Result = 'Failed'
        $Step.Problem = "'$line' ended with $($failed.ExitCode). $((@($failed.Lines) -join ' ').Trim())".Trim()
        if ($Step.Name -eq 'reserve' -and $Step.Wanted -eq 'reserved') {
            $owner = $Step.Owner
            if ($owner -eq '') { $owner = 'the program that listens there' }
            $Step.Problem += " A port in use cannot be reserved: stop $owner, run this again with -ReservePort $($Step.Port), and start it again."
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
    elseif ($null -ne $Step.WantedLasting -and $null -ne $Step.Lasting -and $Step.Lasting -ne $Step.WantedLasting) {
        $Step.Result = 'Failed'
        $Step.Problem = "'$line' reported success, yet after the next restart the value is $($Step.Lasting) again."
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

    return ('AsWanted', 'Changed', 'NotInBackup', 'Removed', 'Absent', 'NotNeeded') -contains $Step.Result
}
