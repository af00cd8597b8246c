# Pester 5. Needs no Windows: all calls to the operating system are mocked.

BeforeAll {
    $script:Scripts = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'scripts'))
    Import-Module -Name (Join-Path -Path $script:Scripts -ChildPath 'LoadHost.Preflight.psm1') -Force
}

AfterAll {
    Remove-Module -Name LoadHost.Preflight -ErrorAction SilentlyContinue
}

Describe 'ConvertFrom-DynamicPortText' {
    It 'reads <Name>' -ForEach @(
        @{ Name = 'English'; Start = 'Start Port      : 49152'; Number = 'Number of Ports : 16384'; First = 49152; Count = 16384 }
        @{ Name = 'German'; Start = 'Startport      : 1024'; Number = 'Anzahl von Ports : 60000'; First = 1024; Count = 60000 }
        @{ Name = 'garbled'; Start = "$([char] 0xFFFD)$([char] 0x00C6) : 12000"; Number = '?? : 40000'; First = 12000; Count = 40000 }
    ) {
        $range = ConvertFrom-DynamicPortText -Line '', 'Protocol tcp Dynamic Port Range', '-----', $Start, $Number, ''
        $range.Start | Should -Be $First
        $range.Count | Should -Be $Count
    }

    It 'knows nothing of anything else' {
        ConvertFrom-DynamicPortText -Line 'Start Port : 49152' | Should -BeNullOrEmpty
        ConvertFrom-DynamicPortText -Line 'a : 1', 'b : 2', 'c : 3' | Should -BeNullOrEmpty
        ConvertFrom-DynamicPortText -Line 'a : 60000', 'b : 60000' | Should -BeNullOrEmpty
        ConvertFrom-DynamicPortText -Line $null | Should -BeNullOrEmpty
    }
}

Describe 'ports' {
    It 'reads excluded ranges' {
        $ranges = @(ConvertFrom-ExcludedPortText -Line 'Start Port    End Port', '----------    --------', '      5357        5357', '     50000       50059     *', '* - Administered')
        $ranges.Count | Should -Be 2
        $ranges[1].Start | Should -Be 50000
        $ranges[1].End | Should -Be 50059
    }

    It 'counts overlaps once' {
        $ranges = @([pscustomobject] @{ Start = 90; End = 109 }, [pscustomobject] @{ Start = 105; End = 114 })
        $free = Measure-FreePort -Start 100 -Count 100 -Excluded $ranges -UsedPort 110, 150, 150, 99, 200
        $free.Excluded | Should -Be 15
        $free.Used | Should -Be 1
        $free.Free | Should -Be 84
    }

    It 'takes exclusions and ports in use off the range of Windows, for its family' {
        Mock -ModuleName LoadHost.Preflight -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost.Preflight -CommandName Invoke-Program -MockWith { 'a : 1024', 'b : 60000' } -ParameterFilter { $Arguments -contains 'dynamicport' }
        Mock -ModuleName LoadHost.Preflight -CommandName Invoke-Program -MockWith { ' 50000 50099 ' } -ParameterFilter { $Arguments -contains 'excludedportrange' }
        Mock -ModuleName LoadHost.Preflight -CommandName Get-WindowsTcpConnection -MockWith {
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
        Mock -ModuleName LoadHost.Preflight -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost.Preflight -CommandName Invoke-Program -MockWith { $null }
        Get-PortCapacity -Family ipv4 | Should -BeNullOrEmpty
        (Test-PortCapacity -Family ipv4 -Needed 10 -IsUsed).Result | Should -Be 'Unknown'
    }

    It 'takes ports in TIME_WAIT off the range of Linux' {
        Mock -ModuleName LoadHost.Preflight -CommandName Get-HostPlatform -MockWith { 'Linux' }
        Mock -ModuleName LoadHost.Preflight -CommandName Get-SystemText -MockWith { "32768`t60999`n" } -ParameterFilter { $Path -like '*port_range' }
        Mock -ModuleName LoadHost.Preflight -CommandName Get-SystemText -MockWith {
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
        Mock -ModuleName LoadHost.Preflight -CommandName Get-PortCapacity -MockWith { $capacity }
        (Test-PortCapacity -Family ipv4 -Needed 10000 -IsUsed).Result | Should -Be $Result
    }
}

Describe 'k6' {
    It 'reads the version <Version>' -ForEach @(
        @{ Text = 'k6 v1.8.1'; Version = '1.8.1' }
        @{ Text = 'k6 v2.2.0 (go1.26.8, linux/amd64)'; Version = '2.2.0' }
        @{ Text = 'k6.exe v1.10.0 (commit/abc, go1.24, windows/amd64)'; Version = '1.10.0' }
    ) {
        [string] (ConvertFrom-K6VersionText -Line $Text) | Should -Be $Version
    }

    It 'calls <Text> <Result>' -ForEach @(
        @{ Text = 'k6 v1.7.9'; Result = 'Failed' }
        @{ Text = 'k6 v1.8.0'; Result = 'Ok' }
        @{ Text = 'something else'; Result = 'Failed' }
    ) {
        $line = $Text
        Mock -ModuleName LoadHost.Preflight -CommandName Find-Program -MockWith { 'k6-here' } -ParameterFilter { $Name -ne 'node' }
        Mock -ModuleName LoadHost.Preflight -CommandName Find-Program -MockWith { $null } -ParameterFilter { $Name -eq 'node' }
        Mock -ModuleName LoadHost.Preflight -CommandName Invoke-Program -MockWith { $line }
        (Test-K6).Result | Should -Be $Result
    }

    It 'is missing without node, and can be had with it' {
        Mock -ModuleName LoadHost.Preflight -CommandName Find-Program -MockWith { $null }
        (Test-K6).Result | Should -Be 'Failed'
        Mock -ModuleName LoadHost.Preflight -CommandName Find-Program -MockWith { 'node' } -ParameterFilter { $Name -eq 'node' }
        (Test-K6).Result | Should -Be 'Warning'
    }
}

Describe 'memory' {
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

    It 'takes several' { @(ConvertFrom-TargetUrl -Url 'ws://a:1, ws://b:2').Count | Should -Be 2 }
    It 'refuses others' { { ConvertFrom-TargetUrl -Url 'http://a' } | Should -Throw }
}

Describe 'verdict' {
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
