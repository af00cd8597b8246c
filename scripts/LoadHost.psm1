# Shared functions for the PowerShell scripts that prepare a host for a load test.
#
# Every call to the operating system stands behind one small function (Invoke-Netsh, Test-NetshAvailable,
# Test-Elevated, Get-ListeningPort, ...), so that a test can replace it. Nothing depends on the language of Windows.
# Windows PowerShell 5.1 and PowerShell 7, ASCII only.

Set-StrictMode -Version Latest

# The message for a host whose Windows no longer has TCP chimney offload.
$script:ChimneyRemoved = 'removed since Windows 10 1709'

# Listeners from here upwards got their port from the default dynamic range: it is another one after the next start.
$script:DefaultDynamicStart = 49152

$script:BackupFormat = 'load-host-tcp-backup'

# The rows of a result are shown as a table. Without the file (or where the policy refuses it) as a list.
$script:FormatPath = Join-Path $PSScriptRoot 'LoadHost.format.ps1xml'
if (Test-Path -LiteralPath $script:FormatPath) {
    try {
        Update-FormatData -PrependPath $script:FormatPath -WhatIf:$false -Confirm:$false -ErrorAction Stop
    }
    catch {
        Write-Verbose "The table view was not loaded: $($_.Exception.Message)"
    }
}

function Test-WindowsHost {
    <#
    .SYNOPSIS
    Tells whether this system is Windows.
    .DESCRIPTION
    Works in Windows PowerShell 5.1, which has no variable IsWindows, and in PowerShell 7.
    .EXAMPLE
    Test-WindowsHost
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    return ([System.Environment]::OSVersion.Platform.ToString() -eq 'Win32NT')
}

function Test-Elevated {
    <#
    .SYNOPSIS
    Tells whether this process may change settings of the host.
    .DESCRIPTION
    On Windows: a member of Administrators with an elevated token. Elsewhere: "id -u" says 0.
    .EXAMPLE
    Test-Elevated
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    if (Test-WindowsHost) {
        $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
        $principal = New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity
        return $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
    }
    $command = Get-Command -Name id -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $command) {
        return $false
    }
    $user = @(& $command.Path -u)
    return (($user -join '').Trim() -eq '0')
}

function Get-NetshPath {
    <#
    .SYNOPSIS
    Finds netsh.
    .DESCRIPTION
    Gives the path of the first executable of that name on PATH, or nothing.
    .EXAMPLE
    Get-NetshPath
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $command = Get-Command -Name netsh -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -ne $command) {
        return $command.Path
    }
}

function Test-NetshAvailable {
    <#
    .SYNOPSIS
    Tells whether netsh is on PATH.
    .DESCRIPTION
    Stands alone so that a test can replace it together with Invoke-Netsh.
    .EXAMPLE
    Test-NetshAvailable
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    return (-not [string]::IsNullOrEmpty((Get-NetshPath)))
}

function Invoke-Netsh {
    <#
    .SYNOPSIS
    Runs netsh and gives its exit code and its lines.
    .DESCRIPTION
    The only place that starts netsh. Never throws for a failing command: look at ExitCode. The text is localised: never match a sentence in it.
    .PARAMETER ArgumentList
    The arguments, one string each.
    .EXAMPLE
    Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string[]] $ArgumentList
    )

    # What netsh writes to its error stream and its exit code must not end the script by themselves.
    # (Started with -File a script shares its -WhatIf and -Confirm with this module: neither is meant for a variable.)
    $ErrorActionPreference = 'Continue'
    Set-Variable -Name PSNativeCommandUseErrorActionPreference -Value $false -WhatIf:$false -Confirm:$false

    $path = Get-NetshPath
    if ([string]::IsNullOrEmpty($path)) {
        throw 'netsh was not found on PATH.'
    }
    $output = @(& $path @ArgumentList 2>&1)
    $code = $LASTEXITCODE
    $lines = @($output | ForEach-Object { [string] $_ })
    return [pscustomobject]@{
        ExitCode = [int] $code
        Lines    = $lines
    }
}

function ConvertFrom-DynamicPortText {
    <#
    .SYNOPSIS
    Reads the dynamic port range from the lines of "netsh int ipv4 show dynamicport tcp".
    .DESCRIPTION
    Independent of the language: there must be exactly two lines that end in a colon and digits, the start and the number of ports.
    Anything else gives nothing, never a default.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-DynamicPortText -Line 'Start Port : 1024', 'Number of Ports : 60000'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    $numbers = @()
    foreach ($text in $Line) {
        $match = [regex]::Match($text, ':\s*([0-9]+)\s*$')
        if ($match.Success) {
            $numbers += $match.Groups[1].Value
        }
    }
    if (@($numbers).Count -ne 2) {
        return
    }
    if ($numbers[0].Length -gt 5 -or $numbers[1].Length -gt 5) {
        return
    }
    $start = [int] $numbers[0]
    $count = [int] $numbers[1]
    if ($start -lt 1 -or $count -lt 1 -or ($start + $count - 1) -gt 65535) {
        return
    }
    return [pscustomobject]@{
        Start = $start
        Count = $count
        End   = $start + $count - 1
    }
}

