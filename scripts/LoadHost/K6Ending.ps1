# What the end of k6 means.

function Get-K6Ending {
    <#
    .SYNOPSIS
    Gives the exit code of the script for one of k6, and a sentence where k6 did not end by itself: Code and Text.
    .DESCRIPTION
    137 (killed on Linux and macOS), 2 (Go itself gave up) and the codes below -1 by which Windows ends a program become 137,
    as this script's own 2 means wrong parameters.
    k6's 0 is that of its thresholds, which cannot tell whether the books balance: where the report says fail it becomes 99.
    .PARAMETER Code
    Exit code of k6.
    .PARAMETER Verdict
    The report's, pass or fail; empty where there is none.
    .EXAMPLE
    Get-K6Ending -Code 137
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [int] $Code,

        [AllowEmptyString()]
        [string] $Verdict = ''
    )

    if ($Code -eq 0 -and $Verdict -eq 'fail') {
        return [pscustomobject] @{ Code = 99; Text = 'All thresholds of k6 are met, but the report says FAIL; it is above.' }
    }

    # k6's own -1 is a command line that it does not understand.
    if ($Code -eq 137 -or $Code -eq 2 -or $Code -lt -1) {
        $text = "k6 was killed, perhaps out of memory (its exit code was $Code). Its last lines are above. Hold fewer connections, take -Scenario multiplexed, or use more hosts."
        return [pscustomobject] @{ Code = 137; Text = $text }
    }
    return [pscustomobject] @{ Code = $Code; Text = '' }
}

function Get-SummaryVerdict {
    <#
    .SYNOPSIS
    Gives the verdict of a summary.json, pass or fail; empty where there is none.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .EXAMPLE
    Get-SummaryVerdict -ResultsPath C:\results
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath
    )

    $file = [System.IO.Path]::Combine($ResultsPath, 'summary.json')
    if ([System.IO.File]::Exists($file) -and [System.IO.File]::ReadAllText($file) -cmatch '"verdict":\s*"(pass|fail)"') { return $Matches[1] }
    return ''
}

function Get-SummaryMark {
    <#
    .SYNOPSIS
    Tells one summary.json of a folder from a later one: a text, empty where there is none.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .EXAMPLE
    Get-SummaryMark -ResultsPath C:\results
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath
    )

    $file = New-Object -TypeName System.IO.FileInfo -ArgumentList ([System.IO.Path]::Combine($ResultsPath, 'summary.json'))
    if (-not $file.Exists -or $file.Length -eq 0) { return '' }
    return "$($file.LastWriteTimeUtc.Ticks) $($file.Length)"
}
