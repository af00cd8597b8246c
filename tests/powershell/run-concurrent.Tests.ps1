# Pester 5. Needs no Windows and no k6: what the script computes, what it keeps of a run, and its own exit codes.

BeforeDiscovery {
    $script:IsWindowsHost = [System.Environment]::OSVersion.Platform -eq 'Win32NT'
}

BeforeAll {
    $script:RunScript = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'scripts', 'run-concurrent.ps1'))
    . $script:RunScript
}

AfterAll {
    Remove-Module -Name LoadHost -ErrorAction SilentlyContinue
}

Describe 'ConvertTo-NativeArgument' {
    It 'quotes <Text> as <Quoted>' -ForEach @(
        @{ Text = 'plain'; Quoted = 'plain' }
        @{ Text = ''; Quoted = '""' }
        @{ Text = 'C:\my tests\'; Quoted = '"C:\my tests\\"' }
        @{ Text = 'C:\tests\'; Quoted = 'C:\tests\' }
        @{ Text = 'a"b'; Quoted = '"a\"b"' }
        @{ Text = 'a\"b'; Quoted = '"a\\\"b"' }
    ) {
        ConvertTo-NativeArgument -Argument $Text | Should -BeExactly $Quoted
    }

    It 'puts a space between two' { ConvertTo-NativeArgument -Argument 'run', 'a b' | Should -BeExactly 'run "a b"' }
}

Describe 'Split-RunArgument' {
    It 'parts at --' {
        $split = Split-RunArgument -Word '-Url', 'ws://a', '-Dashboard', '--', '--tag', 'a=b' -SwitchName Dashboard
        $split.Named['Url'] | Should -Be 'ws://a'
        $split.Named['Dashboard'] | Should -BeTrue
        $split.Rest -join ' ' | Should -Be '--tag a=b'
    }

    It 'parts at the first word of k6, as PowerShell takes -- away' {
        $split = Split-RunArgument -Word '-Url', 'ws://a', '-e', 'A=B', '--', '-Url' -SwitchName Dashboard
        $split.Named.Count | Should -Be 1
        $split.Rest -join ' ' | Should -Be '-e A=B -- -Url'
    }

    It 'takes -Name:value' {
        $split = Split-RunArgument -Word '-Url:ws://a', '-Dashboard:', $false, '-Connections:', 5 -SwitchName Dashboard
        $split.Named['Url'] | Should -Be 'ws://a'
        $split.Named['Dashboard'] | Should -BeFalse
        $split.Named['Connections'] | Should -Be 5
    }

    It 'takes the words of -Name:$false as -File parts them' {
        $split = Split-RunArgument -Word '-Dashboard', $false, '--tag', 'a=b' -SwitchName Dashboard
        $split.Named['Dashboard'] | Should -BeFalse
        $split.Rest -join ' ' | Should -Be '--tag a=b'
    }

    It 'keeps a value as it was written, where PowerShell takes it for a number' {
        function Get-Word { return Split-RunArgument -Word $args }
        (Get-Word -Hold 0x10).Named['Hold'] | Should -BeExactly '0x10'
        (Get-Word --stage 0x10).Rest -join ' ' | Should -BeExactly '--stage 0x10'
    }

    It 'joins what PowerShell takes for a list' {
        (Split-RunArgument -Word '-e', @('A=1', 'B=2')).Rest -join ' ' | Should -Be '-e A=1,B=2'
    }

    It 'takes nothing' { @((Split-RunArgument -Word @()).Rest).Count | Should -Be 0 }
    It 'refuses a parameter without a value' { { Split-RunArgument -Word '-Url' } | Should -Throw }
    It 'refuses a parameter twice' { { Split-RunArgument -Word '-Url', 'a', '-url', 'b' } | Should -Throw }
}

Describe 'Get-K6RunArgument' {
    It 'passes what is given, and the user last' {
        $words = Get-K6RunArgument -Bundle 'x.js' -ResultsPath '/r' -Address '127.0.0.1:5' -Setting @{ WS_URL = 'ws://a' } -UserArgument '--tag', 'a=b'
        $words[0] | Should -Be 'run'
        $text = $words -join ' '
        $text | Should -BeLike '*--address 127.0.0.1:5 --profiling-enabled*'
        $text | Should -BeLike '*-e WS_URL=ws://a -e WS_RESULTS_DIR=/r -e WS_GENERATOR_ADDRESS=127.0.0.1:5 --tag a=b x.js'
        $text | Should -Not -BeLike '*web-dashboard*'
    }

    It 'adds the dashboard' {
        $words = Get-K6RunArgument -Bundle 'x.js' -ResultsPath '/r s' -Address '127.0.0.1:5' -Dashboard
        $words -join ' ' | Should -Match 'web-dashboard=host=127\.0\.0\.1&port=5665&period=2s&tag=reason&export=\S*r%20s\S*report\.html'
    }

    It 'finds the address of the user' {
        Get-AddressArgument -UserArgument '--tag', 'a=b', '--address', '127.0.0.1:9' | Should -Be '127.0.0.1:9'
        Get-AddressArgument -UserArgument '--tag', 'a=b' | Should -BeNullOrEmpty
    }
}

Describe 'what will be run' {
    It 'is known from <Setting.WS_PROFILE>' -ForEach @(
        @{ Setting = @{ WS_PROFILE = 'smoke' }; Connections = 100 }
        @{ Setting = @{ WS_PROFILE = 'production' }; Connections = 50000 }
        @{ Setting = @{ WS_PROFILE = 'smoke'; WS_CONNECTIONS = '7' }; Connections = 7 }
    ) {
        (Get-PlannedRun -Setting $Setting).Connections | Should -Be $Connections
    }

    It 'reads -e of k6' {
        (Get-RunSetting -UserArgument '-e', 'WS_HOLD=5s', '--env=WS_CONNECTIONS=9', '--tag', 'WS_X=1')['WS_CONNECTIONS'] | Should -Be '9'
    }
}

Describe 'samples' {
    It 'counts the connections of Linux to the targets' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Linux' }
        Mock -ModuleName LoadHost -CommandName Get-SystemText -MockWith { '' }
        Mock -ModuleName LoadHost -CommandName Get-SystemText -MockWith {
            "   0: 0100007F:8000 0100007F:1F91 01 0`n   1: 0100007F:1F91 0100007F:8000 01 0`n   2: 0100007F:8001 0100007F:1F91 06 0`n"
        } -ParameterFilter { $Path -eq '/proc/net/tcp' }
        $counts = Measure-TcpState -RemotePort 8081
        $counts.Established | Should -Be 1
        $counts.TimeWait | Should -Be 1
    }

    It 'counts the connections of Windows to the targets; none is 0, no list is not known' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Get-ActiveTcpConnection -MockWith {
            , @(foreach ($row in @('8081 Established', '8081 Established', '8082 Established', '8081 TimeWait', '8081 CloseWait')) {
                    $port, $state = $row.Split(' ')
                    $end = New-Object -TypeName System.Net.IPEndPoint -ArgumentList ([System.Net.IPAddress]::Loopback), ([int] $port)
                    [pscustomobject] @{ RemoteEndPoint = $end; State = [System.Net.NetworkInformation.TcpState] $state }
                })
        }
        $counts = Measure-TcpState -RemotePort 8081
        $counts.Established | Should -Be 2
        $counts.TimeWait | Should -Be 1
        (Measure-TcpState -RemotePort 9).Established | Should -Be 0
        Mock -ModuleName LoadHost -CommandName Get-ActiveTcpConnection -MockWith { $null }
        (Measure-TcpState -RemotePort 8081).Established | Should -Be ''
    }

    It 'lists the connections of this host' {
        $listener = New-Object -TypeName System.Net.Sockets.TcpListener -ArgumentList ([System.Net.IPAddress]::Loopback), 0
        $listener.Start()
        $client = New-Object -TypeName System.Net.Sockets.TcpClient
        try {
            $client.Connect([System.Net.IPAddress]::Loopback, $listener.LocalEndpoint.Port)
            $all = InModuleScope LoadHost { Get-ActiveTcpConnection }
            (Measure-TcpConnection -Connection $all -RemotePort $listener.LocalEndpoint.Port).Established | Should -Be 1
        }
        finally {
            $client.Close()
            $listener.Stop()
        }
    }

    It 'takes 2 % of a core at most: after <Cost> ms it pauses <Pause>' -ForEach @(
        @{ Cost = 0; Pause = 2000 }
        @{ Cost = 40; Pause = 2000 }
        @{ Cost = 500; Pause = 25000 }
    ) {
        Get-SamplePause -CostMilliseconds $Cost | Should -Be $Pause
    }
}

