# Pester 5. Needs no Windows: all calls to the operating system are mocked.

BeforeAll {
    $script:Scripts = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'scripts'))
    Import-Module -Name (Join-Path -Path $script:Scripts -ChildPath 'LoadHost.psm1') -Force
}

AfterAll {
    Remove-Module -Name LoadHost -ErrorAction SilentlyContinue
}

Describe 'ports' {
    It 'counts overlaps once' {
        $ranges = @([pscustomobject] @{ Start = 90; End = 109 }, [pscustomobject] @{ Start = 105; End = 114 })
        $free = Measure-FreePort -Start 100 -Count 100 -Excluded $ranges -UsedPort 110, 150, 150, 99, 200
        $free.Excluded | Should -Be 15
        $free.Used | Should -Be 1
        $free.Free | Should -Be 84
    }

    It 'takes exclusions and ports in use off the range of Windows, for its family' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { $true }
        Mock -ModuleName LoadHost -CommandName Invoke-Netsh -MockWith {
            [pscustomobject] @{ ExitCode = 0; Lines = @('a : 1024', 'b : 60000') }
        } -ParameterFilter { $ArgumentList -contains 'dynamicport' }
        Mock -ModuleName LoadHost -CommandName Invoke-Netsh -MockWith {
            [pscustomobject] @{ ExitCode = 0; Lines = @(' 50000 50099 ') }
        } -ParameterFilter { $ArgumentList -contains 'excludedportrange' }
        Mock -ModuleName LoadHost -CommandName Get-WindowsTcpConnection -MockWith {
            , @(
                [pscustomobject] @{ LocalAddress = '127.0.0.1'; LocalPort = 2000 }
                [pscustomobject] @{ LocalAddress = '127.0.0.1'; LocalPort = 2000 }
                [pscustomobject] @{ LocalAddress = '::1'; LocalPort = 2001 }
            )
        }
        (Get-PortCapacity -Family ipv4).Free | Should -Be 59899
        (Get-PortCapacity -Family ipv6).Free | Should -Be 59899
    }

    It 'does not know the free ports of Windows without the exclusions' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { $true }
        Mock -ModuleName LoadHost -CommandName Get-WindowsTcpConnection -MockWith { , @() }
        Mock -ModuleName LoadHost -CommandName Invoke-Netsh -MockWith {
            [pscustomobject] @{ ExitCode = [int] ($ArgumentList -contains 'excludedportrange'); Lines = @('a : 1024', 'b : 60000') }
        }
        Get-PortCapacity -Family ipv4 | Should -BeNullOrEmpty
        $check = Test-PortCapacity -Family ipv4 -Needed 10 -IsUsed
        $check.Result | Should -Be 'Unknown'
        $check.Decisive | Should -BeTrue
        $check.Hint | Should -BeLike '*netsh int ipv4 show dynamicport tcp*-SkipPreflight.'
        (Test-PortCapacity -Family ipv4 -Needed 10).Decisive | Should -BeFalse
        Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { $false }
        (Test-PortCapacity -Family ipv4 -Needed 10 -IsUsed).Hint | Should -BeLike '*there is no netsh*'
    }

    It 'takes ports in TIME_WAIT off the range of Linux' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Linux' }
        Mock -ModuleName LoadHost -CommandName Get-SystemText -MockWith { "32768`t60999`n" } -ParameterFilter { $Path -like '*port_range' }
        Mock -ModuleName LoadHost -CommandName Get-SystemText -MockWith {
            "  sl  local_address rem_address   st`n   0: 0100007F:8000 0100007F:1F91 06 00000000`n   1: 0100007F:8001 0100007F:1F91 01 00000000`n"
        } -ParameterFilter { $Path -eq '/proc/net/tcp' }
        $capacity = Get-PortCapacity -Family ipv4
        $capacity.Count | Should -Be 28232
        $capacity.Free | Should -Be 28231
    }

    It 'fails <Free> free ports for 10,000 connections: <Result>' -ForEach @(
        @{ Free = 9999; Result = 'Failed' }
        @{ Free = 10000; Result = 'Warning' }
        @{ Free = 11000; Result = 'Ok' }
    ) {
        $capacity = [pscustomobject] @{ Family = 'ipv4'; Start = 1024; Count = 60000; Excluded = 0; Used = 0; Free = $Free }
        Mock -ModuleName LoadHost -CommandName Get-PortCapacity -MockWith { $capacity }
        (Test-PortCapacity -Family ipv4 -Needed 10000 -IsUsed).Result | Should -Be $Result
    }
}

