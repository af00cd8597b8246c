# Reads a backup of the TCP settings: nothing of the file reaches netsh unchecked.

function ConvertFrom-BackupRange {
    <#
    .SYNOPSIS
    Gives a port range of a backup as "start-end", or null where it holds none. Throws where it is no range.
    .PARAMETER Range
    The object with start and count, or null.
    .PARAMETER Name
    What it is the range of, for the error.
    .EXAMPLE
    ConvertFrom-BackupRange -Range $settings.ipv4 -Name ipv4
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [object] $Range,

        [Parameter(Mandatory = $true)]
        [string] $Name
    )

    if ($null -eq $Range) { return $null }
    $start = Get-MemberValue -InputObject $Range -Name 'start'
    $count = Get-MemberValue -InputObject $Range -Name 'count'
    if ("$start" -notmatch '^[0-9]{1,5}\z' -or "$count" -notmatch '^[0-9]{1,5}\z') { throw "the range of $Name is no pair of numbers." }
    $first = [int] $start
    $end = $first + [int] $count - 1
    if ($first -lt 1 -or $end -lt $first -or $end -gt 65535) { throw "the range of $Name is not between 1 and 65535." }
    return "$first-$end"
}

function ConvertFrom-BackupPort {
    <#
    .SYNOPSIS
    Gives the ports of a list in a backup: Family, Port, Active, Persistent (free, reserved or null). Throws where one is none.
    .PARAMETER List
    The list, or null.
    .EXAMPLE
    ConvertFrom-BackupPort -List $data.reserved
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $List
    )

    foreach ($item in @($List)) {
        if ($null -eq $item) { continue }
        $family = Get-MemberValue -InputObject $item -Name 'family'
        $port = Get-MemberValue -InputObject $item -Name 'port'
        $active = Get-MemberValue -InputObject $item -Name 'active'
        $persistent = Get-MemberValue -InputObject $item -Name 'persistent'
        $areStates = "$active" -cmatch '^(free|reserved|)\z' -and "$persistent" -cmatch '^(free|reserved|)\z'
        if ("$family" -cnotmatch '^ipv[46]\z' -or "$port" -notmatch '^[0-9]{1,5}\z' -or -not $areStates) { throw 'a port is not understood.' }
        [pscustomobject]@{ Family = "$family"; Port = [int] $port; Active = $active; Persistent = $persistent }
    }
}

function ConvertFrom-TcpBackup {
    <#
    .SYNOPSIS
    Checks every value of a backup and gives Host, Store, Wanted, WantedLasting, Reserved and ServicePort. Throws the reason where one is wrong.
    .PARAMETER Data
    What the JSON of the file holds.
    .EXAMPLE
    ConvertFrom-TcpBackup -Data (ConvertFrom-Json -InputObject $text)
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [object] $Data
    )

    $format = Get-TcpBackupFormat
    if ((Get-MemberValue -InputObject $Data -Name 'format') -ne $format.Name) { throw "it does not say format `"$($format.Name)`"." }
    $version = Get-MemberValue -InputObject $Data -Name 'version'
    if ($null -ne $version -and (1..$format.Version) -notcontains $version) {
        throw "it is of version $version, and this script knows up to $($format.Version)."
    }
    $store = 'Persistent'
    if ("$(Get-MemberValue -InputObject $Data -Name 'store')" -eq 'Active') { $store = 'Active' }
    $settings = Get-MemberValue -InputObject $Data -Name 'settings'
    $persistent = Get-MemberValue -InputObject $Data -Name 'persistent'
    $wanted = @{}
    $lasting = @{}
    foreach ($name in 'ipv4', 'ipv6') {
        $wanted[$name] = ConvertFrom-BackupRange -Range (Get-MemberValue -InputObject $settings -Name $name) -Name $name
        $lasting[$name] = ConvertFrom-BackupRange -Range (Get-MemberValue -InputObject $persistent -Name $name) -Name $name
        # Where the persistent store is not in the backup: what is written persistently holds for both.
        if ($null -eq $lasting[$name] -and $store -eq 'Persistent') { $lasting[$name] = $wanted[$name] }
    }
    $allowed = @{
        autotuninglevel = @('normal', 'disabled', 'highlyrestricted', 'restricted', 'experimental')
        rss             = @('enabled', 'disabled')
        chimney         = @('enabled', 'disabled', 'automatic', 'default')
    }
    foreach ($name in 'autotuninglevel', 'rss', 'chimney') {
        $value = Get-MemberValue -InputObject $settings -Name $name
        if ($null -ne $value -and $allowed[$name] -cnotcontains "$value") { throw "$name has an unknown value." }
        $wanted[$name] = $value
    }
    $reserved = @(ConvertFrom-BackupPort -List @(Get-MemberValue -InputObject $Data -Name 'reserved'))
    foreach ($one in $reserved) {
        if ($null -eq $one.Active) { $one.Active = 'free' }
        if ($null -eq $one.Persistent -and $store -eq 'Persistent') { $one.Persistent = 'free' }
    }
    return [pscustomobject]@{
        Host          = "$(Get-MemberValue -InputObject $Data -Name 'host')"
        Store         = $store
        Wanted        = $wanted
        WantedLasting = $lasting
        Reserved      = $reserved
        ServicePort   = @(ConvertFrom-BackupPort -List @(Get-MemberValue -InputObject $Data -Name 'servicePorts'))
    }
}

function Read-TcpBackup {
    <#
    .SYNOPSIS
    Reads a backup of the TCP settings and checks every value in it, as ConvertFrom-TcpBackup does.
    .DESCRIPTION
    Throws where the file is not such a backup.
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

    try {
        $text = Get-Content -LiteralPath $Path -Raw -Encoding UTF8 -ErrorAction Stop
        $data = ConvertFrom-Json -InputObject $text -ErrorAction Stop
        return (ConvertFrom-TcpBackup -Data $data)
    }
    catch {
        throw "$Path is not a backup of TCP settings that can be restored: $($_.Exception.Message) Nothing was changed."
    }
}

function Get-KnownServicePort {
    <#
    .SYNOPSIS
    Gives the service ports that the newest backup of this host names: Family, Port. None where there is no backup.
    .PARAMETER Path
    A directory of backups. Without it, or where it is a file, the default directory.
    .EXAMPLE
    Get-KnownServicePort
    #>
    [CmdletBinding()]
    param(
        [AllowEmptyString()]
        [string] $Path = ''
    )

    $directory = ''
    if ($Path -ne '' -and (Test-Path -LiteralPath $Path -PathType Container)) { $directory = $Path }
    try {
        $backup = Read-TcpBackup -Path (Resolve-TcpBackupPath -Path $directory -Existing)
        if ($backup.Host -eq [System.Environment]::MachineName) { $backup.ServicePort }
    }
    catch {
        Write-Verbose -Message $_.Exception.Message
    }
}