Describe 'the results folder' {
    It 'holds the report without the progress, and samples; the exit code is that of k6' -Skip:$script:IsWindowsHost {
        $program = Join-Path -Path $TestDrive -ChildPath 'k6'
        $lines = '#!/bin/sh', 'echo k6', 'echo', 'echo "running (0m01.0s), 1/1 VUs"', 'echo "connections [ 9% ]"', 'echo', 'echo " PASS"', 'printf "<%s>\n" "$@"', 'exit 99'
        [System.IO.File]::WriteAllText($program, ($lines -join "`n"))
        chmod +x $program
        Invoke-K6 -Path $program -Argument 'run', 'a b', 'c"d', '' -ResultsPath $TestDrive | Should -Be 99
        Get-Content -LiteralPath (Join-Path -Path $TestDrive -ChildPath 'report.txt') | Should -Be @('k6', '', ' PASS', '<run>', '<a b>', '<c"d>', '<>')
        @(Get-Content -LiteralPath (Join-Path -Path $TestDrive -ChildPath 'host-samples.csv'))[0] | Should -BeLike 'time,cpu_seconds,working_set_bytes,*'
    }

    It 'holds the System events of Windows, or says why they are not known' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Test-NetshAvailable -MockWith { $false }
        Mock -ModuleName LoadHost -CommandName Write-HostLine -MockWith { return }
        Mock -ModuleName LoadHost -CommandName Get-TcpEvent -MockWith {
            [pscustomobject] @{ Readable = $true; Reason = ''; Events = @([pscustomobject] @{ Time = 'now'; Id = 4231; Source = 'Tcpip'; Message = 'm' }) }
        }
        Save-HostState -ResultsPath $TestDrive -Since (Get-Date)
        $file = Join-Path -Path $TestDrive -ChildPath 'tcp-events.json'
        $saved = Get-Content -LiteralPath $file -Raw | ConvertFrom-Json
        $saved.readable | Should -BeTrue
        @($saved.events).Count | Should -Be 1
        $saved.events[0].Id | Should -Be 4231
        Should -Invoke -ModuleName LoadHost -CommandName Write-HostLine -Times 1 -Exactly

        Mock -ModuleName LoadHost -CommandName Get-TcpEvent -MockWith { [pscustomobject] @{ Readable = $false; Reason = 'why'; Events = @() } }
        Save-HostState -ResultsPath $TestDrive -Since (Get-Date)
        $text = Get-Content -LiteralPath $file -Raw
        $text | Should -Match '"events":\s+\[\s*\]'
        ($text | ConvertFrom-Json).reason | Should -Be 'why'
        Get-Content -LiteralPath (Join-Path -Path $TestDrive -ChildPath 'tcp-settings.txt') -Raw | Should -Match '# netsh int tcp show global\s+not known'
    }
}

Describe 'exit codes' {
    BeforeEach {
        # Not $null: what a mock gives would be part of what the function gives.
        Mock -CommandName Write-ErrorLine -MockWith { return }
        Mock -CommandName Write-HostLine -MockWith { return }
    }

    It '2: <Words>' -ForEach @(
        @{ Words = '-Connections many' }
        @{ Words = '-Connections 0' }
        @{ Words = '-Url http://a' }
        @{ Words = '-Url: ' }
        @{ Words = '-Profile huge' }
        @{ Words = '-Conections 5' }
    ) {
        Mock -CommandName Find-K6 -MockWith { throw 'too far' }
        Invoke-ConcurrentRun -Word $Words.Split(' ') | Should -Be 2
        Should -Invoke -CommandName Find-K6 -Times 0 -Exactly
    }

    It 'says in one sentence what a missing k6 or script needs: 3' {
        Mock -CommandName Find-K6 -MockWith { $null }
        Invoke-ConcurrentRun -Word '-Url', 'ws://127.0.0.1:1/' | Should -Be 3
        Should -Invoke -CommandName Write-ErrorLine -Times 1 -Exactly
    }
}