Describe 'k6' {
    It 'reads the version <Version>' -ForEach @(
        @{ Text = 'k6 v1.8.1'; Version = '1.8.1' }
        @{ Text = 'k6 v2.2.0 (go1.26.8, linux/amd64)'; Version = '2.2.0' }
        @{ Text = 'k6.exe v1.10.0 (commit/abc, go1.24, windows/amd64)'; Version = '1.10.0' }
        @{ Text = 'my-k6 v2.2.0 (go1.26.8, linux/amd64)'; Version = '2.2.0' }
    ) {
        [string] (ConvertFrom-K6VersionText -Line $Text) | Should -Be $Version
    }

    It 'calls <Text> <Result>' -ForEach @(
        @{ Text = 'k6 v1.7.9'; Result = 'Failed' }
        @{ Text = 'k6 v1.8.0'; Result = 'Ok' }
        @{ Text = 'something else'; Result = 'Failed' }
    ) {
        $line = $Text
        Mock -ModuleName LoadHost -CommandName Find-Program -MockWith { 'k6-here' } -ParameterFilter { $Name -ne 'node' }
        Mock -ModuleName LoadHost -CommandName Find-Program -MockWith { $null } -ParameterFilter { $Name -eq 'node' }
        Mock -ModuleName LoadHost -CommandName Invoke-Program -MockWith { $line }
        (Test-K6).Result | Should -Be $Result
    }

    It 'is missing without node, and can be had with it' {
        Mock -ModuleName LoadHost -CommandName Find-Program -MockWith { $null }
        (Test-K6).Result | Should -Be 'Failed'
        Mock -ModuleName LoadHost -CommandName Find-Program -MockWith { 'node' } -ParameterFilter { $Name -eq 'node' }
        (Test-K6).Result | Should -Be 'Warning'
    }
}

Describe 'memory' {
    It 'decides, where it is not known' {
        Mock -ModuleName LoadHost -CommandName Get-FreeMemory -MockWith { $null }
        InModuleScope LoadHost { (Test-FreeMemory -Connections 10).Decisive } | Should -BeTrue
    }

    It 'needs <Bytes> for <Connections>' -ForEach @(
        @{ Connections = 1000; Bytes = 500000000 }
        @{ Connections = 5000; Bytes = 1000000000 }
        @{ Connections = 10000; Bytes = 2000000000 }
        @{ Connections = 50000; Bytes = 10000000000 }
    ) {
        Get-MemoryNeeded -Connections $Connections | Should -Be $Bytes
    }
}

Describe 'ConvertFrom-TargetUrl' {
    It 'reads <Url>' -ForEach @(
        @{ Url = 'ws://localhost:8081/'; Name = 'localhost'; Port = 8081 }
        @{ Url = 'ws://server/a'; Name = 'server'; Port = 80 }
        @{ Url = 'wss://server'; Name = 'server'; Port = 443 }
        @{ Url = 'ws://[::1]:9/'; Name = '::1'; Port = 9 }
    ) {
        $target = ConvertFrom-TargetUrl -Url $Url
        $target.Name | Should -Be $Name
        $target.Port | Should -Be $Port
    }

    It 'leaves a host that the users name unknown' {
        $target = ConvertFrom-TargetUrl -Url 'wss://{host}:{port}/a?b={c}'
        $target.Name | Should -Be '{host}:{port}'
        $target.Port | Should -Be 0
        (ConvertFrom-TargetUrl -Url 'wss://server/?token={token}').Name | Should -Be 'server'
    }

    It 'takes several' { @(ConvertFrom-TargetUrl -Url 'ws://a:1, ws://b:2').Count | Should -Be 2 }
    It 'refuses <Url>, without a secret in it' -ForEach @(
        @{ Url = 'http://a/b'; Shown = 'http://a/b' }
        @{ Url = 'htp://me:hunter2@a/?token=hunter2'; Shown = 'htp://...@a/?...' }
        @{ Url = 'a#hunter2'; Shown = 'a?...' }
    ) {
        $message = ''
        try { ConvertFrom-TargetUrl -Url $Url }
        catch { $message = $_.Exception.Message }
        $message | Should -Be "Not the address of a WebSocket server: $Shown. Write it as ws://host:port/path or wss://host/path."
    }
}

