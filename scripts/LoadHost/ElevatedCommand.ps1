# The line that runs a script again with administrator rights.

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
        if ($value -isnot [System.Management.Automation.SwitchParameter]) { $words += @("-$key", (@($value) -join ',')) }
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
