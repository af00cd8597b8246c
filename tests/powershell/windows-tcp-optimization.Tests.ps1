# Pester 5. Runs in Windows PowerShell 5.1 and in PowerShell 7, also on Linux: no netsh is started.
# netsh is played by Invoke-Netsh from the recorded outputs in fixtures; a "set" changes what the next "show" says.

BeforeAll {
    $script:Root = Split-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -Parent
    $script:ScriptFile = Join-Path (Join-Path $script:Root 'scripts') 'windows-tcp-optimization.ps1'
    $script:Fixtures = Join-Path $PSScriptRoot 'fixtures'
    Import-Module -Name (Join-Path (Join-Path $script:Root 'scripts') 'LoadHost.psm1') -Force

    function Get-Fixture {
        param([string] $Name)
        $path = Join-Path $script:Fixtures "$Name.txt"
        return [System.IO.File]::ReadAllLines($path, [System.Text.Encoding]::UTF8)
    }

    # What netsh shows, and the commands it was given. Never set anew, so that all see the same one; without a scope, as
    # "script" is another one in the script that is tested.
    $netsh = @{}

    function Initialize-Netsh {
        param(
            [string] $Ports = 'dynamicport-english-default',
            [string] $Settings = 'global-english-modern',
            [int] $SetCode = 0,
            [int] $ShowCode = 0,
            [bool] $Learns = $true
        )
        $netsh.Clear()
        $netsh['ipv4'] = @(Get-Fixture -Name $Ports)
        $netsh['ipv6'] = @(Get-Fixture -Name $Ports)
        $netsh['global'] = @(Get-Fixture -Name $Settings)
        $netsh['excluded'] = @(Get-Fixture -Name 'excludedportrange-english')
        $netsh['SetCode'] = $SetCode
        $netsh['ShowCode'] = $ShowCode
        $netsh['Learns'] = $Learns
        $netsh['Commands'] = New-Object -TypeName System.Collections.ArrayList
    }

    function Get-NetshCommand {
        param([string] $Match = '')
        return @($netsh.Commands | Where-Object { $_ -match $Match })
    }

    function Get-Row {
        param([object] $Outcome, [string] $Setting)
        return @($Outcome.Results | Where-Object { $_.Setting -eq $Setting })[0]
    }

    Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { return $true }
    Mock -ModuleName LoadHost -CommandName Test-Elevated -MockWith { return $true }
    Mock -ModuleName LoadHost -CommandName Get-ListeningPort -MockWith { return @() }
    Mock -ModuleName LoadHost -CommandName Invoke-Netsh -MockWith {
        $line = $ArgumentList -join ' '
        $null = $netsh.Commands.Add($line)
        $lines = @()
        $code = 0
        if ($line -match '^int (ipv[46]) show dynamicport tcp$') {
            $lines = @($netsh[$Matches[1]])
            $code = $netsh.ShowCode
        }
        elseif ($line -eq 'int tcp show global') {
            $lines = @($netsh['global'])
            $code = $netsh.ShowCode
        }
        elseif ($line -match 'show excludedportrange') {
            $lines = @($netsh['excluded'])
            $code = $netsh.ShowCode
        }
        else {
            $code = $netsh.SetCode
            if ($code -eq 0 -and $netsh.Learns) {
                if ($line -match '^int (ipv[46]) set dynamicport tcp start=(\d+) num=(\d+)') {
                    $netsh[$Matches[1]] = @('', 'Protocol tcp Dynamic Port Range', '----', "Start Port      : $($Matches[2])", "Number of Ports : $($Matches[3])", '')
                }
                elseif ($line -match '^int tcp set global (\w+)=(\w+)$') {
                    $labels = @{ autotuninglevel = 'Receive Window Auto-Tuning Level'; rss = 'Receive-Side Scaling State'; chimney = 'Chimney Offload State' }
                    $label = $labels[$Matches[1]]
                    $value = $Matches[2]
                    $netsh['global'] = @($netsh['global'] | ForEach-Object {
                            if ($_.StartsWith($label)) { $_.Substring(0, $_.IndexOf(':')) + ': ' + $value } else { $_ }
                        })
                }
                elseif ($line -match 'add excludedportrange protocol=tcp startport=(\d+) ') {
                    $netsh['excluded'] = @($netsh['excluded']) + "      $($Matches[1])        $($Matches[1])     *"
                }
                elseif ($line -match 'delete excludedportrange protocol=tcp startport=(\d+) ') {
                    $port = $Matches[1]
                    $netsh['excluded'] = @($netsh['excluded'] | Where-Object { $_ -notmatch "^\s*$port\s" })
                }
            }
            if ($code -ne 0) {
                $lines = @('The parameter is incorrect.')
            }
        }
        return [pscustomobject]@{ ExitCode = $code; Lines = $lines }
    }
}