function Get-DynamicPortRange {
    <#
    .SYNOPSIS
    Reads the dynamic TCP port range of one IP family.
    .DESCRIPTION
    Gives Family, Known, Start, Count and End. Where Known is false netsh failed or its output was not understood, and the numbers are null.
    .PARAMETER Family
    ipv4 or ipv6. The two ranges are separate.
    .EXAMPLE
    Get-DynamicPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family
    )

    $answer = Invoke-Netsh -ArgumentList 'int', $Family, 'show', 'dynamicport', 'tcp'
    $range = $null
    if ($answer.ExitCode -eq 0) {
        $range = ConvertFrom-DynamicPortText -Line @($answer.Lines)
    }
    if ($null -eq $range) {
        return [pscustomobject]@{ Family = $Family; Known = $false; Start = $null; Count = $null; End = $null }
    }
    return [pscustomobject]@{ Family = $Family; Known = $true; Start = $range.Start; Count = $range.Count; End = $range.End }
}

function Get-DynamicPortArgument {
    <#
    .SYNOPSIS
    Gives the netsh arguments that set a dynamic TCP port range.
    .DESCRIPTION
    Persistent is the default of netsh, so that nothing is added for it.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Start
    The first port.
    .PARAMETER Count
    The number of ports.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Get-DynamicPortArgument -Family ipv4 -Start 1024 -Count 60000 -Store Persistent
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Start,

        [Parameter(Mandatory = $true)]
        [int] $Count,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $list = @('int', $Family, 'set', 'dynamicport', 'tcp', "start=$Start", "num=$Count")
    if ($Store -eq 'Active') {
        $list += 'store=active'
    }
    return $list
}

function Set-DynamicPortRange {
    <#
    .SYNOPSIS
    Sets the dynamic TCP port range of one IP family.
    .DESCRIPTION
    Gives the exit code and the lines of netsh. Read the value back with Get-DynamicPortRange.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Start
    The first port.
    .PARAMETER Count
    The number of ports.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Set-DynamicPortRange -Family ipv4 -Start 1024 -Count 60000 -Store Active
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Start,

        [Parameter(Mandatory = $true)]
        [int] $Count,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $list = @(Get-DynamicPortArgument -Family $Family -Start $Start -Count $Count -Store $Store)
    if ($PSCmdlet.ShouldProcess("Dynamic ports $Family", 'netsh ' + ($list -join ' '))) {
        return (Invoke-Netsh -ArgumentList $list)
    }
}

function ConvertFrom-TcpGlobalText {
    <#
    .SYNOPSIS
    Reads receive-side scaling, receive auto-tuning and chimney offload from the lines of "netsh int tcp show global".
    .DESCRIPTION
    The labels are localised, the values are English. Known labels come first. Where a label is not known or garbled the order decides,
    which is the same in every build: receive-side scaling, (chimney offload and two more on old builds), receive auto-tuning, congestion provider.
    Gives Rss, AutoTuning and Chimney (a value in lower case, or null) and ChimneyState: Known, Removed or Unknown.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-TcpGlobalText -Line (Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global').Lines
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    # English | Chinese (written as escapes: this file is ASCII) | German
    $rssLabel = 'Receive-Side Scaling|\u63a5\u6536\u65b9\u7f29\u653e|empfangsseitig'
    $tuningLabel = 'Receive Window Auto-Tuning|\u63a5\u6536\u7a97\u53e3\u81ea\u52a8\u8c03\u8282|Abstimmungsgrad'
    $chimneyLabel = 'chimney|\u70df\u56f1'

    $rssValue = '^(enabled|disabled)$'
    $tuningValue = '^(normal|disabled|highlyrestricted|restricted|experimental)$'
    $tuningOnlyValue = '^(normal|highlyrestricted|restricted|experimental)$'
    $chimneyValue = '^(enabled|disabled|automatic|default)$'
    $providerValue = '^(none|default|ctcp|dctcp|cubic|newreno|bbr2)$'
    $ignoreCase = [System.Text.RegularExpressions.RegexOptions] 'IgnoreCase, CultureInvariant'

    $rows = @()
    foreach ($text in $Line) {
        $match = [regex]::Match($text, '^(.*?)\s*:\s*(\S.*?)\s*$')
        if ($match.Success) {
            $rows += [pscustomobject]@{
                Label = $match.Groups[1].Value
                Value = $match.Groups[2].Value.ToLowerInvariant()
            }
        }
    }
    $rows = @($rows)

    $rss = $null
    $tuning = $null
    $chimney = $null
    $rssIndex = -1
    $tuningIndex = -1
    $chimneyIndex = -1

    for ($i = 0; $i -lt $rows.Count; $i++) {
        $label = $rows[$i].Label
        $value = $rows[$i].Value
        if ($rssIndex -lt 0 -and [regex]::IsMatch($label, $rssLabel, $ignoreCase) -and [regex]::IsMatch($value, $rssValue)) {
            $rssIndex = $i
        }
        elseif ($chimneyIndex -lt 0 -and [regex]::IsMatch($label, $chimneyLabel, $ignoreCase) -and [regex]::IsMatch($value, $chimneyValue)) {
            $chimneyIndex = $i
        }
        elseif ($tuningIndex -lt 0 -and [regex]::IsMatch($label, $tuningLabel, $ignoreCase) -and [regex]::IsMatch($value, $tuningValue)) {
            $tuningIndex = $i
        }
    }

    # By order, where no label was known.
    for ($i = 0; $i -lt $rows.Count -and $rssIndex -lt 0; $i++) {
        if ($i -ne $chimneyIndex -and $i -ne $tuningIndex -and [regex]::IsMatch($rows[$i].Value, $rssValue)) {
            $rssIndex = $i
        }
    }
    for ($i = 0; $i -lt $rows.Count -and $tuningIndex -lt 0; $i++) {
        if ([regex]::IsMatch($rows[$i].Value, $tuningOnlyValue)) {
            $tuningIndex = $i
        }
    }
    # Auto-tuning that is disabled looks like its neighbours: it is the line before the congestion provider.
    for ($i = $rssIndex + 2; $i -lt $rows.Count -and $tuningIndex -lt 0 -and $rssIndex -ge 0; $i++) {
        if ([regex]::IsMatch($rows[$i].Value, $providerValue)) {
            if ($rows[$i - 1].Value -eq 'disabled' -and ($i - 1) -ne $chimneyIndex) {
                $tuningIndex = $i - 1
            }
            break
        }
    }
    # Chimney offload follows receive-side scaling on the builds that have it; auto-tuning does on the others.
    if ($chimneyIndex -lt 0 -and $rssIndex -ge 0 -and $tuningIndex -gt ($rssIndex + 1)) {
        if ([regex]::IsMatch($rows[$rssIndex + 1].Value, $chimneyValue)) {
            $chimneyIndex = $rssIndex + 1
        }
    }

    $state = 'Unknown'
    if ($rssIndex -ge 0) {
        $rss = $rows[$rssIndex].Value
    }
    if ($tuningIndex -ge 0) {
        $tuning = $rows[$tuningIndex].Value
    }
    if ($chimneyIndex -ge 0) {
        $chimney = $rows[$chimneyIndex].Value
        $state = 'Known'
    }
    elseif ($rssIndex -ge 0 -or $tuningIndex -ge 0) {
        $state = 'Removed'
    }
    return [pscustomobject]@{
        Rss          = $rss
        AutoTuning   = $tuning
        Chimney      = $chimney
        ChimneyState = $state
    }
}

function Get-TcpGlobalSetting {
    <#
    .SYNOPSIS
    Reads receive-side scaling, receive auto-tuning and chimney offload of this host.
    .DESCRIPTION
    Gives Rss, AutoTuning and Chimney (a value in lower case, or null where it is not known), ChimneyState (Known, Removed, Unknown)
    and the exit code of netsh.
    .EXAMPLE
    Get-TcpGlobalSetting
    #>
    [CmdletBinding()]
    param()

    $answer = Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global'
    $lines = @()
    if ($answer.ExitCode -eq 0) {
        $lines = @($answer.Lines)
    }
    $values = ConvertFrom-TcpGlobalText -Line $lines
    return [pscustomobject]@{
        Rss          = $values.Rss
        AutoTuning   = $values.AutoTuning
        Chimney      = $values.Chimney
        ChimneyState = $values.ChimneyState
        ExitCode     = $answer.ExitCode
    }
}

function Set-TcpGlobalSetting {
    <#
    .SYNOPSIS
    Sets one global TCP setting.
    .DESCRIPTION
    Gives the exit code and the lines of netsh. Read the value back with Get-TcpGlobalSetting.
    .PARAMETER Name
    autotuninglevel, rss or chimney.
    .PARAMETER Value
    The value as netsh names it, such as normal or enabled.
    .EXAMPLE
    Set-TcpGlobalSetting -Name rss -Value enabled
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('autotuninglevel', 'rss', 'chimney')]
        [string] $Name,

        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[a-z]+$')]
        [string] $Value
    )

    $list = @('int', 'tcp', 'set', 'global', "$Name=$Value")
    if ($PSCmdlet.ShouldProcess($Name, 'netsh ' + ($list -join ' '))) {
        return (Invoke-Netsh -ArgumentList $list)
    }
}

