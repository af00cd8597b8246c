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
    It 'holds no setting, and the words of the user last' {
        $words = Get-K6RunArgument -Bundle 'x.js' -ResultsPath '/r' -Address '127.0.0.1:5' -UserArgument '--tag', 'a=b'
        $words -join ' ' | Should -Be 'run --address 127.0.0.1:5 --profiling-enabled --include-system-env-vars=true --tag a=b x.js'
    }

    It 'adds the dashboard' {
        $words = Get-K6RunArgument -Bundle 'x.js' -ResultsPath '/r s' -Address '127.0.0.1:5' -Dashboard
        $words -join ' ' | Should -Match 'web-dashboard=host=127\.0\.0\.1&port=5665&period=2s&tag=reason&record=\S*r%20s\S*series\.ndjson\.gz'
    }

    It 'records a run without a dashboard, unless the user has one' {
        $made = Get-RecordingVariable -ResultsPath '/results'
        $made['K6_WEB_DASHBOARD_PORT'] | Should -Be '-1'
        $made['K6_WEB_DASHBOARD_RECORD'] | Should -Match 'series\.ndjson\.gz$'
        (Get-RecordingVariable -ResultsPath '/results' -UserArgument '--out', 'web-dashboard').Count | Should -Be 0
    }

    It 'finds the address of the user' {
        Get-AddressArgument -UserArgument '--tag', 'a=b', '--address', '127.0.0.1:9' | Should -Be '127.0.0.1:9'
        Get-AddressArgument -UserArgument '--tag', 'a=b' | Should -BeNullOrEmpty
    }
}

Describe 'what will be run' {
    It '<Scenario> <Text>' -ForEach @(
        @{ Scenario = 'concurrent'; Setting = @{ WS_PROFILE = 'smoke' }; Connections = 100; Text = 'of a profile' }
        @{ Scenario = 'multiplexed'; Setting = @{ WS_PROFILE = 'production' }; Connections = 50000; Text = 'of a large profile' }
        @{ Scenario = 'storm'; Setting = @{ WS_PROFILE = 'smoke'; WS_CONNECTIONS = '7' }; Connections = 7; Text = 'of a number' }
        @{ Scenario = 'tiers'; Setting = @{}; Connections = 10000; Text = 'as it comes' }
        @{ Scenario = 'tiers'; Setting = @{ WS_TIERS = '100, 300,200'; WS_CONNECTIONS = '9' }; Connections = 300; Text = 'of its largest' }
        @{ Scenario = 'churn'; Setting = @{}; Connections = 300; Text = 'as it comes' }
        @{ Scenario = 'churn'; Setting = @{ WS_RATE = '10'; WS_LIFETIME = '1m500ms' }; Connections = 615; Text = 'of rate and lifetime' }
    ) {
        (Get-PlannedRun -Setting $Setting -Scenario $Scenario).Connections | Should -Be $Connections
    }
}