AfterAll {
    Remove-Module -Name LoadHost -ErrorAction SilentlyContinue
}

Describe 'Reading the dynamic port range' {
    It 'reads <Name>' -TestCases @(
        @{ Name = 'dynamicport-english-default'; Start = 49152; Ports = 16384 }
        @{ Name = 'dynamicport-english-tuned'; Start = 1024; Ports = 60000 }
        @{ Name = 'dynamicport-chinese'; Start = 12000; Ports = 40000 }
        @{ Name = 'dynamicport-german'; Start = 49152; Ports = 16384 }
        @{ Name = 'dynamicport-garbled'; Start = 12000; Ports = 40000 }
    ) {
        param($Name, $Start, $Ports)
        $range = ConvertFrom-DynamicPortText -Line (Get-Fixture -Name $Name)
        $range.Start | Should -Be $Start
        $range.Count | Should -Be $Ports
    }

    It 'calls <Why> unknown' -TestCases @(
        @{ Why = 'one number'; Text = @('Start Port : 1024') }
        @{ Why = 'three numbers'; Text = @('a : 1', 'b : 2', 'c : 3') }
        @{ Why = 'no number'; Text = @('', 'Start Port : none') }
        @{ Why = 'a range above 65535'; Text = @('a : 60000', 'b : 60000') }
        @{ Why = 'a number too long'; Text = @('a : 1024', 'b : 6000000000000') }
    ) {
        param($Why, $Text)
        ConvertFrom-DynamicPortText -Line $Text | Should -BeNullOrEmpty -Because $Why
    }

    It 'calls an output without colons unknown' {
        ConvertFrom-DynamicPortText -Line (Get-Fixture -Name 'dynamicport-unreadable') | Should -BeNullOrEmpty
    }
}

Describe 'Reading the global settings' {
    It 'reads <Name>' -TestCases @(
        @{ Name = 'global-english-modern'; Rss = 'enabled'; Tuning = 'normal'; Chimney = $null; State = 'Removed' }
        @{ Name = 'global-english-drifted'; Rss = 'disabled'; Tuning = 'highlyrestricted'; Chimney = $null; State = 'Removed' }
        @{ Name = 'global-english-chimney'; Rss = 'enabled'; Tuning = 'normal'; Chimney = 'disabled'; State = 'Known' }
        @{ Name = 'global-chinese-modern'; Rss = 'enabled'; Tuning = 'normal'; Chimney = $null; State = 'Removed' }
        @{ Name = 'global-chinese-chimney'; Rss = 'enabled'; Tuning = 'normal'; Chimney = 'disabled'; State = 'Known' }
        @{ Name = 'global-german-modern'; Rss = 'enabled'; Tuning = 'normal'; Chimney = $null; State = 'Removed' }
        @{ Name = 'global-garbled-modern'; Rss = 'enabled'; Tuning = 'normal'; Chimney = $null; State = 'Removed' }
        @{ Name = 'global-garbled-chimney'; Rss = 'enabled'; Tuning = 'normal'; Chimney = 'disabled'; State = 'Known' }
        @{ Name = 'global-unreadable'; Rss = $null; Tuning = $null; Chimney = $null; State = 'Unknown' }
    ) {
        param($Name, $Rss, $Tuning, $Chimney, $State)
        $values = ConvertFrom-TcpGlobalText -Line (Get-Fixture -Name $Name)
        $values.Rss | Should -Be $Rss
        $values.AutoTuning | Should -Be $Tuning
        $values.Chimney | Should -Be $Chimney
        $values.ChimneyState | Should -Be $State
    }

    It 'finds auto-tuning that is disabled under a garbled label by the congestion provider after it' {
        $values = ConvertFrom-TcpGlobalText -Line @('?? : enabled', '??? : disabled', '???? : default', '?? : disabled')
        $values.Rss | Should -Be 'enabled'
        $values.AutoTuning | Should -Be 'disabled'
        $values.ChimneyState | Should -Be 'Removed'
    }
}

