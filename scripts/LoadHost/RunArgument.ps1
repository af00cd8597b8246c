# The words of a command line: the user's, and those of k6.

function Split-RunArgument {
    <#
    .SYNOPSIS
    Parts the words of a command line into parameters of the script (Named) and arguments of k6 (Rest).
    .DESCRIPTION
    Parameters come first. From "--" on, or from the first word that is no parameter on, all words are k6's. A word of one
    dash and three or more letters is always taken for a parameter, so that PowerShell itself complains about a mistyped
    one: k6 has only long options with two dashes and short ones of one letter.
    .PARAMETER Word
    The words.
    .PARAMETER SwitchName
    Names of the parameters that have no value.
    .EXAMPLE
    Split-RunArgument -Word '-Url', 'ws://server/', '--', '--tag', 'a=b' -SwitchName Dashboard
    #>
    [CmdletBinding()]
    param(
        [AllowNull()]
        [AllowEmptyCollection()]
        [object[]] $Word = @(),

        [string[]] $SwitchName = @()
    )

    # As text, at once and straight from the list: PowerShell 7 takes 5s for a number, and knows how it was written only
    # until it is copied. A list is what PowerShell makes of a,b.
    $words = @()
    for ($i = 0; $i -lt $Word.Count; $i++) {
        if ($null -eq $Word[$i]) { continue }
        if ($Word[$i] -is [bool]) { $words += $Word[$i] }
        elseif ($Word[$i] -is [array]) { $words += (@($Word[$i] | ForEach-Object { [string] $_ }) -join ',') }
        else { $words += [string] $Word[$i] }
    }
    $named = @{}
    $index = 0
    while ($index -lt $words.Count) {
        if ([string] $words[$index] -notmatch '^-([A-Za-z][A-Za-z0-9]{2,})(?::(.*))?$') { break }
        $name = $Matches[1]
        # "-Name:" is followed by its value as another word.
        $hasColon = ([string] $words[$index]).Contains(':')
        $attached = ''
        if ($Matches.ContainsKey(2)) { $attached = $Matches[2] }
        if ($named.ContainsKey($name)) { throw "The parameter $name is there more than once." }
        $index++
        if ($attached -ne '') {
            $named[$name] = $attached
            continue
        }
        $hasNext = $index -lt $words.Count
        if ($hasColon -and $hasNext) {
            $named[$name] = $words[$index]
            $index++
        }
        elseif ($SwitchName -contains $name) {
            $named[$name] = $true
            # PowerShell -File makes two words of -Name:$false.
            if ($hasNext -and $words[$index] -is [bool]) {
                $named[$name] = $words[$index]
                $index++
            }
        }
        elseif ($hasNext -and [string] $words[$index] -notmatch '^-[A-Za-z-]') {
            $named[$name] = $words[$index]
            $index++
        }
        elseif ([System.Management.Automation.Cmdlet]::CommonParameters -contains $name) { $named[$name] = $true }
        else { throw "The parameter $name has no value." }
    }
    $rest = @(for ($i = $index; $i -lt $words.Count; $i++) {
            if ($i -eq $index -and [string] $words[$i] -eq '--') { continue }
            [string] $words[$i]
        })
    return [pscustomobject] @{ Named = $named; Rest = $rest }
}

function Get-AddressArgument {
    <#
    .SYNOPSIS
    Gives the value of --address among arguments of k6; nothing where it is not there.
    .PARAMETER UserArgument
    Arguments of k6.
    .EXAMPLE
    Get-AddressArgument -UserArgument '--address', '127.0.0.1:6565'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    $address = $null
    $words = @($UserArgument)
    for ($i = 0; $i -lt $words.Count; $i++) {
        if ($words[$i] -cmatch '^(?:-a|--address)$' -and $i + 1 -lt $words.Count) { $address = $words[$i + 1] }
        elseif ($words[$i] -cmatch '^--address=(.+)$') { $address = $Matches[1] }
    }
    return $address
}

function Get-K6RunArgument {
    <#
    .SYNOPSIS
    Makes the arguments of k6 for a run.
    .PARAMETER Bundle
    Path of the script that k6 runs.
    .PARAMETER ResultsPath
    Absolute path of the results folder.
    .PARAMETER Address
    host:port where k6 serves its own figures.
    .PARAMETER Dashboard
    Adds k6's dashboard.
    .PARAMETER UserArgument
    Arguments of the user, which win.
    .EXAMPLE
    Get-K6RunArgument -Bundle dist/concurrent.js -ResultsPath C:\results -Address 127.0.0.1:6565
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory = $true)]
        [string] $Bundle,

        [Parameter(Mandatory = $true)]
        [string] $ResultsPath,

        [Parameter(Mandatory = $true)]
        [string] $Address,

        [switch] $Dashboard,

        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $UserArgument = @()
    )

    # The settings are in the environment.
    $words = @('run', '--address', $Address, '--profiling-enabled', '--include-system-env-vars=true')
    if ($Dashboard) {
        $record = [System.Uri]::EscapeDataString((Get-RecordingPath -ResultsPath $ResultsPath))
        $words += @('--out', "web-dashboard=host=127.0.0.1&port=5665&period=2s&tag=reason&record=$record")
    }
    $words += @($UserArgument)
    $words += $Bundle
    return [string[]] $words
}

function ConvertTo-NativeArgument {
    <#
    .SYNOPSIS
    Quotes arguments into the one text that Windows programs split again; .NET splits it the same way elsewhere.
    .PARAMETER Argument
    The arguments.
    .EXAMPLE
    ConvertTo-NativeArgument -Argument 'run', 'C:\my tests\concurrent.js'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [string[]] $Argument
    )

    $quoted = @(foreach ($text in @($Argument)) {
            if ($null -eq $text -or $text -eq '') { '""' }
            elseif ($text -notmatch '[\s"]') { $text }
            else {
                # Backslashes count as themselves unless a double quote follows; the closing one does.
                $inner = [regex]::Replace($text, '(\\*)"', '$1$1\"')
                $inner = [regex]::Replace($inner, '(\\+)\z', '$1$1')
                '"' + $inner + '"'
            }
        })
    return ($quoted -join ' ')
}
