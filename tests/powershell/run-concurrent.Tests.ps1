# Pester 5. Needs no Windows and no k6: what the script computes, and its own exit codes.

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
        $counts = Measure-TcpState -ProcessId 1 -RemotePort 8081
        $counts.Established | Should -Be 1
        $counts.TimeWait | Should -Be 1
        $counts.Bound | Should -Be ''
    }

    It 'counts the connections of Windows; none is 0' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Get-WindowsTcpConnection -MockWith { [pscustomobject] @{ State = 'CloseWait'; RemotePort = 1 } }
        $counts = Measure-TcpState -ProcessId 1 -RemotePort 8081
        $counts.Established | Should -Be 0
        $counts.Bound | Should -Be 0
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