Describe 'Reading excluded ranges' {
    It 'takes each pair of numbers, and the star' {
        $ranges = @(ConvertFrom-ExcludedPortText -Line (Get-Fixture -Name 'excludedportrange-english'))
        $ranges.Count | Should -Be 2
        $ranges[0].Start | Should -Be 5357
        $ranges[0].Administered | Should -BeFalse
        $ranges[1].End | Should -Be 50059
        $ranges[1].Administered | Should -BeTrue
    }
}

Describe 'Applying' {
    BeforeEach {
        $backup = Join-Path $TestDrive ('backup-' + [guid]::NewGuid().ToString('N') + '.json')
    }

    Context 'fresh defaults' {
        It 'widens both ranges, in order, and nothing else; reads back; writes a backup' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand) | Should -Be @(
                'int ipv4 show dynamicport tcp'
                'int ipv6 show dynamicport tcp'
                'int tcp show global'
                'int ipv4 set dynamicport tcp start=1024 num=60000'
                'int ipv4 show dynamicport tcp'
                'int ipv6 set dynamicport tcp start=1024 num=60000'
                'int ipv6 show dynamicport tcp'
            )
            @($outcome.Results).Count | Should -Be 5
            $row = Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4'
            $row.Before | Should -Be '49152-65535'
            $row.After | Should -Be '1024-61023'
            $row.Result | Should -Be 'Changed'
            (Get-Row -Outcome $outcome -Setting 'Chimney offload').Result | Should -Be 'Removed'
            @($outcome.Messages | Where-Object { $_.Text -match 'removed since Windows 10 1709' }).Count | Should -Be 1
            @($outcome.Messages | Where-Object { $_.Text -match '^A restart is advised' }).Count | Should -Be 1
            $saved = Get-Content -LiteralPath $backup -Raw -Encoding UTF8 | ConvertFrom-Json
            $saved.settings.ipv4.start | Should -Be 49152
            $saved.settings.ipv6.count | Should -Be 16384
            $saved.settings.rss | Should -Be 'enabled'
            $saved.settings.chimney | Should -BeNullOrEmpty
        }

        It 'adds store=active with -Store Active' {
            Initialize-Netsh
            $null = Invoke-TcpOptimization -Action Apply -Store Active -BackupPath $backup
            (Get-NetshCommand -Match ' set ')[0] | Should -Be 'int ipv4 set dynamicport tcp start=1024 num=60000 store=active'
        }
    }

    Context 'already tuned' {
        It 'runs no set command, writes no backup, needs no rights' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            Mock -ModuleName LoadHost -CommandName Test-Elevated -MockWith { return $false }
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            Test-Path -LiteralPath $backup | Should -BeFalse
            Should -Invoke -ModuleName LoadHost -CommandName Test-Elevated -Times 0 -Exactly
        }
    }

    Context 'drift, and a host that knows chimney' {
        It 'sets auto-tuning and receive-side scaling' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned' -Settings 'global-english-drifted'
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ') | Should -Be @('int tcp set global autotuninglevel=normal', 'int tcp set global rss=enabled')
        }

        It 'enables chimney' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned' -Settings 'global-english-chimney'
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            @(Get-NetshCommand -Match ' set ') | Should -Be @('int tcp set global chimney=enabled')
            (Get-Row -Outcome $outcome -Setting 'Chimney offload').Result | Should -Be 'Changed'
        }
    }

    Context 'netsh fails' {
        It 'says Failed where a set command fails, and exits 1' {
            Initialize-Netsh -SetCode 1
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').Result | Should -Be 'Failed'
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').After | Should -Be '49152-65535'
        }

        It 'leaves alone what cannot be read, as it could not be put back' {
            Initialize-Netsh -ShowCode 1
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            @($outcome.Results | Where-Object { $_.Result -ne 'Unknown' }).Count | Should -Be 0
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            Test-Path -LiteralPath $backup | Should -BeFalse
        }

        It 'says Failed where netsh reports success and the value stays' {
            Initialize-Netsh -Learns $false
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv6').Result | Should -Be 'Failed'
        }
    }

    Context 'other languages and garbled output' {
        It 'works from <Ports> and <Settings>' -TestCases @(
            @{ Ports = 'dynamicport-chinese'; Settings = 'global-chinese-modern' }
            @{ Ports = 'dynamicport-german'; Settings = 'global-german-modern' }
            @{ Ports = 'dynamicport-garbled'; Settings = 'global-garbled-modern' }
        ) {
            param($Ports, $Settings)
            Initialize-Netsh -Ports $Ports -Settings $Settings
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ').Count | Should -Be 2
        }

        It 'sets what it can read, and backs up null for the rest, which a restore leaves alone' {
            Initialize-Netsh -Settings 'global-unreadable'
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            (Get-NetshCommand -Match ' set ').Count | Should -Be 2
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').Result | Should -Be 'Changed'
            (Get-Row -Outcome $outcome -Setting 'Receive-side scaling').Result | Should -Be 'Unknown'
            (Get-Row -Outcome $outcome -Setting 'Chimney offload').Result | Should -Be 'Unknown'
            $saved = Get-Content -LiteralPath $backup -Raw -Encoding UTF8 | ConvertFrom-Json
            $saved.settings.rss | Should -BeNullOrEmpty

            Initialize-Netsh -Settings 'global-english-drifted'
            $restored = Invoke-TcpOptimization -Action Restore -BackupPath $backup
            $restored.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            (Get-Row -Outcome $restored -Setting 'Receive-side scaling').Result | Should -Be 'NotInBackup'
        }

        It 'restores also what it cannot read, and says Unverified' {
            Initialize-Netsh
            $null = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            Initialize-Netsh -Ports 'dynamicport-unreadable' -Learns $false
            $restored = Invoke-TcpOptimization -Action Restore -BackupPath $backup
            $restored.ExitCode | Should -Be 1
            (Get-NetshCommand -Match ' set ').Count | Should -Be 2
            (Get-Row -Outcome $restored -Setting 'Dynamic ports ipv4').Result | Should -Be 'Unverified'
        }
    }

    Context 'rights, netsh, parameters, backup' {
        It 'exits 2 before any change without rights, with the line to run instead' {
            Initialize-Netsh
            Mock -ModuleName LoadHost -CommandName Test-Elevated -MockWith { return $false }
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup -ElevatedCommand 'run this'
            $outcome.ExitCode | Should -Be 2
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            Test-Path -LiteralPath $backup | Should -BeFalse
            @($outcome.Messages | Where-Object { $_.Text -eq 'run this' }).Count | Should -Be 1
        }

        It 'exits 3 without netsh' {
            Initialize-Netsh
            Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { return $false }
            (Invoke-TcpOptimization -Action Apply -BackupPath $backup).ExitCode | Should -Be 3
            (Get-NetshCommand).Count | Should -Be 0
        }

        It 'refuses a range that ends above 65535 before any command' {
            Initialize-Netsh
            { Invoke-TcpOptimization -Action Apply -StartPort 10000 -PortCount 60000 -BackupPath $backup } | Should -Throw '*ends at port 69999*'
            (Get-NetshCommand).Count | Should -Be 0
        }

        It 'does not overwrite a backup, and changes nothing' {
            Initialize-Netsh
            Set-Content -LiteralPath $backup -Value 'precious'
            { Invoke-TcpOptimization -Action Apply -BackupPath $backup } | Should -Throw '*never overwritten*'
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            (Get-Content -LiteralPath $backup) | Should -Be 'precious'
        }
    }

    Context 'services that listen' {
        BeforeEach {
            Mock -ModuleName LoadHost -CommandName Get-ListeningPort -MockWith {
                [pscustomobject]@{ Family = 'ipv4'; Port = 3389; Process = 'svchost' }
                [pscustomobject]@{ Family = 'ipv4'; Port = 5357; Process = 'System' }
                [pscustomobject]@{ Family = 'ipv4'; Port = 49664; Process = 'lsass' }
                [pscustomobject]@{ Family = 'ipv4'; Port = 445; Process = 'System' }
            }
        }

        It 'names them in a warning' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $warning = @($outcome.Messages | Where-Object { $_.Kind -eq 'Warning' })
            $warning.Count | Should -Be 1
            $warning[0].Text | Should -Match 'ipv4 3389 svchost, ipv4 5357 System\.'
        }

        It 'excludes what is not excluded yet, and a restore frees it' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -ReserveListeners -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            @(Get-NetshCommand -Match ' add ') | Should -Be @('int ipv4 add excludedportrange protocol=tcp startport=3389 numberofports=1')
            (Get-Row -Outcome $outcome -Setting 'Reserve ipv4 5357').Result | Should -Be 'AsWanted'

            $restored = Invoke-TcpOptimization -Action Restore -BackupPath $backup
            $restored.ExitCode | Should -Be 0
            @(Get-NetshCommand -Match ' delete ') | Should -Be @('int ipv4 delete excludedportrange protocol=tcp startport=3389 numberofports=1')
        }
    }
}