Describe 'the environment of k6' {
    BeforeEach {
        $saved = @{}
        foreach ($name in 'GOGC', 'GOMEMLIMIT', 'WS_HOLD', 'FROM_HERE', 'NOT_FOR_K6', 'https_proxy', 'K6_NO_COLOR', 'GOOGLE_TEST') { $saved[$name] = [System.Environment]::GetEnvironmentVariable($name) }
        $env:GOGC = $null
        $env:GOMEMLIMIT = $null
    }
    AfterEach { foreach ($name in $saved.Keys) { [System.Environment]::SetEnvironmentVariable($name, $saved[$name]) } }

    It 'takes the settings out of the words, in each way to write them' {
        $env:FROM_HERE = 'mine'
        $words = '-e', 'WS_A=1', '--env=WS_B=x=y', '--tag', 'WS_X=1', '--env', 'TOKEN=a b', '-eWS_C=3', '-e=WS_D=', '-e', 'FROM_HERE', '-e', 'K6_VUS=1', '-e', 'PATH=x'
        $split = Split-EnvironmentArgument -UserArgument $words
        $split.Rest -join ' ' | Should -BeExactly '--tag WS_X=1 -e K6_VUS=1 -e PATH=x'
        @($split.Setting.Keys | Sort-Object | ForEach-Object { "$_=$($split.Setting[$_])" }) -join ';' | Should -BeExactly 'FROM_HERE=mine;TOKEN=a b;WS_A=1;WS_B=x=y;WS_C=3;WS_D='
        @((Split-EnvironmentArgument).Rest).Count | Should -Be 0
    }

    It 'holds the settings, and of this process what k6 and the system need' {
        $env:NOT_FOR_K6 = 'secret'
        $env:WS_HOLD = '9s'
        $env:K6_NO_COLOR = 'true'
        $env:GOOGLE_TEST = 'secret'
        $env:https_proxy = 'http://127.0.0.1:1'
        $made = Get-K6Environment -Setting @{ WS_URL = 'ws://a/'; TOKEN = 't' } -Scenario multiplexed
        $made['WS_URL'] | Should -Be 'ws://a/'
        $made['TOKEN'] | Should -Be 't'
        $made['K6_NO_COLOR'] | Should -Be 'true'
        $made['https_proxy'] | Should -Be 'http://127.0.0.1:1'
        $made['PWD'] | Should -Be $PWD.ProviderPath
        @($made.Keys) -contains 'PATH' | Should -BeTrue
        foreach ($name in 'NOT_FOR_K6', 'GOOGLE_TEST', 'WS_HOLD', 'GOGC', 'XK6_DASHBOARD_CONFIG') { $made.ContainsKey($name) | Should -BeFalse -Because $name }
        (Get-EnvironmentSetting)['WS_HOLD'] | Should -Be '9s'
        (Get-K6Environment -Scenario tiers -DashboardConfig 'layout.json')['XK6_DASHBOARD_CONFIG'] | Should -Be 'layout.json'
    }

    It 'collects garbage more often in <_>, unless the user decided' -ForEach @('concurrent', 'storm', 'churn') {
        (Get-K6Environment -Scenario $_)['GOGC'] | Should -Be '50'
        $env:GOGC = '100'
        (Get-K6Environment -Scenario $_)['GOGC'] | Should -Be '100'
    }

    It 'limits the memory where <Connections> connections of <Scenario> speak "<Conversation>": <Limit>' -ForEach @(
        @{ Scenario = 'concurrent'; Connections = 10000; Conversation = ''; Limit = '1780MiB' }
        @{ Scenario = 'storm'; Connections = 5001; Conversation = ' listen '; Limit = '890MiB' }
        @{ Scenario = 'concurrent'; Connections = 4999; Conversation = ''; Limit = $null }
        @{ Scenario = 'concurrent'; Connections = 10000; Conversation = 'mine.ts'; Limit = $null }
        @{ Scenario = 'churn'; Connections = 10000; Conversation = ''; Limit = $null }
        @{ Scenario = 'multiplexed'; Connections = 10000; Conversation = ''; Limit = $null }
    ) {
        $setting = @{ WS_CONVERSATION = $Conversation }
        (Get-K6Environment -Setting $setting -Scenario $Scenario -Connections $Connections)['GOMEMLIMIT'] | Should -Be $Limit
        $env:GOMEMLIMIT = '3GiB'
        (Get-K6Environment -Setting $setting -Scenario $Scenario -Connections $Connections)['GOMEMLIMIT'] | Should -Be '3GiB'
    }

    It 'has absolute paths of files, and names of conversations as they are' {
        $file = Join-Path -Path $TestDrive -ChildPath 'mine.ts'
        Set-Content -LiteralPath $file -Value ''
        Push-Location -LiteralPath $TestDrive
        try {
            $made = Resolve-SettingPath -Setting @{ WS_CONVERSATION = './mine.ts'; WS_USERS = 'mine.ts'; WS_HOLD = 'mine.ts'; WS_COMPARE_WITH = 'gone.json' }
            $made['WS_CONVERSATION'] | Should -Be $file
            $made['WS_USERS'] | Should -Be $file
            $made['WS_HOLD'] | Should -Be 'mine.ts'
            $made['WS_COMPARE_WITH'] | Should -Be 'gone.json'
            foreach ($name in 'socket.io', 'graphql-transport-ws', 'ecko') { (Resolve-SettingPath -Setting @{ WS_CONVERSATION = $name })['WS_CONVERSATION'] | Should -Be $name }
            { Resolve-SettingPath -Setting @{ WS_CONVERSATION = 'theirs.js' } } | Should -Throw 'WS_CONVERSATION=theirs.js: there is no file *theirs.js. Relative*'
            { Resolve-SettingPath -Setting @{ WS_USERS = 'users.csv' } } | Should -Throw 'WS_USERS=users.csv: there is no file *'
        }
        finally { Pop-Location }
    }
}

