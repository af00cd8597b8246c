# What k6 is told: settings in a small environment of its own. Arguments would show tokens in a process list, and k6
# copies its environment into each of thousands of VUs.

# Garbage is collected twice as often: 1,924 MB instead of 2,241 for 10,000 connections held for 30 s, for a quarter more CPU.
$script:FrequentCollection = '50'
# Those in which each connection has a VU of its own.
$script:VuScenarios = @('concurrent', 'storm', 'churn')
# Go's limit for the memory of k6, where all VUs are there at one time, at least 5,000, and of about the same size, as those
# of our own conversations are: 1.85 GB for 10,000 instead of 2.15 in a hold of minutes, for 0.65 cores instead of 0.36. Too
# low a limit would have Go do nothing but collect garbage.
$script:LimitedScenarios = @('concurrent', 'storm')
$script:LimitedConversations = @('', 'echo', 'listen', 'send-only')
$script:MebibytesPerThousand = 178

function Test-SystemVariable {
    <#
    .SYNOPSIS
    Tells whether a variable means something to k6 itself, to Go or to the system.
    .PARAMETER Name
    Name of the variable.
    .EXAMPLE
    Test-SystemVariable -Name HTTPS_PROXY
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string] $Name
    )

    if ($Name -cmatch '^(X?K6_|GO[A-Z0-9]+$)') { return $true }
    if ($Name -match '^((HTTP|HTTPS|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR))$') { return $true }
    $names = 'PATH', 'PWD', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'APPDATA', 'LOCALAPPDATA', 'TEMP', 'TMP', 'TMPDIR', 'TERM', 'NO_COLOR'
    $names += 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'PATHEXT', 'COMSPEC'
    return ($names -contains $Name)
}

function Split-EnvironmentArgument {
    <#
    .SYNOPSIS
    Parts arguments of k6 into what "-e" and "--env" set (Setting) and all other words (Rest).
    .DESCRIPTION
    "-e NAME" without a value takes it from the environment, as with k6. A variable that means something to k6 itself or to
    the system stays a word: with "-e" only the script sees it.
    .PARAMETER UserArgument
    Arguments of k6.
    .EXAMPLE
    Split-EnvironmentArgument -UserArgument '-e', 'WS_HOLD=5s', '--tag', 'a=b'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $settings = @{}
    $rest = @()
    $words = @($UserArgument)
    for ($i = 0; $i -lt $words.Count; $i++) {
        $taken = @($words[$i])
        $pair = $null
        if ($words[$i] -cmatch '^(?:-e|--env)$' -and $i + 1 -lt $words.Count) {
            $pair = $words[$i + 1]
            $taken += $pair
            $i++
        }
        elseif ($words[$i] -cmatch '(?s)^(?:-e=?|--env=)(.+)$') { $pair = $Matches[1] }
        if ($null -ne $pair -and $pair -cmatch '(?s)^([A-Za-z_][A-Za-z0-9_]*)(=(.*))?$' -and -not (Test-SystemVariable -Name $Matches[1])) {
            $value = ''
            if ($Matches.ContainsKey(3)) { $value = $Matches[3] }
            elseif (-not $Matches.ContainsKey(2)) { $value = [string] [System.Environment]::GetEnvironmentVariable($Matches[1]) }
            $settings[$Matches[1]] = $value
        }
        else { $rest += $taken }
    }
    return [pscustomobject] @{ Setting = $settings; Rest = [string[]] $rest }
}

function Get-EnvironmentSetting {
    <#
    .SYNOPSIS
    Gives the WS_ variables of this process by name.
    .EXAMPLE
    Get-EnvironmentSetting
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $settings = @{}
    foreach ($entry in [System.Environment]::GetEnvironmentVariables().GetEnumerator()) {
        if ([string] $entry.Key -clike 'WS_*') { $settings[[string] $entry.Key] = [string] $entry.Value }
    }
    return $settings
}

