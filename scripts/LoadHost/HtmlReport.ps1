# report.html: what k6 writes down of a run over time, and the page that is made of it.

function Get-RecordingPath {
    <#
    .SYNOPSIS
    Gives the path under which html-report.mjs looks for the series of a run.
    .PARAMETER ResultsPath
    Path of the results folder.
    .EXAMPLE
    Get-RecordingPath -ResultsPath C:\results
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath
    )

    return [System.IO.Path]::Combine($ResultsPath, 'series.ndjson.gz')
}

function Get-RecordingVariable {
    <#
    .SYNOPSIS
    Gives the variables by which k6 writes its series into the results folder; those of this process stay as they are.
    .DESCRIPTION
    Nothing where the arguments or K6_OUT have a web dashboard of their own: k6 would make a second one.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER UserArgument
    The user's arguments of k6 run.
    .EXAMPLE
    Get-RecordingVariable -ResultsPath C:\results
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $outputs = "$(@($UserArgument) -join ' ') $([System.Environment]::GetEnvironmentVariable('K6_OUT'))"
    if ($outputs -match 'web-dashboard') { return @{} }
    $wanted = @{
        K6_WEB_DASHBOARD        = 'true'
        K6_WEB_DASHBOARD_PORT   = '-1'
        K6_WEB_DASHBOARD_PERIOD = '1s'
        K6_WEB_DASHBOARD_TAGS   = 'reason'
        K6_WEB_DASHBOARD_RECORD = Get-RecordingPath -ResultsPath $ResultsPath
    }
    $variables = @{}
    foreach ($name in @($wanted.Keys)) {
        if (-not [System.Environment]::GetEnvironmentVariable($name)) { $variables[$name] = $wanted[$name] }
    }
    return $variables
}

function Get-VersionVariable {
    <#
    .SYNOPSIS
    Gives the variables that tell the report what ran: k6 tells a script neither its version nor its machine.
    .PARAMETER ProgramPath
    Path of k6.
    .EXAMPLE
    Get-VersionVariable -ProgramPath C:\tools\k6.exe
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ProgramPath
    )

    $variables = @{ LOAD_TEST_SYSTEM = "$([System.Environment]::OSVersion.VersionString), $([System.Environment]::ProcessorCount) CPUs" }
    $version = Get-K6Version -Path $ProgramPath
    if ($null -ne $version) { $variables['LOAD_TEST_K6_VERSION'] = "$version" }
    return $variables
}

function Save-HtmlReport {
    <#
    .SYNOPSIS
    Makes report.html with charts, by node, and gives a sentence on it. Without node the one of k6 stays, which has none.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER ScriptPath
    Path of html-report.mjs.
    .EXAMPLE
    Save-HtmlReport -ResultsPath C:\results -ScriptPath .\scripts\html-report.mjs
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [Parameter(Mandatory = $true)]
        [string] $ScriptPath
    )

    $lines = @(Invoke-Program -Name 'node' -Arguments $ScriptPath, $ResultsPath)
    foreach ($line in $lines) {
        if ($line) { return [string] $line }
    }
    return "report.html has no charts yet: with Node.js and the npm packages, node `"$ScriptPath`" `"$ResultsPath`" draws them."
}
