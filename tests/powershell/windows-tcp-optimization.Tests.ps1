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
            [bool] $Learns = $true,
            [bool] $KnowsStores = $true
        )
        $netsh.Clear()
        $netsh['ipv4'] = @(Get-Fixture -Name $Ports)
        $netsh['ipv6'] = @(Get-Fixture -Name $Ports)
        foreach ($family in 'ipv4', 'ipv6') {
            $netsh["$family persistent"] = @($netsh[$family])
            $netsh["excluded $family"] = @(Get-Fixture -Name 'excludedportrange-english')
            $netsh["excluded $family persistent"] = @($netsh["excluded $family"])
        }
        $netsh['global'] = @(Get-Fixture -Name $Settings)
        $netsh['SetCode'] = $SetCode
        $netsh['ShowCode'] = $ShowCode
        $netsh['Learns'] = $Learns
        $netsh['KnowsStores'] = $KnowsStores
        $netsh['InUse'] = @()
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
    # Not the backups of this machine.
    $ownBackups = Join-Path $TestDrive 'own-backups'
    Mock -ModuleName LoadHost -CommandName Get-TcpBackupDirectory -MockWith { return $ownBackups }
    Mock -ModuleName LoadHost -CommandName Invoke-Netsh -MockWith {
        $line = $ArgumentList -join ' '
        $null = $netsh.Commands.Add($line)
        $lines = @()
        $code = 0
        if ($line -match '^int (ipv[46]) show (dynamicport|excludedportrange) (?:protocol=)?tcp(?: store=(persistent))?$') {
            $key = $Matches[1]
            if ($Matches[2] -eq 'excludedportrange') { $key = "excluded $key" }
            $code = $netsh.ShowCode
            if ($Matches.ContainsKey(3)) {
                $key = "$key persistent"
                if (-not $netsh.KnowsStores) { $code = 1 }
            }
            $lines = @($netsh[$key])
        }
        elseif ($line -eq 'int tcp show global') {
            $lines = @($netsh['global'])
            $code = $netsh.ShowCode
        }
        else {
            $code = $netsh.SetCode
            if ($line -match ' add .* startport=(\d+) ' -and $netsh.InUse -contains $Matches[1]) { $code = 1 }
            if ($code -eq 0 -and $netsh.Learns) {
                $stores = @('', ' persistent')
                if ($line -match ' store=active$') { $stores = @('') }
                if ($line -match '^int (ipv[46]) set dynamicport tcp start=(\d+) num=(\d+)') {
                    $shown = @('', 'Protocol tcp Dynamic Port Range', '----', "Start Port      : $($Matches[2])", "Number of Ports : $($Matches[3])", '')
                    foreach ($store in $stores) { $netsh["$($Matches[1])$store"] = $shown }
                }
                elseif ($line -match '^int tcp set global (\w+)=(\w+)$') {
                    $labels = @{ autotuninglevel = 'Receive Window Auto-Tuning Level'; rss = 'Receive-Side Scaling State'; chimney = 'Chimney Offload State' }
                    $label = $labels[$Matches[1]]
                    $value = $Matches[2]
                    $netsh['global'] = @($netsh['global'] | ForEach-Object {
                            if ($_.StartsWith($label)) { $_.Substring(0, $_.IndexOf(':')) + ': ' + $value } else { $_ }
                        })
                }
                elseif ($line -match '^int (ipv[46]) (add|delete) excludedportrange protocol=tcp startport=(\d+) ') {
                    # The next match sets another.
                    $family, $verb, $port = $Matches[1], $Matches[2], $Matches[3]
                    foreach ($store in $stores) {
                        $key = "excluded $family$store"
                        if ($verb -eq 'add') { $netsh[$key] = @($netsh[$key]) + "      $port        $port     *" }
                        else { $netsh[$key] = @($netsh[$key] | Where-Object { $_ -notmatch "^\s*$port\s" }) }
                    }
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
                'int ipv4 show dynamicport tcp store=persistent'
                'int ipv6 show dynamicport tcp'
                'int ipv6 show dynamicport tcp store=persistent'
                'int tcp show global'
                'int ipv4 set dynamicport tcp start=1024 num=60000'
                'int ipv4 show dynamicport tcp'
                'int ipv4 show dynamicport tcp store=persistent'
                'int ipv6 set dynamicport tcp start=1024 num=60000'
                'int ipv6 show dynamicport tcp'
                'int ipv6 show dynamicport tcp store=persistent'
            )
            @($outcome.Results).Count | Should -Be 5
            $row = Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4'
            $row.Before | Should -Be '49152-65535'
            $row.After | Should -Be '1024-61023'
            $row.Lasts | Should -Be 'yes'
            $row.Result | Should -Be 'Changed'
            (Get-Row -Outcome $outcome -Setting 'Chimney offload').Result | Should -Be 'Removed'
            @($outcome.Messages | Where-Object { $_.Text -match 'removed since Windows 10 1709' }).Count | Should -Be 1
            @($outcome.Messages | Where-Object { $_.Text -match '^A restart is advised' }).Count | Should -Be 1
            $saved = Get-Content -LiteralPath $backup -Raw -Encoding UTF8 | ConvertFrom-Json
            $saved.settings.ipv4.start | Should -Be 49152
            $saved.settings.ipv6.count | Should -Be 16384
            $saved.persistent.ipv6.start | Should -Be 49152
            $saved.settings.rss | Should -Be 'enabled'
            $saved.settings.chimney | Should -BeNullOrEmpty
        }
    }

    Context 'two stores' {
        It 'writes the value in force alone with -Store Active, and says what comes after the restart' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -Store Active -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ')[0] | Should -Be 'int ipv4 set dynamicport tcp start=1024 num=60000 store=active'
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').Lasts | Should -Be 'no: 49152-65535'
        }

        It 'does not take for wanted what will be gone, and restores both stores' {
            Initialize-Netsh
            $null = Invoke-TcpOptimization -Action Apply -Store Active -BackupPath $backup
            $netsh.Commands.Clear()
            $second = "$backup.second"
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $second
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ') | Should -Be @(
                'int ipv4 set dynamicport tcp start=1024 num=60000'
                'int ipv6 set dynamicport tcp start=1024 num=60000'
            )
            $row = Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv6'
            $row.Result | Should -Be 'Changed'
            $row.Lasts | Should -Be 'yes'
            $netsh.Commands.Clear()
            (Invoke-TcpOptimization -Action Restore -BackupPath $second).ExitCode | Should -Be 0
            (Get-NetshCommand -Match 'ipv4 set ') | Should -Be @(
                'int ipv4 set dynamicport tcp start=49152 num=16384'
                'int ipv4 set dynamicport tcp start=1024 num=60000 store=active'
            )
        }

        It 'says Failed where the persistent store does not follow' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned' -Learns $false
            $netsh['ipv6 persistent'] = @(Get-Fixture -Name 'dynamicport-english-default')
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            @($outcome.Messages | Where-Object { $_.Text -match 'after the next restart the value is 49152-65535 again' }).Count | Should -Be 1
        }

        It 'says where a netsh does not show the persistent store, and goes by the value in force' {
            Initialize-Netsh -KnowsStores $false
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4').Lasts | Should -Be 'unknown'
            @($outcome.Messages | Where-Object { $_.Text -match 'does not show its persistent store' }).Count | Should -Be 1
            (Invoke-TcpOptimization -Action Restore -BackupPath $backup).ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' set ')[2] | Should -Be 'int ipv4 set dynamicport tcp start=49152 num=16384'
        }
    }

    Context 'a range that somebody chose' {
        It 'is kept, named beside the one asked for, and changed with -Force' {
            Initialize-Netsh -Ports 'dynamicport-chinese'
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            (Get-NetshCommand -Match ' set ').Count | Should -Be 0
            $row = Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv4'
            $row.Result | Should -Be 'Kept'
            $row.After | Should -Be '12000-51999'
            $row.Wanted | Should -Be '1024-61023'
            @($outcome.Messages | Where-Object { $_.Kind -eq 'Warning' -and $_.Text -match '-StartPort 1024 -PortCount 60000 -Force' }).Count | Should -Be 2

            $forced = Invoke-TcpOptimization -Action Apply -StartPort 1024 -Force -BackupPath $backup
            $forced.ExitCode | Should -Be 0
            (Get-Row -Outcome $forced -Setting 'Dynamic ports ipv4').After | Should -Be '1024-61023'
        }
    }

    Context 'a host without IPv6' {
        It 'reaches exit code 0' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            $netsh['ipv6'] = @('The request is not supported.')
            $netsh['ipv6 persistent'] = @()
            Mock -ModuleName LoadHost -CommandName Test-HostIpv6 -MockWith { return $false }
            $outcome = Invoke-TcpOptimization -Action Apply -ReservePort '1433' -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv6').Result | Should -Be 'Absent'
            @($outcome.Results | Where-Object { $_.Setting -like 'Reserve*' } | ForEach-Object { $_.Setting }) | Should -Be 'Reserve ipv4 1433'
        }

        It 'is not one whose range is not understood' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            $netsh['ipv6'] = @('???')
            Mock -ModuleName LoadHost -CommandName Test-HostIpv6 -MockWith { return $true }
            (Invoke-TcpOptimization -Action Apply -BackupPath $backup).ExitCode | Should -Be 1
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
            $outcome = Invoke-TcpOptimization -Action Apply -StartPort 1024 -Force -BackupPath $backup
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

        It 'names those that are not excluded yet, with what to run' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -BackupPath $backup
            $warning = @($outcome.Messages | Where-Object { $_.Kind -eq 'Warning' })
            $warning.Count | Should -Be 1
            $warning[0].Text | Should -Match ': ipv4 3389 svchost\. .*-ReservePort 3389".* 62,146 ports above them: -StartPort 3390 -PortCount 62146 -Force'
            (Get-NetshCommand -Match ' add ').Count | Should -Be 0
        }

        It 'in a later run knows them from the backup, and takes no listener of the wide range for a service' {
            $directory = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            $null = New-Item -ItemType Directory -Path $directory
            Initialize-Netsh
            $null = Invoke-TcpOptimization -Action Apply -BackupPath $directory
            Mock -ModuleName LoadHost -CommandName Get-ListeningPort -MockWith {
                [pscustomobject]@{ Family = 'ipv4'; Port = 1536; Process = 'lsass' }
                [pscustomobject]@{ Family = 'ipv4'; Port = 3389; Process = 'svchost' }
            }
            $again = Invoke-TcpOptimization -Action Apply -BackupPath $directory
            $again.ExitCode | Should -Be 0
            $warning = @($again.Messages | Where-Object { $_.Kind -eq 'Warning' })
            $warning.Count | Should -Be 1
            $warning[0].Text | Should -Match ': ipv4 3389 svchost\. '
            $unknown = Invoke-TcpOptimization -Action Apply
            @($unknown.Messages | Where-Object { $_.Kind -eq 'Warning' }).Count | Should -Be 0
        }

        It 'reserves the ports that are named, for both families, and a restore frees them' {
            Initialize-Netsh
            $outcome = Invoke-TcpOptimization -Action Apply -ReservePort '3389,5357' -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            @(Get-NetshCommand -Match ' add ') | Should -Be @(
                'int ipv4 add excludedportrange protocol=tcp startport=3389 numberofports=1'
                'int ipv6 add excludedportrange protocol=tcp startport=3389 numberofports=1'
            )
            (Get-Row -Outcome $outcome -Setting 'Reserve ipv6 3389').Lasts | Should -Be 'yes'
            (Get-Row -Outcome $outcome -Setting 'Reserve ipv4 5357').Result | Should -Be 'AsWanted'

            $restored = Invoke-TcpOptimization -Action Restore -BackupPath $backup
            $restored.ExitCode | Should -Be 0
            @(Get-NetshCommand -Match ' delete ') | Should -Be @(
                'int ipv4 delete excludedportrange protocol=tcp startport=3389 numberofports=1'
                'int ipv6 delete excludedportrange protocol=tcp startport=3389 numberofports=1'
            )
        }

        It 'says which program holds a port that cannot be reserved' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            $netsh['InUse'] = @('3389')
            $outcome = Invoke-TcpOptimization -Action Apply -ReservePort '3389' -BackupPath $backup
            $outcome.ExitCode | Should -Be 1
            (Get-Row -Outcome $outcome -Setting 'Reserve ipv4 3389').Result | Should -Be 'Failed'
            @($outcome.Messages | Where-Object { $_.Text -match 'stop svchost, run this again with -ReservePort 3389' }).Count | Should -Be 1
        }

        It 'says Failed where the exclusion is not there afterwards' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned' -Learns $false
            (Invoke-TcpOptimization -Action Apply -ReservePort '1433' -BackupPath $backup).ExitCode | Should -Be 1
        }

        It 'needs no command where the exclusion of one family holds for the other' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            $shared = New-Object -TypeName System.Collections.ArrayList
            Mock -ModuleName LoadHost -CommandName Get-ExcludedPortRange -MockWith { [pscustomobject]@{ Known = $true; Ranges = @($shared) } }
            Mock -ModuleName LoadHost -CommandName Invoke-Netsh -ParameterFilter { $ArgumentList -contains 'add' } -MockWith {
                $null = $netsh.Commands.Add($ArgumentList -join ' ')
                $null = $shared.Add([pscustomobject]@{ Start = 1433; End = 1433; Administered = $true })
                [pscustomobject]@{ ExitCode = 0; Lines = @() }
            }
            $outcome = Invoke-TcpOptimization -Action Apply -ReservePort '1433' -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-NetshCommand -Match ' add ').Count | Should -Be 1
        }

        It 'reserves nothing outside the dynamic ports' {
            Initialize-Netsh -Ports 'dynamicport-english-tuned'
            $outcome = Invoke-TcpOptimization -Action Apply -ReservePort '443' -BackupPath $backup
            $outcome.ExitCode | Should -Be 0
            (Get-Row -Outcome $outcome -Setting 'Reserve ipv4 443').Result | Should -Be 'NotNeeded'
            (Get-NetshCommand -Match ' add ').Count | Should -Be 0
        }
    }
}