function Get-MemoryLimit {
    <#
    .SYNOPSIS
    Gives GOMEMLIMIT for k6; nothing where it could be too little.
    .PARAMETER Scenario
    The scenario that k6 will run.
    .PARAMETER Conversation
    WS_CONVERSATION; empty: the default.
    .PARAMETER Connections
    The most connections at one time.
    .EXAMPLE
    Get-MemoryLimit -Scenario concurrent -Connections 10000
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Scenario,

        [AllowNull()]
        [AllowEmptyString()]
        [string] $Conversation = '',

        [int] $Connections = 0
    )

    if ($script:LimitedScenarios -notcontains $Scenario -or $script:LimitedConversations -cnotcontains ([string] $Conversation).Trim()) { return $null }
    if ($Connections -lt 5000) { return $null }
    return "$([System.Math]::Floor($Connections * $script:MebibytesPerThousand / 1000))MiB"
}

function Get-K6Environment {
    <#
    .SYNOPSIS
    Makes the environment of k6: the settings, and of this process only what k6, Go and the system need.
    .DESCRIPTION
    Sets GOGC for the scenarios over k6/ws, and GOMEMLIMIT where it is known, unless this process has them. PWD is the current folder, to which relative paths belong.
    .PARAMETER Setting
    Settings by name.
    .PARAMETER Scenario
    The scenario that k6 will run.
    .PARAMETER Connections
    The most connections at one time.
    .PARAMETER DashboardConfig
    Layout of k6's dashboard; nothing without one.
    .EXAMPLE
    Get-K6Environment -Setting @{ WS_URL = 'ws://server:8081/' } -Scenario concurrent -Connections 10000
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [hashtable] $Setting = @{},

        [Parameter(Mandatory = $true)]
        [string] $Scenario,

        [int] $Connections = 0,

        [string] $DashboardConfig = ''
    )

    # Names in other letters are other names, except on Windows, which never has both.
    $variables = New-Object -TypeName 'System.Collections.Generic.Dictionary[string,string]' -ArgumentList ([System.StringComparer]::Ordinal)
    foreach ($entry in [System.Environment]::GetEnvironmentVariables().GetEnumerator()) {
        if (Test-SystemVariable -Name ([string] $entry.Key)) { $variables[[string] $entry.Key] = [string] $entry.Value }
    }
    $variables['PWD'] = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    if ($script:VuScenarios -contains $Scenario -and -not $variables.ContainsKey('GOGC')) { $variables['GOGC'] = $script:FrequentCollection }
    $limit = Get-MemoryLimit -Scenario $Scenario -Conversation $Setting['WS_CONVERSATION'] -Connections $Connections
    if ($limit -and -not $variables.ContainsKey('GOMEMLIMIT')) { $variables['GOMEMLIMIT'] = $limit }
    if ($DashboardConfig -ne '' -and -not $variables.ContainsKey('XK6_DASHBOARD_CONFIG')) { $variables['XK6_DASHBOARD_CONFIG'] = $DashboardConfig }
    foreach ($name in @($Setting.Keys)) { $variables[$name] = [string] $Setting[$name] }
    return $variables
}

function Resolve-SettingPath {
    <#
    .SYNOPSIS
    Gives the settings with the paths of the user's files made absolute from the current folder. Throws where a file is not there.
    .DESCRIPTION
    WS_USERS is a path. WS_CONVERSATION is one where it has a separator or ends like a script; else the name of a shipped one.
    WS_COMPARE_WITH is made absolute where the file is in the current folder: k6 looks for it beside the script too.
    .PARAMETER Setting
    Settings by name.
    .EXAMPLE
    Resolve-SettingPath -Setting @{ WS_USERS = 'users.csv' }
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [hashtable] $Setting = @{}
    )

    $resolved = $Setting.Clone()
    foreach ($name in 'WS_CONVERSATION', 'WS_USERS', 'WS_COMPARE_WITH') {
        if (-not $Setting.ContainsKey($name)) { continue }
        $given = ([string] $Setting[$name]).Trim()
        if ($given -eq '' -or $given -match '^file://') { continue }
        if ($name -eq 'WS_CONVERSATION' -and $given -notmatch '[\\/]|\.[cm]?[jt]s$') { continue }
        $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($given)
        if ([System.IO.File]::Exists($path)) { $resolved[$name] = $path }
        elseif ($name -ne 'WS_COMPARE_WITH') { throw "${name}=${given}: there is no file $path. Relative paths start from the current folder." }
    }
    return $resolved
}
