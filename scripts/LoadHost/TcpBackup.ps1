# The backup of the TCP settings: a JSON file, of which nothing reaches netsh unchecked.

function Get-TcpBackupFormat {
    <#
    .SYNOPSIS
    Gives the Name and the Version by which a backup is known. Version 1 had the values in force only.
    .EXAMPLE
    (Get-TcpBackupFormat).Version
    #>
    [CmdletBinding()]
    param()

    return [pscustomobject]@{ Name = 'load-host-tcp-backup'; Version = 2 }
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

function Get-OlderBackup {
    <#
    .SYNOPSIS
    Lists the names of the time-stamped backups beside one that are older, newest first; none where its name has no time.
    .PARAMETER Path
    The backup.
    .EXAMPLE
    Get-OlderBackup -Path C:\backups\windows-tcp-20260102-030405-006.json
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path
    )

    $name = Split-Path -Path $Path -Leaf
    $parent = Split-Path -Path $Path -Parent
    if ($name -notlike 'windows-tcp-*.json' -or [string]::IsNullOrEmpty($parent)) { return }
    $names = @(Get-ChildItem -LiteralPath $parent -Filter 'windows-tcp-*.json' | ForEach-Object { $_.Name } | Sort-Object -Descending)
    foreach ($one in $names) {
        if ([string]::CompareOrdinal($one, $name) -lt 0) { $one }
    }
}

function Write-TcpBackup {
    <#
    .SYNOPSIS
    Writes the settings before a change as JSON.
    .DESCRIPTION
    A setting that could not be read is written as null, so that a restore leaves it alone. Of the ports to reserve only
    those that are not reserved yet are written, so that a restore frees no other.
    .PARAMETER Path
    The file to write. Its directory is made.
    .PARAMETER Step
    The steps of the change.
    .PARAMETER Store
    The store to which the change will be written.
    .PARAMETER ServicePort
    Ports that services chose themselves: Family, Port. A later run cannot tell them from those that Windows handed out.
    .EXAMPLE
    Write-TcpBackup -Path ./before.json -Step $steps -Store Persistent
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Path,

        [Parameter(Mandatory = $true)]
        [object[]] $Step,

        [ValidateSet('Persistent', 'Active')]
        [string] $Store = 'Persistent',

        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $ServicePort = @()
    )

    $format = Get-TcpBackupFormat
    $settings = [ordered]@{}
    $persistent = [ordered]@{}
    $reserved = @()
    foreach ($one in $Step) {
        if ($one.Name -eq 'reserve') {
            if ($one.Result -eq '') {
                $reserved += [ordered]@{ family = $one.Family; port = $one.Port; active = $one.Before; persistent = $one.LastingBefore }
            }
            continue
        }
        $settings[$one.Name] = $one.Before
        if ($one.Name -match '^ipv[46]$') {
            $settings[$one.Name] = ConvertTo-BackupRange -Text $one.Before
            $persistent[$one.Name] = ConvertTo-BackupRange -Text $one.LastingBefore
        }
    }
    $backup = [ordered]@{
        format       = $format.Name
        version      = $format.Version
        created      = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture)
        host         = [System.Environment]::MachineName
        store        = $Store
        settings     = $settings
        persistent   = $persistent
        reserved     = $reserved
        servicePorts = @($ServicePort | ForEach-Object { [ordered]@{ family = $_.Family; port = $_.Port } })
    }
    $parent = Split-Path -Path $Path -Parent
    if (-not [string]::IsNullOrEmpty($parent) -and -not (Test-Path -LiteralPath $parent)) {
        $null = New-Item -ItemType Directory -Path $parent -Force -WhatIf:$false -Confirm:$false -ErrorAction Stop
    }
    $json = ConvertTo-Json -InputObject $backup -Depth 5
    Set-Content -LiteralPath $Path -Value $json -Encoding UTF8 -WhatIf:$false -Confirm:$false -ErrorAction Stop
}

function ConvertTo-BackupRange {
    <#
    .SYNOPSIS
    Gives a port range as a backup holds it, or null.
    .PARAMETER Text
    The range ("start-end"), or null.
    .EXAMPLE
    ConvertTo-BackupRange -Text '49152-65535'
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Text
    )

    if ([string]::IsNullOrEmpty($Text)) { return $null }
    $range = ConvertFrom-PortRangeText -Text $Text
    return [ordered]@{ start = $range.Start; count = $range.Count }
}