Describe 'ConvertFrom-PortList' {
    It 'takes numbers, and what -File makes of a list' {
        ConvertFrom-PortList -Text '3389', '1433' | Should -Be @(1433, 3389)
        ConvertFrom-PortList -Text '1433,3389 , 1433' | Should -Be @(1433, 3389)
        @(ConvertFrom-PortList).Count | Should -Be 0
    }

    It 'refuses <_>' -ForEach @('0', '65536', 'ssh', '1433-1440', '1.5') {
        { ConvertFrom-PortList -Text $_ } | Should -Throw "-ReservePort ${_}: expected TCP ports from 1 to 65535, such as *"
    }
}

Describe 'Get-PortRangePlan' {
    It '<Current>, asked for <PortCount> from <StartPort>, force <Force>: <Wanted>, kept <Kept>' -ForEach @(
        @{ Current = '49152-65535'; StartPort = 0; PortCount = 60000; Force = $false; Wanted = '1024-61023'; Kept = $false }
        @{ Current = '49152-65535'; StartPort = 10000; PortCount = 50000; Force = $false; Wanted = '10000-59999'; Kept = $false }
        @{ Current = '49152-65535'; StartPort = 0; PortCount = 10000; Force = $false; Wanted = '49152-65535'; Kept = $false }
        @{ Current = '1024-65534'; StartPort = 0; PortCount = 60000; Force = $true; Wanted = '1024-65534'; Kept = $false }
        @{ Current = '1024-65534'; StartPort = 1024; PortCount = 60000; Force = $true; Wanted = '1024-65534'; Kept = $false }
        @{ Current = '10000-65535'; StartPort = 0; PortCount = 60000; Force = $false; Wanted = '1024-61023'; Kept = $true }
        @{ Current = '10000-65535'; StartPort = 0; PortCount = 60000; Force = $true; Wanted = '1024-61023'; Kept = $true }
        @{ Current = '10000-65535'; StartPort = 0; PortCount = 55536; Force = $false; Wanted = '10000-65535'; Kept = $false }
        @{ Current = '10000-65535'; StartPort = 1024; PortCount = 60000; Force = $false; Wanted = '1024-61023'; Kept = $true }
        @{ Current = '10000-65535'; StartPort = 1024; PortCount = 60000; Force = $true; Wanted = '1024-65534'; Kept = $false }
        @{ Current = '10000-30000'; StartPort = 0; PortCount = 40000; Force = $true; Wanted = '10000-49999'; Kept = $false }
        @{ Current = ''; StartPort = 0; PortCount = 60000; Force = $false; Wanted = '1024-61023'; Kept = $false }
    ) {
        $plan = Get-PortRangePlan -Label 'Dynamic ports ipv4' -Current $Current -StartPort $StartPort -PortCount $PortCount -Force:$Force
        $plan.Wanted | Should -Be $Wanted
        $plan.Kept | Should -Be $Kept
        ($plan.Text -ne '') | Should -Be $Kept
    }

    It 'names what to add: <Line>' -ForEach @(
        @{ Current = '10000-65535'; PortCount = 60000; Line = 'If the range is enough: -PortCount 55536. To move it: -StartPort 1024 -PortCount 60000 -Force.' }
        @{ Current = '2000-30000'; PortCount = 60000; Line = 'To widen it from its own start: -Force. To move it: -StartPort 1024 -PortCount 60000 -Force.' }
    ) {
        (Get-PortRangePlan -Label 'x' -Current $Current -PortCount $PortCount).Text | Should -BeLike "*$Line"
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
        @{ Why = 'a newer version'; Text = '{"format":"load-host-tcp-backup","version":3,"settings":{}}' }
        @{ Why = 'a port that is none'; Text = '{"format":"load-host-tcp-backup","reserved":[{"family":"ipv4","port":"1 & calc"}]}' }
        @{ Why = 'a range that is none'; Text = '{"format":"load-host-tcp-backup","settings":{"ipv4":{"start":60000,"count":60000}}}' }
    ) {
        param($Why, $Text)
        Initialize-Netsh
        Set-Content -LiteralPath $backup -Value $Text -Encoding UTF8
        { Invoke-TcpOptimization -Action Restore -BackupPath $backup } | Should -Throw '*is not a backup*' -Because $Why
        (Get-NetshCommand).Count | Should -Be 0
    }

    It 'refuses a backup of another host without -Force' {
        Initialize-Netsh
        $null = Invoke-TcpOptimization -Action Apply -BackupPath $backup
        $text = (Get-Content -LiteralPath $backup -Raw -Encoding UTF8) -replace '("host":\s*)"[^"]*"', '$1"elsewhere"'
        Set-Content -LiteralPath $backup -Value $text -Encoding UTF8
        $netsh.Commands.Clear()
        { Invoke-TcpOptimization -Action Restore -BackupPath $backup } | Should -Throw '*is the backup of elsewhere, and this is *-Force*'
        (Get-NetshCommand -Match ' set ').Count | Should -Be 0
        (Invoke-TcpOptimization -Action Restore -BackupPath $backup -Force).ExitCode | Should -Be 0
        (Get-NetshCommand -Match ' set ').Count | Should -Be 2
    }

    It 'restores a backup of version 1, which had one store' {
        $here = [System.Environment]::MachineName
        $old = '{"format":"load-host-tcp-backup","version":1,"host":"' + $here + '","store":"Persistent","settings":{"ipv4":{"start":49152,"count":16384},"rss":"enabled"},'
        $old += '"reserved":[{"family":"ipv4","port":3389}]}'
        Set-Content -LiteralPath $backup -Value $old -Encoding UTF8
        Initialize-Netsh -Ports 'dynamicport-english-tuned'
        foreach ($store in '', ' persistent') { $netsh["excluded ipv4$store"] = @($netsh["excluded ipv4$store"]) + '      3389        3389     *' }
        $outcome = Invoke-TcpOptimization -Action Restore -BackupPath $backup
        $outcome.ExitCode | Should -Be 0
        (Get-NetshCommand -Match ' (set|delete) ') | Should -Be @(
            'int ipv4 set dynamicport tcp start=49152 num=16384'
            'int ipv4 delete excludedportrange protocol=tcp startport=3389 numberofports=1'
        )
        (Get-Row -Outcome $outcome -Setting 'Dynamic ports ipv6').Result | Should -Be 'NotInBackup'
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
        $null = Invoke-TcpOptimization -Action Apply -ReservePort '1433' -BackupPath $directory
        $newest = Invoke-TcpOptimization -Action Restore -BackupPath $directory
        $newest.ExitCode | Should -Be 0
        (Get-NetshCommand -Match ' delete ').Count | Should -Be 2
        $oldest = Split-Path -Path $outcome.BackupPath -Leaf
        @($newest.Messages | Where-Object { $_.Text -like "Older backups beside it: 1.*: $oldest" }).Count | Should -Be 1
        $last = Invoke-TcpOptimization -Action Restore -BackupPath $outcome.BackupPath
        $last.ExitCode | Should -Be 0
        @($last.Messages | Where-Object { $_.Text -like 'Older backups*' }).Count | Should -Be 0
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
        @($rows[0].PSObject.Properties | ForEach-Object { $_.Name }) | Should -Be @('Setting', 'Before', 'Wanted', 'After', 'Lasts', 'Result')
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

    It 'refuses <Why> with an error of PowerShell, before any command' -ForEach @(
        @{ Why = 'a start below 1024'; Given = @{ StartPort = 80 } }
        @{ Why = 'too few ports'; Given = @{ PortCount = 254 } }
        @{ Why = 'too many ports'; Given = @{ PortCount = 64512 } }
        @{ Why = 'a port to reserve that is none'; Given = @{ ReservePort = 'ssh' } }
        @{ Why = 'an unknown store'; Given = @{ Store = 'Both' } }
        @{ Why = 'a range for a restore'; Given = @{ Restore = $true; StartPort = 2000 } }
        @{ Why = 'showing and restoring at once'; Given = @{ Restore = $true; Show = $true } }
        @{ Why = 'a range that ends above 65535'; Given = @{ StartPort = 10000 } }
    ) {
        Initialize-Netsh
        { & $script:ScriptFile @Given } | Should -Throw -Because $Why
        (Get-NetshCommand).Count | Should -Be 0
    }

    It 'names a line for an elevated run that repeats the parameters' {
        $given = @{ StartPort = 2000; BackupPath = 'C:\my backups\'; ReservePort = @('1433', '3389'); Force = [switch] $true; Show = [switch] $false }
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Linux' }
        $line = Get-ElevatedCommand -ScriptPath 'C:\it''s mine\x.ps1' -BoundParameters $given
        $line | Should -BeExactly 'sudo pwsh -NoProfile -File "C:\it''s mine\x.ps1" -BackupPath "C:\my backups\\" -Force -ReservePort 1433,3389 -StartPort 2000'
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        $line = Get-ElevatedCommand -ScriptPath 'C:\it''s mine\x.ps1' -BoundParameters $given
        $line | Should -BeLike 'Start-Process p* -Verb RunAs -ArgumentList ''-NoProfile -ExecutionPolicy Bypass -NoExit -File "C:\it''''s mine\x.ps1" -*'
    }
}