function ConvertFrom-ExcludedPortText {
    <#
    .SYNOPSIS
    Reads the excluded ranges from the lines of "netsh int ipv4 show excludedportrange protocol=tcp".
    .DESCRIPTION
    A range is a line of two numbers, with a star where an administrator added it. Independent of the language.
    .PARAMETER Line
    The lines that netsh wrote.
    .EXAMPLE
    ConvertFrom-ExcludedPortText -Line '  50000   50059   *'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Line
    )

    foreach ($text in $Line) {
        $match = [regex]::Match($text, '^\s*([0-9]{1,5})\s+([0-9]{1,5})\s*(\*?)\s*$')
        if ($match.Success) {
            $start = [int] $match.Groups[1].Value
            $end = [int] $match.Groups[2].Value
            if ($start -le $end -and $end -le 65535) {
                [pscustomobject]@{
                    Start        = $start
                    End          = $end
                    Administered = ($match.Groups[3].Value -eq '*')
                }
            }
        }
    }
}

function Get-ExcludedPortRange {
    <#
    .SYNOPSIS
    Lists the TCP port ranges of one IP family that Windows will not hand out.
    .DESCRIPTION
    One object per range: Start, End, Administered. Where netsh fails there is a warning and no object.
    .PARAMETER Family
    ipv4 or ipv6.
    .EXAMPLE
    Get-ExcludedPortRange -Family ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family
    )

    $answer = Invoke-Netsh -ArgumentList 'int', $Family, 'show', 'excludedportrange', 'protocol=tcp'
    if ($answer.ExitCode -ne 0) {
        Write-Warning "The excluded port ranges of $Family could not be read (netsh ended with $($answer.ExitCode))."
        return
    }
    ConvertFrom-ExcludedPortText -Line @($answer.Lines)
}

