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
            foreach ($name in $all.Keys) { Set-Content -LiteralPath (Join-Path -Path $env:NETSH_STATE -ChildPath $name) -Value $all[$name] }
            $script:Backup = Join-Path -Path $env:NETSH_STATE -ChildPath 'backup.json'
        }

        function Get-HostValue {
            param([string] $Name)
            return [System.IO.File]::ReadAllText((Join-Path -Path $env:NETSH_STATE -ChildPath $Name)).Trim()
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
        $first.Text | Should -BeLike '*Dynamic ports ipv4*49152-65535*1024-61023*1024-61023*Changed*removed since Windows 10 1709*A restart is advised*'
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

    It 'excludes the port of a service that listens, and a restore frees it' {
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
        try {
            (Invoke-Script -Word '-Show').Text | Should -Match "ipv4 $port\b.*-ReserveListeners"
            $applied = Invoke-Script -Word '-ReserveListeners', '-BackupPath', $script:Backup
        }
        finally { $listener.Stop() }
        $applied.Code | Should -Be 0
        $applied.Given | Should -Contain "int ipv4 add excludedportrange protocol=tcp startport=$port numberofports=1"
        $restored = Invoke-Script -Word '-Restore', '-BackupPath', $script:Backup
        $restored.Code | Should -Be 0
        $restored.Given | Should -Contain "int ipv4 delete excludedportrange protocol=tcp startport=$port numberofports=1"
        Get-HostValue -Name 'excluded' | Should -BeNullOrEmpty
    }

    It 'exits 1 and says what failed where netsh fails' {
        Initialize-Host -Setting @{ fails = ' set ' }
        $run = Invoke-Script -Word '-BackupPath', $script:Backup
        $run.Code | Should -Be 1
        $run.Given | Should -Be $script:Widen
        $run.Text | Should -BeLike "*'netsh $($script:Widen[0])' ended with 1. The parameter is incorrect.*"
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
}