Describe 'Showing, previewing, restoring' {
    BeforeEach {
        $backup = Join-Path $TestDrive ('backup-' + [guid]::NewGuid().ToString('N') + '.json')
    }

    It '-Show changes nothing, needs no rights and exits 1 where something differs' {
        Initialize-Netsh
        Mock -ModuleName LoadHost -CommandName Test-Elevated -MockWith { return $false }
        $outcome = Invoke-TcpOptimization -Action Show -BackupPath $backup
        $outcome.ExitCode | Should -Be 1
        (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').Result | Should -Be 'Differs'
        (Get-NetshCommand -Match ' set ').Count | Should -Be 0
        Test-Path -LiteralPath $backup | Should -BeFalse
    }

    It 'restores exactly what the backup holds, and only what differs' {
        Initialize-Netsh -Settings 'global-english-chimney'
        $null = Invoke-TcpOptimization -Action Apply -BackupPath $backup
        $netsh.Commands.Clear()
        $outcome = Invoke-TcpOptimization -Action Restore -BackupPath $backup
        $outcome.ExitCode | Should -Be 0
        (Get-NetshCommand -Match ' set ') | Should -Be @(
            'int ipv4 set dynamicport tcp start=49152 num=16384'
            'int ipv6 set dynamicport tcp start=49152 num=16384'
            'int tcp set global chimney=disabled'
        )
        $netsh.Commands.Clear()
        (Invoke-TcpOptimization -Action Restore -BackupPath $backup).ExitCode | Should -Be 0
        (Get-NetshCommand -Match ' set ').Count | Should -Be 0
    }

    It 'restores to the store of the backup' {
        Initialize-Netsh
        $null = Invoke-TcpOptimization -Action Apply -Store Active -BackupPath $backup
        $null = Invoke-TcpOptimization -Action Restore -BackupPath $backup
        @(Get-NetshCommand -Match ' set ')[2] | Should -Be 'int ipv4 set dynamicport tcp start=49152 num=16384 store=active'
    }

    It 'refuses <Why>' -TestCases @(
        @{ Why = 'a file that is no JSON'; Text = 'hello' }
        @{ Why = 'other JSON'; Text = '{"settings":{}}' }
        @{ Why = 'a value that netsh must not get'; Text = '{"format":"load-host-tcp-backup","settings":{"rss":"enabled & calc"}}' }
        @{ Why = 'a range that is none'; Text = '{"format":"load-host-tcp-backup","settings":{"ipv4":{"start":60000,"count":60000}}}' }
    ) {
        param($Why, $Text)
        Initialize-Netsh
        Set-Content -LiteralPath $backup -Value $Text -Encoding UTF8
        { Invoke-TcpOptimization -Action Restore -BackupPath $backup } | Should -Throw '*is not a backup*' -Because $Why
        (Get-NetshCommand).Count | Should -Be 0
    }

    It 'says so where there is no backup' {
        Initialize-Netsh
        { Invoke-TcpOptimization -Action Restore -BackupPath $backup } | Should -Throw '*There is no backup*'
    }

    It 'restores the newest backup of a directory' {
        $directory = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType Directory -Path $directory
        Initialize-Netsh
        $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $directory
        Split-Path -Path $outcome.BackupPath -Leaf | Should -Match '^windows-tcp-\d{8}-\d{6}-\d{3}\.json$'
        (Invoke-TcpOptimization -Action Restore -BackupPath $directory).ExitCode | Should -Be 0
        $netsh.ipv4 -join ' ' | Should -Match ': 49152 '
    }
}

Describe 'The script' {
    BeforeEach {
        $backup = Join-Path $TestDrive ('backup-' + [guid]::NewGuid().ToString('N') + '.json')
    }

    It 'gives one object per setting and the exit code' {
        Initialize-Netsh
        $rows = @(& $script:ScriptFile -BackupPath $backup 6> $null 3> $null)
        $LASTEXITCODE | Should -Be 0
        $rows.Count | Should -Be 5
        @($rows[0].PSObject.Properties | ForEach-Object { $_.Name }) | Should -Be @('Setting', 'Before', 'Wanted', 'After', 'Result')
    }

    It 'changes nothing and writes no backup under -WhatIf, without rights' {
        Initialize-Netsh
        Mock -ModuleName LoadHost -CommandName Test-Elevated -MockWith { return $false }
        $rows = @(& $script:ScriptFile -BackupPath $backup -WhatIf 6> $null 3> $null)
        $LASTEXITCODE | Should -Be 1
        $rows[0].Result | Should -Be 'WhatIf'
        $rows[0].After | Should -Be '49152-65535'
        (Get-NetshCommand -Match ' set ').Count | Should -Be 0
        Test-Path -LiteralPath $backup | Should -BeFalse
    }

    It 'refuses <Why> with an error of PowerShell, before any command' -TestCases @(
        @{ Why = 'a start below 1024'; Given = @{ StartPort = 80 } }
        @{ Why = 'too few ports'; Given = @{ PortCount = 254 } }
        @{ Why = 'too many ports'; Given = @{ PortCount = 64512 } }
        @{ Why = 'an unknown store'; Given = @{ Store = 'Both' } }
        @{ Why = 'a range for a restore'; Given = @{ Restore = $true; StartPort = 2000 } }
        @{ Why = 'showing and restoring at once'; Given = @{ Restore = $true; Show = $true } }
        @{ Why = 'a range that ends above 65535'; Given = @{ StartPort = 10000 } }
    ) {
        param($Why, $Given)
        Initialize-Netsh
        { & $script:ScriptFile @Given } | Should -Throw -Because $Why
        (Get-NetshCommand).Count | Should -Be 0
    }

    It 'names a line for an elevated run that repeats the parameters' {
        $given = @{ StartPort = 2000; BackupPath = 'C:\my backups\'; ReserveListeners = [switch] $true; Show = [switch] $false }
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Linux' }
        $line = Get-ElevatedCommand -ScriptPath 'C:\it''s mine\x.ps1' -BoundParameters $given
        $line | Should -BeExactly 'sudo pwsh -NoProfile -File "C:\it''s mine\x.ps1" -BackupPath "C:\my backups\\" -ReserveListeners -StartPort 2000'
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        $line = Get-ElevatedCommand -ScriptPath 'C:\it''s mine\x.ps1' -BoundParameters $given
        $line | Should -BeLike 'Start-Process p* -Verb RunAs -ArgumentList ''-NoProfile -ExecutionPolicy Bypass -NoExit -File "C:\it''''s mine\x.ps1" -*'
    }
}