function Get-ExcludedPortArgument {
    <#
    .SYNOPSIS
    Gives the netsh arguments that add or delete an excluded TCP port range.
    .DESCRIPTION
    Persistent is the default of netsh, so that nothing is added for it.
    .PARAMETER Verb
    add or delete.
    .PARAMETER Family
    ipv4 or ipv6.
    .PARAMETER Start
    The first port.
    .PARAMETER Count
    The number of ports.
    .PARAMETER Store
    Persistent, or Active: until the next start of Windows.
    .EXAMPLE
    Get-ExcludedPortArgument -Verb add -Family ipv4 -Start 3389 -Count 1
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('add', 'delete')]
        [string] $Verb,

        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6')]
        [string] $Family,

        [Parameter(Mandatory = $true)]
        [int] $Start,

        [int] $Count = 1,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent'
    )

    $list = @('int', $Family, $Verb, 'excludedportrange', 'protocol=tcp', "startport=$Start", "numberofports=$Count")
    if ($Store -eq 'Active') {
        $list += 'store=active'
    }
    return $list
}

function Get-ListeningPort {
    <#
    .SYNOPSIS
    Lists the TCP ports on which this host listens.
    .DESCRIPTION
    One object per family and port: Family, Port, Process. Needs no rights. Process is empty where the host does not tell it.
    .EXAMPLE
    Get-ListeningPort
    #>
    [CmdletBinding()]
    param()

    $owners = @{}
    if ($null -ne (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue)) {
        $connections = @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)
        foreach ($connection in $connections) {
            $owners["$($connection.LocalPort)"] = [int] $connection.OwningProcess
        }
    }
    $seen = @{}
    $endpoints = @([System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners())
    foreach ($endpoint in ($endpoints | Sort-Object -Property Port)) {
        $family = 'ipv4'
        if ($endpoint.AddressFamily.ToString() -eq 'InterNetworkV6') {
            $family = 'ipv6'
        }
        $key = "$family $($endpoint.Port)"
        if (-not $seen.ContainsKey($key)) {
            $seen[$key] = $true
            $name = ''
            if ($owners.ContainsKey("$($endpoint.Port)")) {
                $process = Get-Process -Id $owners["$($endpoint.Port)"] -ErrorAction SilentlyContinue
                if ($null -ne $process) {
                    $name = $process.ProcessName
                }
            }
            [pscustomobject]@{
                Family  = $family
                Port    = [int] $endpoint.Port
                Process = $name
            }
        }
    }
}

function Get-MemberValue {
    <#
    .SYNOPSIS
    Gives a property of an object that came from JSON, or null where it has none.
    .DESCRIPTION
    Under strict mode a property that is not there is an error; a backup is a file and may lack it.
    .PARAMETER InputObject
    The object, or null.
    .PARAMETER Name
    The name of the property.
    .EXAMPLE
    Get-MemberValue -InputObject $backup -Name 'settings'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object] $InputObject,

        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    if ($null -eq $InputObject) {
        return $null
    }
    $property = $InputObject.PSObject.Properties[$Name]
    if ($null -eq $property) {
        return $null
    }
    return $property.Value
}

function Get-TcpBackupDirectory {
    <#
    .SYNOPSIS
    Gives the directory of the backups that were made without a path.
    .DESCRIPTION
    Below the local application data of the user; it does not have to exist.
    .EXAMPLE
    Get-TcpBackupDirectory
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $base = [System.Environment]::GetFolderPath('LocalApplicationData', 'DoNotVerify')
    if ([string]::IsNullOrEmpty($base)) {
        $base = $HOME
    }
    if ([string]::IsNullOrEmpty($base)) {
        $base = [System.IO.Path]::GetTempPath()
    }
    return (Join-Path $base 'k6-load-host')
}

function Resolve-TcpBackupPath {
    <#
    .SYNOPSIS
    Gives the path of the backup to write or to read.
    .DESCRIPTION
    For writing: the path as given; a time-stamped name in the directory given, or in the default directory. A backup is never overwritten.
    For reading: the file given, or the newest backup in the directory given or the default directory. Throws where there is none.
    .PARAMETER Path
    A file, a directory that exists, or nothing.
    .PARAMETER Existing
    Look for a backup to read.
    .EXAMPLE
    Resolve-TcpBackupPath -Path '' -Existing
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowEmptyString()]
        [string] $Path = '',

        [switch] $Existing
    )

    $directory = ''
    if ([string]::IsNullOrEmpty($Path)) {
        $directory = Get-TcpBackupDirectory
    }
    elseif (Test-Path -LiteralPath $Path -PathType Container) {
        $directory = $Path
    }

    if ($Existing) {
        if ($directory -eq '') {
            if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
                throw "There is no backup at $Path. Nothing was changed."
            }
            return $Path
        }
        $newest = $null
        if (Test-Path -LiteralPath $directory -PathType Container) {
            $newest = Get-ChildItem -LiteralPath $directory -Filter 'windows-tcp-*.json' | Sort-Object -Property Name -Descending | Select-Object -First 1
        }
        if ($null -eq $newest) {
            throw "There is no backup in $directory. Name one with -BackupPath. Nothing was changed."
        }
        return $newest.FullName
    }

    if ($directory -eq '') {
        if ((Test-Path -LiteralPath $Path) -and (Get-Item -LiteralPath $Path).Length -gt 0) {
            throw "The file $Path exists. A backup is never overwritten: it may hold the only copy of the settings before. Nothing was changed."
        }
        return $Path
    }
    $stamp = [System.DateTime]::Now.ToString('yyyyMMdd-HHmmss-fff', [System.Globalization.CultureInfo]::InvariantCulture)
    return (Join-Path $directory "windows-tcp-$stamp.json")
}