Describe 'verdict' {
    It 'is not known where what decides is not: <Decisive>' -ForEach @(
        @{ Decisive = $true; Passed = $false; Text = 'NOT KNOWN for 10,000 connections: Free memory.' }
        @{ Decisive = $false; Passed = $true; Text = 'READY for 10,000 connections; not known: 1.' }
    ) {
        $verdict = Get-PreflightVerdict -Check @(New-HostCheck -Check 'Free memory' -Result Unknown -IsDecisive:$Decisive) -Connections 10000
        $verdict.Passed | Should -Be $Passed
        $verdict.Text | Should -Be $Text
    }

    It 'is NOT READY where something failed, whatever else is not known' {
        $checks = @(New-HostCheck -Check 'Free memory' -Result Unknown -IsDecisive; New-HostCheck -Check 'k6' -Result Failed)
        (Get-PreflightVerdict -Check $checks -Connections 10000).Text | Should -Be 'NOT READY for 10,000 connections: k6.'
    }

    It 'only Failed fails' {
        $checks = @('Ok', 'Warning', 'Unknown' | ForEach-Object { New-HostCheck -Check $_ -Result $_ })
        $verdict = Get-PreflightVerdict -Check $checks -Connections 10000
        $verdict.Passed | Should -BeTrue
        $verdict.Text | Should -Be 'READY for 10,000 connections; warnings: 1; not known: 1.'
        $checks += New-HostCheck -Check 'Free memory' -Result Failed
        $verdict = Get-PreflightVerdict -Check $checks -Connections 10000
        $verdict.Passed | Should -BeFalse
        $verdict.Text | Should -Be 'NOT READY for 10,000 connections: Free memory.'
    }
}

Describe 'the script' {
    It 'gives the checks as objects, a verdict beside them, and exit code <Code> for <Result>' -ForEach @(
        @{ Result = 'Warning'; Code = 0; Verdict = 'READY for 10,000 connections; warnings: 1.' }
        @{ Result = 'Failed'; Code = 1; Verdict = 'NOT READY for 10,000 connections: Processors.' }
    ) {
        $check = New-HostCheck -Check 'Processors' -Value '2' -Needed '4' -Result $Result -Hint 'Take a larger machine.'
        Mock -CommandName Invoke-HostPreflight -MockWith { $check }
        $file = Join-Path -Path $script:Scripts -ChildPath 'test-load-host.ps1'
        $rows = @(& $file -Connections 10000 -Url ws://server/ -InformationVariable said 6> $null)
        $LASTEXITCODE | Should -Be $Code
        $rows.Count | Should -Be 1
        $rows[0].Result | Should -Be $Result
        $said -join ' ' | Should -Be "${Result}: Processors: Take a larger machine. $Verdict"
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'no connections'; Given = @{ Connections = 0; Url = 'ws://server/' } }
        @{ Why = 'another protocol'; Given = @{ Connections = 1; Url = 'http://server/' } }
    ) {
        $file = Join-Path -Path $script:Scripts -ChildPath 'test-load-host.ps1'
        { & $file @Given } | Should -Throw -Because $Why
    }
}