Describe 'the end of k6' {
    It '<Code> is <Given>' -ForEach @(
        @{ Code = 0; Given = 0; Killed = $false }
        @{ Code = 99; Given = 99; Killed = $false }
        @{ Code = -1; Given = -1; Killed = $false }
        @{ Code = 137; Given = 137; Killed = $true }
        @{ Code = 2; Given = 137; Killed = $true }
        @{ Code = -1073741819; Given = 137; Killed = $true }
    ) {
        $ending = Get-K6Ending -Code $Code
        $ending.Code | Should -Be $Given
        ($ending.Text -like 'k6 was killed, perhaps out of memory*') | Should -Be $Killed
    }

    It 'is 99 where all thresholds are met and the report says fail, and stays what it is otherwise' {
        (Get-K6Ending -Code 0 -Verdict 'fail').Code | Should -Be 99
        (Get-K6Ending -Code 0 -Verdict 'fail').Text | Should -Not -BeNullOrEmpty
        (Get-K6Ending -Code 0 -Verdict 'pass').Code | Should -Be 0
        (Get-K6Ending -Code 105 -Verdict 'fail').Code | Should -Be 105
        Get-SummaryVerdict -ResultsPath $TestDrive | Should -Be ''
        Set-Content -LiteralPath (Join-Path -Path $TestDrive -ChildPath 'summary.json') -Value '{', '  "schemaVersion": 2,', '  "verdict": "fail",', '  "x": 1 }'
        Get-SummaryVerdict -ResultsPath $TestDrive | Should -Be 'fail'
    }

    It 'takes this PowerShell with it: <Line> <Expected>' -ForEach @(
        @{ Line = 'pwsh -NoProfile -File scripts/run-concurrent.ps1 -Url ws://a/'; Expected = $true }
        @{ Line = 'pwsh run-concurrent.ps1'; Expected = $true }
        @{ Line = 'pwsh'; Expected = $false }
        @{ Line = 'pwsh -NoExit -File scripts/run-concurrent.ps1'; Expected = $false }
        @{ Line = 'pwsh -Command ./run-concurrent.ps1'; Expected = $false }
        @{ Line = 'pwsh -File other.ps1'; Expected = $false }
    ) {
        Test-HostOfScript -Word $Line.Split(' ') -ScriptPath '/any/scripts/run-concurrent.ps1' | Should -Be $Expected
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

Describe 'the figures of the host' {
    It 'are served to who knows the path, once asked' {
        $server = Open-HostFigureServer
        try {
            $port = $server.Listener.LocalEndpoint.Port
            foreach ($path in ([uri] $server.Url).AbsolutePath, '/metrics') {
                $client = New-Object -TypeName System.Net.Sockets.TcpClient
                $client.Connect('127.0.0.1', $port)
                $stream = $client.GetStream()
                $request = [System.Text.Encoding]::ASCII.GetBytes("GET $path HTTP/1.1`r`nHost: a`r`n`r`n")
                $stream.Write($request, 0, $request.Length)
                Send-HostFigure -Server $server -Process (Get-Process -Id $PID)
                $reader = New-Object -TypeName System.IO.StreamReader -ArgumentList $stream
                $answer = $reader.ReadToEnd()
                $client.Close()
                if ($path -eq '/metrics') { $answer | Should -BeLike 'HTTP/1.1 404 *' }
                else {
                    $answer | Should -BeLike 'HTTP/1.1 200 OK*'
                    $answer | Should -Match '(?m)^k6_process_resident_memory_bytes \d'
                }
            }
        }
        finally { $server.Listener.Stop() }
    }

    It 'are those of Windows in the words of node_exporter' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Get-WindowsCpuTime -MockWith { [pscustomobject] @{ Cpu = '0'; Idle = 10.5; User = 2.0; System = 1.0 } }
        Mock -ModuleName LoadHost -CommandName Get-WindowsMemory -MockWith { [pscustomobject] @{ Total = 8e9; Available = 5e9 } }
        Mock -ModuleName LoadHost -CommandName Get-NetworkCount -MockWith { [pscustomobject] @{ Name = 'Ethernet "2"'; Received = 7; Sent = 9 } }
        Mock -ModuleName LoadHost -CommandName Get-ActiveTcpConnection -MockWith {
            [pscustomobject] @{ State = [System.Net.NetworkInformation.TcpState]::TimeWait }
        }
        $lines = (Get-HostFigureText -Process (Get-Process -Id $PID)).Split("`n")
        $lines | Should -Contain 'node_cpu_seconds_total{cpu="0",mode="idle"} 10.5'
        $lines | Should -Contain 'node_memory_MemAvailable_bytes 5000000000'
        $lines | Should -Contain 'node_network_receive_bytes_total{device="Ethernet _2_"} 7'
        $lines | Should -Contain 'node_tcp_connection_states{state="time_wait"} 1'
        $epoch = [System.DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
        [double] (@($lines -match '^node_time_seconds ')[0] -split ' ')[1] | Should -BeGreaterThan ($epoch - 60)
        [double] (@($lines -match '^node_time_seconds ')[0] -split ' ')[1] | Should -BeLessThan ($epoch + 60)
    }
}

Describe 'the results folder' {
    It 'holds the report without the progress, and samples; the exit code is that of k6' -Skip:$script:IsWindowsHost {
        $program = Join-Path -Path $TestDrive -ChildPath 'k6'
        $lines = '#!/bin/sh', 'env | grep ^WS_ > "$WS_FILE"', 'echo k6', 'echo', 'echo "running (0m01.0s), 1/1 VUs"', 'echo "connections [ 9% ]"', 'echo', 'echo " PASS"', 'printf "<%s>\n" "$@"', 'exit 99'
        [System.IO.File]::WriteAllText($program, ($lines -join "`n"))
        chmod +x $program
        $env:WS_NOT_GIVEN = 'x'
        Invoke-K6 -Path $program -Argument 'run', 'a b', 'c"d', '' -ResultsPath $TestDrive -Environment @{ WS_FILE = "$TestDrive/seen"; WS_URL = 'ws://a/?b=c d'; PATH = $env:PATH } | Should -Be 99
        $env:WS_NOT_GIVEN = $null
        $seen = @(Get-Content -LiteralPath (Join-Path -Path $TestDrive -ChildPath 'seen') | Sort-Object)
        $seen[0] | Should -Be "WS_FILE=$TestDrive/seen"
        $seen[1] | Should -Match '^WS_HOST_METRICS=http://127\.0\.0\.1:\d+/[0-9a-f]{32}/metrics$'
        $seen[2] | Should -Be 'WS_URL=ws://a/?b=c d'
        $seen.Count | Should -Be 3
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
        @{ Words = '-Scenario listen' }
        @{ Words = '-Users no-such-users.csv' }
        @{ Words = '-Url ws://a/ -- -e WS_CONVERSATION=./no-such.ts' }
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

    Context 'after k6 ran' {
        BeforeEach {
            Mock -CommandName Test-Bundle -MockWith { $true }
            Mock -CommandName Find-K6 -MockWith { 'k6' }
            Mock -CommandName Save-HostState -MockWith { return }
            $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid().ToString('N'))
            $run = @('-Url', 'ws://{host}/', '-SkipPreflight', '-ResultsDirectory', $folder)
        }

        It '1 in place of 0 without a summary.json, and said' {
            Mock -CommandName Invoke-K6 -MockWith { return 0 }
            Invoke-ConcurrentRun -Word $run | Should -Be 1
            Should -Invoke -CommandName Write-ErrorLine -Times 1 -Exactly -ParameterFilter { $Text -like 'NO RESULTS: k6 left no summary.json in *' }
        }

        It '1 where the summary.json is that of an earlier run' {
            $null = New-Item -ItemType Directory -Path $folder
            Set-Content -LiteralPath (Join-Path -Path $folder -ChildPath 'summary.json') -Value '{}'
            Mock -CommandName Invoke-K6 -MockWith { return 0 }
            Invoke-ConcurrentRun -Word $run | Should -Be 1
        }

        It '0 with one, also in the folder that "-e" names; k6 gets the settings in its environment' {
            $other = "$folder-other"
            Mock -CommandName Invoke-K6 -MockWith {
                $Environment['WS_RESULTS_DIR'] | Should -Be $ResultsPath
                $Environment['WS_URL'] | Should -Be 'ws://{host}/'
                $Environment['WS_HOLD'] | Should -Be '3s'
                $Environment['GOGC'] | Should -Not -BeNullOrEmpty
                $Argument -join ' ' | Should -Not -Match 'WS_'
                Set-Content -LiteralPath (Join-Path -Path $ResultsPath -ChildPath 'summary.json') -Value '{}'
                return 0
            }
            Invoke-ConcurrentRun -Word ($run + '-Hold', '5s', '--', '-e', 'WS_HOLD=3s', '-e', "WS_RESULTS_DIR=$other") | Should -Be 0
            Test-Path -LiteralPath (Join-Path -Path $other -ChildPath 'summary.json') | Should -BeTrue
        }

        It '<Code> of k6: <Given>' -ForEach @(
            @{ Code = 99; Given = 99 }
            @{ Code = 2; Given = 137 }
        ) {
            $code = $Code
            Mock -CommandName Invoke-K6 -MockWith { return $code }
            Invoke-ConcurrentRun -Word $run | Should -Be $Given
        }

        It '0 of k6 with a report that says FAIL: <Given> with "<Word>"' -ForEach @(
            @{ Word = '--quiet'; Given = 99 }
            @{ Word = '--no-thresholds'; Given = 0 }
        ) {
            Mock -CommandName Invoke-K6 -MockWith {
                Set-Content -LiteralPath (Join-Path -Path $ResultsPath -ChildPath 'summary.json') -Value "{ `"verdict`": `"fail`" } $([guid]::NewGuid())"
                return 0
            }
            $folder = Join-Path -Path $TestDrive -ChildPath "verdict $Given"
            Invoke-ConcurrentRun -Word ($run + '--', $Word, '-e', "WS_RESULTS_DIR=$folder") | Should -Be $Given
        }
    }
}