function Write-TcpBackup {
    <#
    .SYNOPSIS
    Writes the settings before a change as JSON.
    .DESCRIPTION
    A setting that could not be read is written as null, so that a restore leaves it alone.
    .PARAMETER Path
    The file to write. Its directory is made.
    .PARAMETER Before
    A dictionary with ipv4 and ipv6 ("start-end" or null), autotuninglevel, rss and chimney (a value or null).
    .PARAMETER Store
    The store to which the change will be written.
    .PARAMETER Reserved
    The excluded port ranges that the change will add, each with Family, Start and Count.
    .EXAMPLE
    Write-TcpBackup -Path ./before.json -Before $before -Store Persistent
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary] $Before,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent',

        [AllowEmptyCollection()]
        [object[]] $Reserved = @()
    )

    $settings = [ordered]@{}
    foreach ($name in @('ipv4', 'ipv6')) {
        $settings[$name] = $null
        if ($null -ne $Before[$name]) {
            $range = ConvertFrom-PortRangeText -Text $Before[$name]
            $settings[$name] = [ordered]@{ start = $range.Start; count = $range.Count }
        }
    }
    foreach ($name in @('autotuninglevel', 'rss', 'chimney')) {
        $settings[$name] = $Before[$name]
    }
    $ranges = @()
    foreach ($item in $Reserved) {
        $ranges += [ordered]@{ family = $item.Family; start = $item.Start; count = $item.Count }
    }
    $backup = [ordered]@{
        format   = $script:BackupFormat
        version  = 1
        created  = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture)
        host     = [System.Environment]::MachineName
        store    = $Store
        settings = $settings
        reserved = @($ranges)
    }
    $parent = Split-Path -Path $Path -Parent
    if (-not [string]::IsNullOrEmpty($parent) -and -not (Test-Path -LiteralPath $parent)) {
        $null = New-Item -ItemType Directory -Path $parent -Force -WhatIf:$false -Confirm:$false -ErrorAction Stop
    }
    $json = ConvertTo-Json -InputObject $backup -Depth 5
    Set-Content -LiteralPath $Path -Value $json -Encoding UTF8 -WhatIf:$false -Confirm:$false -ErrorAction Stop
}

