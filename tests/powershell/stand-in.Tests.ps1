# Pester 5. The script as a user starts it, in a PowerShell of its own, with the netsh and the id of stand-in/ on PATH:
# on a system that is not Windows. What netsh was told is in its log.

BeforeDiscovery {
    $script:IsWindowsHost = [System.Environment]::OSVersion.Platform -eq 'Win32NT'
}

Describe 'windows-tcp-optimization.ps1 with a netsh on PATH' -Skip:$script:IsWindowsHost {
    BeforeAll {
        $script:ScriptFile = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'scripts', 'windows-tcp-optimization.ps1'))
        $script:SavedPath = $env:PATH
        $script:Engine = Join-Path -Path $PSHOME -ChildPath 'pwsh'
        if (-not (Test-Path -LiteralPath $script:Engine)) { $script:Engine = (Get-Command -Name pwsh -CommandType Application)[0].Path }
        # A copy, as the mark of a program is lost where the files came without it.
        $programs = Join-Path -Path $TestDrive -ChildPath 'programs'
        Copy-Item -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath 'stand-in') -Destination $programs -Recurse
        chmod +x "$programs/netsh" "$programs/id"
        $env:PATH = $programs + ':' + $env:PATH

        function Initialize-Host {
            param([hashtable] $Setting = @{})
            $env:NETSH_STATE = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid().ToString('N'))
            $null = New-Item -ItemType Directory -Path $env:NETSH_STATE
            $all = @{ ipv4 = '49152 16384'; ipv6 = '49152 16384'; autotuninglevel = 'normal'; rss = 'enabled'; language = 'english'; uid = '0' }
            foreach ($name in $Setting.Keys) { $all[$name] = $Setting[$name] }
            foreach ($family in 'ipv4', 'ipv6') { if (-not $all.ContainsKey("$family.persistent")) { $all["$family.persistent"] = $all[$family] } }
            foreach ($name in $all.Keys) { Set-Content -LiteralPath (Join-Path -Path $env:NETSH_STATE -ChildPath $name) -Value $all[$name] }
            $script:Backup = Join-Path -Path $env:NETSH_STATE -ChildPath 'backup.json'
        }

        function Get-HostValue {
            param([string] $Name)
            return [System.IO.File]::ReadAllText((Join-Path -Path $env:NETSH_STATE -ChildPath $Name)).Trim()
        }

        # What a restart of Windows does.
        function Copy-PersistentStore {
            foreach ($name in 'ipv4', 'ipv6', 'excluded.ipv4', 'excluded.ipv6') {
                $file = Join-Path -Path $env:NETSH_STATE -ChildPath $name
                if (Test-Path -LiteralPath "$file.persistent") { Copy-Item -LiteralPath "$file.persistent" -Destination $file }
            }
        }

        # The text that it printed, its exit code, and the commands that change something.
        function Invoke-Script {
            param([string[]] $Word = @())
            $log = Join-Path -Path $env:NETSH_STATE -ChildPath 'log'
            [System.IO.File]::WriteAllText($log, '')
            # Where it is Stop, PowerShell before 7.2 takes a line on standard error for an exception.
            $ErrorActionPreference = 'Continue'
            $text = @(& $script:Engine -NoProfile -NonInteractive -File $script:ScriptFile @Word 2>&1) -join "`n"
            return [pscustomobject] @{
                Text  = $text
                Code  = $LASTEXITCODE
                Given = @([System.IO.File]::ReadAllLines($log) | Where-Object { $_ -notmatch ' show ' })
            }
        }

        $script:Widen = @(
            'int ipv4 set dynamicport tcp start=1024 num=60000'
            'int ipv6 set dynamicport tcp start=1024 num=60000'
        )
        $script:Narrow = @(
            'int ipv4 set dynamicport tcp start=49152 num=16384'
            'int ipv6 set dynamicport tcp start=49152 num=16384'
        )
    }

    AfterAll {
        $env:PATH = $script:SavedPath
        $env:NETSH_STATE = $null
    }

    It 'shows and previews, widens, does nothing more, and restores: fresh defaults' {
        Initialize-Host
        $shown = Invoke-Script -Word '-Show'
        $shown.Code | Should -Be 1
        $shown.Given.Count | Should -Be 0
        $preview = Invoke-Script -Word '-WhatIf', '-BackupPath', $script:Backup
        $preview.Code | Should -Be 1
        $preview.Given.Count | Should -Be 0
        foreach ($command in $script:Widen) { $preview.Text | Should -BeLike "*`"netsh $command`"*" }
        Test-Path -LiteralPath $script:Backup | Should -BeFalse

        $first = Invoke-Script -Word '-BackupPath', $script:Backup
        $first.Code | Should -Be 0
        $first.Given | Should -Be $script:Widen
        $first.Text | Should -BeLike '*Dynamic ports ipv4*49152-65535*1024-61023*1024-61023*yes*Changed*removed since Windows 10 1709*A restart is advised*'
        Test-Path -LiteralPath $script:Backup | Should -BeTrue
        $second = Invoke-Script
        $second.Code | Should -Be 0
        $second.Given.Count | Should -Be 0

        $restored = Invoke-Script -Word '-Restore', '-BackupPath', $script:Backup
        $restored.Code | Should -Be 0
        $restored.Given | Should -Be $script:Narrow
        Get-HostValue -Name 'ipv6' | Should -Be '49152 16384'
    }

    It 'works where the output is <Language>, and restores what was there: a host with drift and chimney' -ForEach @(
        @{ Language = 'english' }
        @{ Language = 'chinese' }
        @{ Language = 'german' }
        @{ Language = 'french' }
        @{ Language = 'russian' }
        @{ Language = 'japanese' }
        @{ Language = 'garbled' }
    ) {
        Initialize-Host -Setting @{ language = $Language; rss = 'disabled'; autotuninglevel = 'highlyrestricted'; chimney = 'automatic' }
        $global = 'int tcp set global autotuninglevel=normal', 'int tcp set global rss=enabled', 'int tcp set global chimney=enabled'
        $applied = Invoke-Script -Word '-BackupPath', $script:Backup
        $applied.Code | Should -Be 0
        $applied.Given | Should -Be ($script:Widen + $global)
        $restored = Invoke-Script -Word '-Restore', '-BackupPath', $script:Backup
        $restored.Code | Should -Be 0
        $restored.Given.Count | Should -Be 5
        Get-HostValue -Name 'rss' | Should -Be 'disabled'
        Get-HostValue -Name 'autotuninglevel' | Should -Be 'highlyrestricted'
        Get-HostValue -Name 'chimney' | Should -Be 'automatic'
    }

    It 'cannot reserve the port of a service that listens, says what to do, and can when it is stopped; a restore frees it' {
        Initialize-Host
        $listener = $null
        for ($port = 20000; $null -eq $listener; $port++) {
            try {
                $listener = New-Object -TypeName System.Net.Sockets.TcpListener -ArgumentList ([System.Net.IPAddress]::Loopback), $port
                $listener.Start()
            }
            catch { $listener = $null }
        }
        $port = $listener.LocalEndpoint.Port
        Set-Content -LiteralPath (Join-Path -Path $env:NETSH_STATE -ChildPath 'listening') -Value $port
        try {
            (Invoke-Script -Word '-Show').Text | Should -Match "ipv4 $port\b.*-ReservePort [0-9,]*$port\b"
            $refused = Invoke-Script -Word '-ReservePort', $port, '-BackupPath', $script:Backup
        }
        finally { $listener.Stop() }
        $refused.Code | Should -Be 1
        $refused.Text | Should -BeLike "*used by another process.*run this again with -ReservePort $port*"
        Remove-Item -LiteralPath (Join-Path -Path $env:NETSH_STATE -ChildPath 'listening')

        $second = "$($script:Backup).second"
        $reserved = Invoke-Script -Word '-ReservePort', $port, '-BackupPath', $second
        $reserved.Code | Should -Be 0
        $reserved.Given | Should -Be @(
            "int ipv4 add excludedportrange protocol=tcp startport=$port numberofports=1"
            "int ipv6 add excludedportrange protocol=tcp startport=$port numberofports=1"
        )
        (Invoke-Script -Word '-Restore', '-BackupPath', $second).Code | Should -Be 0
        foreach ($name in 'excluded.ipv4', 'excluded.ipv6.persistent') { Get-HostValue -Name $name | Should -BeNullOrEmpty }
        Get-HostValue -Name 'ipv4' | Should -Be '1024 60000'
    }

    It 'takes several ports to reserve as one word' {
        Initialize-Host -Setting @{ ipv4 = '1024 60000'; ipv6 = '1024 60000' }
        $run = Invoke-Script -Word '-ReservePort', '1433,3389', '-BackupPath', $script:Backup
        $run.Code | Should -Be 0
        $run.Given.Count | Should -Be 4
        Get-HostValue -Name 'excluded.ipv6.persistent' | Should -Match '(?s)1433 .* 3389 '
    }

    It 'says what a restart undoes, makes it last, and restores what was in both stores' {
        Initialize-Host
        $active = Invoke-Script -Word '-Store', 'Active', '-BackupPath', $script:Backup
        $active.Code | Should -Be 0
        $active.Text | Should -BeLike '*no:*49152-65535*'
        $lasting = Invoke-Script -Word '-BackupPath', "$($script:Backup).second"
        $lasting.Code | Should -Be 0
        $lasting.Given | Should -Be $script:Widen
        Copy-PersistentStore
        (Invoke-Script).Given.Count | Should -Be 0
        (Invoke-Script -Word '-Restore', '-BackupPath', "$($script:Backup).second").Code | Should -Be 0
        Get-HostValue -Name 'ipv6' | Should -Be '1024 60000'
        Get-HostValue -Name 'ipv6.persistent' | Should -Be '49152 16384'
        (Invoke-Script -Word '-Restore', '-BackupPath', $script:Backup).Code | Should -Be 0
        Get-HostValue -Name 'ipv6' | Should -Be '49152 16384'
    }

    It 'goes by the value in force where netsh shows one store only' {
        Initialize-Host -Setting @{ 'one-store' = '1' }
        $run = Invoke-Script -Word '-BackupPath', $script:Backup
        $run.Code | Should -Be 0
        $run.Text | Should -BeLike '*unknown*does not show its persistent store*'
        (Invoke-Script -Word '-Restore', '-BackupPath', $script:Backup).Code | Should -Be 0
        Get-HostValue -Name 'ipv4.persistent' | Should -Be '49152 16384'
    }

    It 'claims nothing where netsh exits 0 and changes nothing' {
        Initialize-Host -Setting @{ ignored = ' (set|add) ' }
        $run = Invoke-Script -Word '-ReservePort', '1433', '-BackupPath', $script:Backup
        $run.Code | Should -Be 1
        $run.Text | Should -Not -MatchExactly 'Changed'
        $run.Text | Should -BeLike '*reported success, yet the value is 49152-65535*'
    }

    It 'leaves a range that somebody chose, and a larger one: <Range>' -ForEach @(
        @{ Range = '1024 64511'; Code = 0 }
        @{ Range = '10000 55536'; Code = 1 }
    ) {
        Initialize-Host -Setting @{ ipv4 = $Range; ipv6 = $Range }
        $run = Invoke-Script -Word '-BackupPath', $script:Backup
        $run.Code | Should -Be $Code
        $run.Given.Count | Should -Be 0
    }

    It 'exits 1 and says what failed where netsh fails' {
        Initialize-Host -Setting @{ fails = ' set ' }
        $run = Invoke-Script -Word '-BackupPath', $script:Backup
        $run.Code | Should -Be 1
        $run.Given | Should -Be $script:Widen
        $run.Text | Should -BeLike "*'netsh $($script:Widen[0])' ended with 1. The parameter is incorrect.*"
    }

    It 'waits for a slow netsh' {
        Initialize-Host -Setting @{ seconds = '1.2'; ipv4 = '1024 60000'; ipv6 = '1024 60000' }
        (Invoke-Script -Word '-Show').Code | Should -Be 0
    }

    It 'changes nothing that it cannot read' {
        Initialize-Host -Setting @{ language = 'unreadable' }
        $run = Invoke-Script -Word '-BackupPath', $script:Backup
        $run.Code | Should -Be 1
        $run.Given.Count | Should -Be 0
        $run.Text | Should -BeLike '*could not be read*Look with: netsh int ipv4 show dynamicport tcp*'
    }

    It 'exits 2 without rights, and gives the line to run' {
        Initialize-Host -Setting @{ uid = '1000' }
        $run = Invoke-Script -Word '-StartPort', '2000', '-BackupPath', $script:Backup
        $run.Code | Should -Be 2
        $run.Given.Count | Should -Be 0
        Test-Path -LiteralPath $script:Backup | Should -BeFalse
        $run.Text | Should -BeLike "*Administrator rights are needed. Nothing was changed.*sudo pwsh -NoProfile -File *windows-tcp-optimization.ps1 -BackupPath $($script:Backup) -StartPort 2000*"
    }

    It 'exits 1 and asks netsh nothing: <Words>' -ForEach @(
        @{ Words = '-StartPort 80' }
        @{ Words = '-StartPort 10000' }
        @{ Words = '-Restore -Show' }
        @{ Words = '-Port 5' }
    ) {
        Initialize-Host
        $run = Invoke-Script -Word $Words.Split(' ')
        $run.Code | Should -Be 1
        Get-HostValue -Name 'log' | Should -BeNullOrEmpty
    }

    It 'exits 3 without netsh' {
        Initialize-Host
        $path = $env:PATH
        try {
            $env:PATH = $TestDrive
            (Invoke-Script).Code | Should -Be 3
        }
        finally { $env:PATH = $path }
    }

    It 'exits 3 with a sentence in constrained language mode' {
        Initialize-Host
        $command = "`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; & '$($script:ScriptFile)' -Show; exit `$LASTEXITCODE"
        $text = @(& $script:Engine -NoProfile -NonInteractive -Command $command 2>&1) -join ' '
        $LASTEXITCODE | Should -Be 3
        $text | Should -Match 'constrained language mode'
    }
}
