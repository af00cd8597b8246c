# The backup of the TCP settings: a JSON file, of which nothing reaches netsh unchecked.

$script:BackupFormat = 'load-host-tcp-backup'

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
    A setting that could not be read is written as null, so that a restore leaves it alone. Of the ports to reserve only
    those that were free are written, so that a restore frees no other.
    .PARAMETER Path
    The file to write. Its directory is made.
    .PARAMETER Step
    The steps of the change.
    .PARAMETER Store
    The store to which the change will be written.
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
        [string] $Store = 'Persistent'
    )

    $settings = [ordered]@{}
    $reserved = @()
    foreach ($one in $Step) {
        if ($one.Name -eq 'reserve') {
            if ($one.Before -eq 'free') { $reserved += [ordered]@{ family = $one.Family; port = $one.Port } }
            continue
        }
        $settings[$one.Name] = $one.Before
        if ($one.Name -match '^ipv[46]$' -and $null -ne $one.Before) {
            $range = ConvertFrom-PortRangeText -Text $one.Before
            $settings[$one.Name] = [ordered]@{ start = $range.Start; count = $range.Count }
        }
    }
    $backup = [ordered]@{
        format   = $script:BackupFormat
        version  = 1
        created  = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [System.Globalization.CultureInfo]::InvariantCulture)
        host     = [System.Environment]::MachineName
        store    = $Store
        settings = $settings
        reserved = $reserved
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
            if ("$start" -notmatch '^[0-9]{1,5}\z' -or "$count" -notmatch '^[0-9]{1,5}\z') {
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
        if ($null -eq $item) { continue }
        $family = Get-MemberValue -InputObject $item -Name 'family'
        $port = Get-MemberValue -InputObject $item -Name 'port'
        if ("$family" -cnotmatch '^ipv[46]\z' -or "$port" -notmatch '^[0-9]{1,5}\z') {
            throw "${problem}: a reserved port is not understood. Nothing was changed."
        }
        $reserved += [pscustomobject]@{ Family = "$family"; Port = [int] $port }
    }
    return [pscustomobject]@{
        Store    = "$store"
        Wanted   = $wanted
        Reserved = $reserved
    }
}