function Read-TcpBackup {
    <#
    .SYNOPSIS
    Reads a backup of the TCP settings and checks every value in it.
    .DESCRIPTION
    Gives Store, Wanted (ipv4 and ipv6 as "start-end", autotuninglevel, rss, chimney; null where the backup holds nothing) and Reserved.
    Throws where the file is not such a backup: nothing of it reaches netsh unchecked.
    .PARAMETER Path
    The file to read.
    .EXAMPLE
    Read-TcpBackup -Path ./before.json
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path
    )

    $problem = "$Path is not a backup of TCP settings that can be restored"
    try {
        $text = Get-Content -LiteralPath $Path -Raw -Encoding UTF8 -ErrorAction Stop
        $data = ConvertFrom-Json -InputObject $text -ErrorAction Stop
    }
    catch {
        throw "${problem}: $($_.Exception.Message) Nothing was changed."
    }
    if ((Get-MemberValue -InputObject $data -Name 'format') -ne $script:BackupFormat) {
        throw "${problem}: it does not say format `"$script:BackupFormat`". Nothing was changed."
    }
    $settings = Get-MemberValue -InputObject $data -Name 'settings'
    $wanted = @{}
    foreach ($name in @('ipv4', 'ipv6')) {
        $wanted[$name] = $null
        $range = Get-MemberValue -InputObject $settings -Name $name
        if ($null -ne $range) {
            $start = Get-MemberValue -InputObject $range -Name 'start'
            $count = Get-MemberValue -InputObject $range -Name 'count'
            if ("$start" -notmatch '^[0-9]{1,5}$' -or "$count" -notmatch '^[0-9]{1,5}$') {
                throw "${problem}: the range of $name is no pair of numbers. Nothing was changed."
            }
            $first = [int] $start
            $end = $first + [int] $count - 1
            if ($first -lt 1 -or $end -lt $first -or $end -gt 65535) {
                throw "${problem}: the range of $name is not between 1 and 65535. Nothing was changed."
            }
            $wanted[$name] = "$first-$end"
        }
    }
    $allowed = @{
        autotuninglevel = @('normal', 'disabled', 'highlyrestricted', 'restricted', 'experimental')
        rss             = @('enabled', 'disabled')
        chimney         = @('enabled', 'disabled', 'automatic', 'default')
    }
    foreach ($name in @('autotuninglevel', 'rss', 'chimney')) {
        $value = Get-MemberValue -InputObject $settings -Name $name
        if ($null -ne $value -and $allowed[$name] -cnotcontains "$value") {
            throw "${problem}: $name has an unknown value. Nothing was changed."
        }
        $wanted[$name] = $value
    }
    $store = Get-MemberValue -InputObject $data -Name 'store'
    if ("$store" -ne 'Active') {
        $store = 'Persistent'
    }
    $reserved = @()
    foreach ($item in @(Get-MemberValue -InputObject $data -Name 'reserved')) {
        if ($null -ne $item) {
            $family = Get-MemberValue -InputObject $item -Name 'family'
            $start = Get-MemberValue -InputObject $item -Name 'start'
            $count = Get-MemberValue -InputObject $item -Name 'count'
            if ("$family" -notmatch '^ipv[46]$' -or "$start" -notmatch '^[0-9]{1,5}$' -or "$count" -notmatch '^[0-9]{1,5}$') {
                throw "${problem}: a reserved range is not understood. Nothing was changed."
            }
            $reserved += [pscustomobject]@{ Family = "$family"; Start = [int] $start; Count = [int] $count }
        }
    }
    return [pscustomobject]@{
        Store    = "$store"
        Wanted   = $wanted
        Reserved = @($reserved)
    }
}

function ConvertFrom-PortRangeText {
    <#
    .SYNOPSIS
    Reads "start-end".
    .DESCRIPTION
    Gives Start, Count and End.
    .PARAMETER Text
    Two numbers with a hyphen.
    .EXAMPLE
    ConvertFrom-PortRangeText -Text '1024-61023'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[0-9]{1,5}-[0-9]{1,5}$')]
        [string] $Text
    )

    $parts = $Text.Split('-')
    $start = [int] $parts[0]
    $end = [int] $parts[1]
    return [pscustomobject]@{ Start = $start; Count = $end - $start + 1; End = $end }
}

function Get-TcpSettingValue {
    <#
    .SYNOPSIS
    Reads one of the settings of the tuning as text.
    .DESCRIPTION
    A dynamic port range is "start-end", a reserved port "reserved" or "free". Null where it could not be read.
    .PARAMETER Name
    ipv4, ipv6, autotuninglevel, rss, chimney or reserve.
    .PARAMETER Family
    With reserve: ipv4 or ipv6.
    .PARAMETER Port
    With reserve: the port.
    .EXAMPLE
    Get-TcpSettingValue -Name ipv4
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('ipv4', 'ipv6', 'autotuninglevel', 'rss', 'chimney', 'reserve')]
        [string] $Name,

        [string] $Family = 'ipv4',

        [int] $Port = 0
    )

    if ($Name -eq 'reserve') {
        $answer = Invoke-Netsh -ArgumentList 'int', $Family, 'show', 'excludedportrange', 'protocol=tcp'
        if ($answer.ExitCode -ne 0) {
            return $null
        }
        $ranges = @(ConvertFrom-ExcludedPortText -Line @($answer.Lines))
        $covering = @($ranges | Where-Object { $_.Start -le $Port -and $_.End -ge $Port })
        if ($covering.Count -gt 0) {
            return 'reserved'
        }
        return 'free'
    }
    if ($Name -eq 'ipv4' -or $Name -eq 'ipv6') {
        $range = Get-DynamicPortRange -Family $Name
        if (-not $range.Known) {
            return $null
        }
        return ('{0}-{1}' -f $range.Start, $range.End)
    }
    $settings = Get-TcpGlobalSetting
    if ($Name -eq 'autotuninglevel') {
        return $settings.AutoTuning
    }
    if ($Name -eq 'rss') {
        return $settings.Rss
    }
    return $settings.Chimney
}

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

    $parts = @("-File `"$ScriptPath`"")
    foreach ($key in @($BoundParameters.Keys | Sort-Object)) {
        $value = $BoundParameters[$key]
        if ($value -is [System.Management.Automation.SwitchParameter]) {
            if ($value.IsPresent) {
                $parts += "-$key"
            }
        }
        elseif ($value -is [int]) {
            $parts += "-$key $value"
        }
        else {
            $parts += "-$key `"$value`""
        }
    }
    $rest = $parts -join ' '
    if (-not (Test-WindowsHost)) {
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

    $endPort = $StartPort + $PortCount - 1
    if ($Action -ne 'Restore' -and $endPort -gt 65535) {
        throw "-StartPort $StartPort with -PortCount $PortCount ends at port $endPort; the last port is 65535. Nothing was changed."
    }

    $messages = New-Object -TypeName System.Collections.ArrayList
    if (-not (Test-NetshAvailable)) {
        $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = 'netsh was not found on PATH. It is a part of Windows: run this on the Windows host that opens the connections. Nothing was changed.' })
        return [pscustomobject]@{ Results = @(); Messages = @($messages); ExitCode = 3; BackupPath = '' }
    }

    # What is wanted.
    $planned = @()
    $fromBackup = @()
    if ($Action -eq 'Restore') {
        $sourcePath = Resolve-TcpBackupPath -Path $BackupPath -Existing
        $backup = Read-TcpBackup -Path $sourcePath
        $wanted = $backup.Wanted
        $fromBackup = @($backup.Reserved)
        if ($Store -eq '') {
            $Store = $backup.Store
        }
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = "Backup read: $sourcePath" })
    }
    else {
        $wanted = @{
            ipv4            = "$StartPort-$endPort"
            ipv6            = "$StartPort-$endPort"
            autotuninglevel = 'normal'
            rss             = 'enabled'
            chimney         = 'enabled'
        }
        if ($Store -eq '') {
            $Store = 'Persistent'
        }
    }

    # What is there.
    $before = @{
        ipv4 = Get-TcpSettingValue -Name ipv4
        ipv6 = Get-TcpSettingValue -Name ipv6
    }
    $shown = Get-TcpGlobalSetting
    $before['autotuninglevel'] = $shown.AutoTuning
    $before['rss'] = $shown.Rss
    $before['chimney'] = $shown.Chimney

    $labels = [ordered]@{
        ipv4            = 'Dynamic ports ipv4'
        ipv6            = 'Dynamic ports ipv6'
        autotuninglevel = 'Receive auto-tuning'
        rss             = 'Receive-side scaling'
        chimney         = 'Chimney offload'
    }
    foreach ($name in @($labels.Keys)) {
        $step = [pscustomobject]@{
            Name      = $name
            Label     = $labels[$name]
            Before    = $before[$name]
            Wanted    = $wanted[$name]
            Arguments = @()
            Family    = 'ipv4'
            Port      = 0
            Result    = ''
        }
        if ($name -eq 'chimney' -and $shown.ChimneyState -eq 'Removed') {
            $step.Result = $script:ChimneyRemoved
        }
        elseif ($null -eq $step.Wanted) {
            $step.Result = 'NotInBackup'
        }
        elseif ($name -eq 'chimney' -and $shown.ChimneyState -eq 'Unknown') {
            # Whether the host knows it cannot be told, so it is left alone.
            $step.Result = 'Unknown'
            if ($shown.ExitCode -ne 0 -and $Action -ne 'Show') {
                $step.Result = 'Failed'
            }
        }
        elseif ($step.Before -eq $step.Wanted) {
            $step.Result = 'AsWanted'
        }
        elseif ($name -eq 'ipv4' -or $name -eq 'ipv6') {
            $range = ConvertFrom-PortRangeText -Text $step.Wanted
            $step.Arguments = @(Get-DynamicPortArgument -Family $name -Start $range.Start -Count $range.Count -Store $Store)
        }
        else {
            $step.Arguments = @('int', 'tcp', 'set', 'global', "$name=$($step.Wanted)")
        }
        $planned += $step
    }

    # Services that listen where Windows will hand out ports.
    $toReserve = @()
    if ($Action -ne 'Restore') {
        $listeners = @()
        try {
            $listeners = @(Get-ListeningPort | Where-Object { $_.Port -ge $StartPort -and $_.Port -le $endPort -and $_.Port -lt $script:DefaultDynamicStart })
        }
        catch {
            $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = "The listening ports could not be read: $($_.Exception.Message)" })
        }
        if ($listeners.Count -gt 0 -and -not $ReserveListeners) {
            $names = @($listeners | ForEach-Object { ('{0} {1} {2}' -f $_.Family, $_.Port, $_.Process).Trim() })
            $null = $messages.Add([pscustomobject]@{
                    Kind = 'Warning'
                    Text = "Services listen inside $StartPort-$endPort and could find their port taken when they start again: $($names -join ', '). With -ReserveListeners these ports are excluded."
                })
        }
        if ($ReserveListeners) {
            foreach ($listener in $listeners) {
                $family = $listener.Family
                $port = $listener.Port
                $current = Get-TcpSettingValue -Name reserve -Family $family -Port $port
                $step = [pscustomobject]@{
                    Name      = 'reserve'
                    Label     = "Reserve $family $port"
                    Before    = $current
                    Wanted    = 'reserved'
                    Arguments = @()
                    Family    = $family
                    Port      = $port
                    Result    = 'AsWanted'
                }
                if ($current -ne 'reserved') {
                    $step.Result = ''
                    $step.Arguments = @(Get-ExcludedPortArgument -Verb add -Family $family -Start $port -Count 1 -Store $Store)
                }
                # A restore frees only what was surely free before.
                if ($current -eq 'free') {
                    $toReserve += [pscustomobject]@{ Family = $family; Start = $port; Count = 1 }
                }
                $planned += $step
            }
        }
    }
    foreach ($item in $fromBackup) {
        $current = Get-TcpSettingValue -Name reserve -Family $item.Family -Port $item.Start
        $step = [pscustomobject]@{
            Name      = 'reserve'
            Label     = "Reserve $($item.Family) $($item.Start)"
            Before    = $current
            Wanted    = 'free'
            Arguments = @()
            Family    = $item.Family
            Port      = $item.Start
            Result    = 'AsWanted'
        }
        if ($current -ne 'free') {
            $step.Result = ''
            $step.Arguments = @(Get-ExcludedPortArgument -Verb delete -Family $item.Family -Start $item.Start -Count $item.Count -Store $Store)
        }
        $planned += $step
    }

    $pending = @($planned | Where-Object { $_.Result -eq '' })
    $mayChange = $true
    $needRights = $false
    if ($pending.Count -gt 0 -and $Action -ne 'Show' -and -not $Preview) {
        if (-not (Test-Elevated)) {
            $needRights = $true
        }
    }
    if ($Action -eq 'Show' -or $needRights) {
        $mayChange = $false
    }

    # Write, and read back.
    $written = ''
    $results = @()
    foreach ($step in $planned) {
        $result = $step.Result
        $after = $step.Before
        if ($result -eq '' -and -not $mayChange) {
            $result = 'Differs'
            if ($null -eq $step.Before) {
                $result = 'Unknown'
            }
        }
        elseif ($result -eq '') {
            $line = 'netsh ' + (@($step.Arguments) -join ' ')
            $agreed = $true
            if ($null -ne $Caller) {
                $agreed = [bool] $Caller.ShouldProcess($step.Label, $line)
            }
            if (-not $agreed) {
                $result = 'Declined'
                if ($Preview) {
                    $result = 'WhatIf'
                }
            }
            elseif ($Preview) {
                $result = 'WhatIf'
            }
            else {
                if ($Action -eq 'Apply' -and $written -eq '') {
                    $target = Resolve-TcpBackupPath -Path $BackupPath
                    Write-TcpBackup -Path $target -Before $before -Store $Store -Reserved $toReserve
                    $written = $target
                }
                $answer = $null
                if ($step.Name -eq 'ipv4' -or $step.Name -eq 'ipv6') {
                    $range = ConvertFrom-PortRangeText -Text $step.Wanted
                    $answer = Set-DynamicPortRange -Family $step.Name -Start $range.Start -Count $range.Count -Store $Store -WhatIf:$false -Confirm:$false
                }
                elseif ($step.Name -eq 'reserve') {
                    $answer = Invoke-Netsh -ArgumentList @($step.Arguments)
                }
                else {
                    $answer = Set-TcpGlobalSetting -Name $step.Name -Value $step.Wanted -WhatIf:$false -Confirm:$false
                }
                $after = Get-TcpSettingValue -Name $step.Name -Family $step.Family -Port $step.Port
                if ($answer.ExitCode -ne 0) {
                    $result = 'Failed'
                    $said = (@($answer.Lines) -join ' ').Trim()
                    $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = "$($step.Label): '$line' ended with $($answer.ExitCode). $said".Trim() })
                }
                elseif ($null -eq $after) {
                    $result = 'Unverified'
                    $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = "$($step.Label): set, but what netsh shows afterwards was not understood. Look with: $(Get-TcpShowCommand -Name $step.Name)" })
                }
                elseif ($after -ne $step.Wanted) {
                    $result = 'Failed'
                    $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = "$($step.Label): '$line' reported success, yet the value is $after. A group policy may hold it." })
                }
                else {
                    $result = 'Changed'
                }
            }
        }
        if ($result -eq 'NotInBackup') {
            $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = "$($step.Label): the backup holds no value, so it was left as it is." })
        }
        if ($result -eq $script:ChimneyRemoved) {
            $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = "$($step.Label): $result. There is nothing to set." })
        }
        if ($result -eq 'Failed' -and $step.Name -eq 'chimney' -and $step.Result -eq 'Failed') {
            $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = "$($step.Label): 'netsh int tcp show global' ended with $($shown.ExitCode), so it was left alone." })
        }
        if ($result -eq 'Failed' -and $step.Name -eq 'reserve') {
            $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = "$($step.Label): Windows refuses a range that is in use. Stop the service, run this again, start the service." })
        }
        $results += ConvertTo-TcpSettingRow -Step $step -After $after -Result $result
    }

    $good = @('AsWanted', 'Changed', 'NotInBackup', $script:ChimneyRemoved)
    $bad = @($results | Where-Object { $good -notcontains $_.Result })
    $changed = @($results | Where-Object { $_.Result -eq 'Changed' -or $_.Result -eq 'Unverified' })
    $exitCode = 0
    if ($bad.Count -gt 0) {
        $exitCode = 1
    }
    if ($written -ne '') {
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = "Backup of the settings before: $written" })
    }
    if ($needRights) {
        $exitCode = 2
        $null = $messages.Add([pscustomobject]@{ Kind = 'Warning'; Text = 'Administrator rights are needed. Nothing was changed. Run this line instead:' })
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = $ElevatedCommand })
    }
    elseif ($changed.Count -eq 0) {
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = 'No restart is needed: nothing was changed.' })
    }
    elseif ($Store -eq 'Active') {
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = 'No restart is advised: with -Store Active the dynamic ports hold only until the next restart.' })
    }
    else {
        $null = $messages.Add([pscustomobject]@{ Kind = 'Info'; Text = 'A restart is advised: the new values hold at once for new sockets, but services and adapters that run now keep what they have.' })
    }
    return [pscustomobject]@{
        Results    = @($results)
        Messages   = @($messages)
        ExitCode   = $exitCode
        BackupPath = $written
    }
}

function Get-TcpShowCommand {
    <#
    .SYNOPSIS
    Gives the command with which a person looks at a setting.
    .DESCRIPTION
    For messages only.
    .PARAMETER Name
    ipv4, ipv6, autotuninglevel, rss, chimney or reserve.
    .EXAMPLE
    Get-TcpShowCommand -Name ipv4
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    if ($Name -eq 'ipv4' -or $Name -eq 'ipv6') {
        return "netsh int $Name show dynamicport tcp"
    }
    if ($Name -eq 'reserve') {
        return 'netsh int ipv4 show excludedportrange protocol=tcp (and ipv6)'
    }
    return 'netsh int tcp show global'
}

function ConvertTo-TcpSettingRow {
    <#
    .SYNOPSIS
    Makes the object that is shown for one setting.
    .DESCRIPTION
    Setting, Before, Wanted, After, Result; a value that could not be read is "unknown".
    .PARAMETER Step
    The setting with Label, Before and Wanted.
    .PARAMETER After
    The value afterwards, or null.
    .PARAMETER Result
    One word on what happened.
    .EXAMPLE
    ConvertTo-TcpSettingRow -Step $step -After 'enabled' -Result 'Changed'
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [object] $Step,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [AllowEmptyString()]
        [string] $After,

        [Parameter(Mandatory = $true)]
        [string] $Result
    )

    $none = 'unknown'
    if ($Result -eq $script:ChimneyRemoved) {
        $none = 'absent'
    }
    $row = [ordered]@{
        Setting = $Step.Label
        Before  = $Step.Before
        Wanted  = $Step.Wanted
        After   = $After
        Result  = $Result
    }
    foreach ($key in @('Before', 'After')) {
        if ([string]::IsNullOrEmpty($row[$key])) {
            $row[$key] = $none
        }
    }
    if ([string]::IsNullOrEmpty($row['Wanted'])) {
        $row['Wanted'] = 'as it is'
    }
    $object = [pscustomobject] $row
    $object.PSObject.TypeNames.Insert(0, 'LoadHost.TcpSetting')
    return $object
}

Export-ModuleMember -Function @(
    'Test-WindowsHost', 'Test-Elevated', 'Get-NetshPath', 'Test-NetshAvailable', 'Invoke-Netsh',
    'ConvertFrom-DynamicPortText', 'Get-DynamicPortRange', 'Set-DynamicPortRange',
    'ConvertFrom-TcpGlobalText', 'Get-TcpGlobalSetting', 'Set-TcpGlobalSetting',
    'ConvertFrom-ExcludedPortText', 'Get-ExcludedPortRange', 'Get-ListeningPort', 'Get-MemberValue',
    'Get-ElevatedCommand', 'Get-TcpBackupDirectory', 'Read-TcpBackup', 'Invoke-TcpOptimization'
)
