# Pester 5. What starts the programs of the system: in the PowerShell that runs the tests, as every system has that one.

BeforeAll {
    $script:Root = Split-Path -Path (Split-Path -Path $PSScriptRoot -Parent) -Parent
    Import-Module -Name (Join-Path (Join-Path $script:Root 'scripts') 'LoadHost.psm1') -Force
    $name = 'pwsh'
    if ($PSVersionTable.PSVersion.Major -lt 6) { $name = 'powershell' }
    $script:Engine = (Get-Command -Name $name -CommandType Application)[0].Path

    # Under the word of -Command, quotes would be the shell's own.
    function Get-Word {
        param([string] $Script)
        $bytes = [System.Text.Encoding]::Unicode.GetBytes('$ProgressPreference = ''SilentlyContinue''; ' + $Script)
        return @('-NoProfile', '-NonInteractive', '-EncodedCommand', [System.Convert]::ToBase64String($bytes))
    }
}

AfterAll {
    Remove-Module -Name LoadHost -ErrorAction SilentlyContinue
}

Describe 'Invoke-TimedProgram' {
    It 'gives lines and exit code' {
        $answer = Invoke-TimedProgram -Path $script:Engine -ArgumentList (Get-Word -Script '[Console]::Out.WriteLine(''a''); [Console]::Out.WriteLine(''b''); exit 7')
        $answer.ExitCode | Should -Be 7
        @($answer.Lines)[0, 1] | Should -Be @('a', 'b')
        $answer.TimedOut | Should -BeFalse
    }

    It 'ends a program at its limit, and says so' {
        Mock -ModuleName LoadHost -CommandName Write-Progress -MockWith { return }
        $answer = Invoke-TimedProgram -Path $script:Engine -ArgumentList (Get-Word -Script 'Start-Sleep -Seconds 600') -LimitSeconds 2
        $answer.TimedOut | Should -BeTrue
        $answer.ExitCode | Should -Be 1
        $answer.Lines | Should -BeLike '* gave no answer within 2 s and was ended.'
        Should -Invoke -ModuleName LoadHost -CommandName Write-Progress
    }

    It 'says why a program could not be started' {
        $answer = Invoke-TimedProgram -Path (Join-Path -Path $TestDrive -ChildPath 'none')
        $answer.ExitCode | Should -Be 1
        $answer.Lines | Should -Not -BeNullOrEmpty
    }
}

Describe 'netsh' {
    BeforeEach {
        InModuleScope LoadHost { $script:NetshHangs = $false }
        Mock -ModuleName LoadHost -CommandName Get-SystemProgramPath -MockWith { return 'netsh-here' }
    }
    AfterEach { InModuleScope LoadHost { $script:NetshHangs = $false } }

    It 'is not asked again once it gave no answer' {
        Mock -ModuleName LoadHost -CommandName Write-Warning -MockWith { return }
        Mock -ModuleName LoadHost -CommandName Invoke-TimedProgram -MockWith {
            [pscustomobject] @{ ExitCode = 1; Lines = @('netsh gave no answer within 60 s and was ended.'); TimedOut = $true }
        }
        InModuleScope LoadHost {
            (Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global').ExitCode | Should -Be 1
            (Invoke-Netsh -ArgumentList 'int', 'tcp', 'show', 'global').Lines | Should -BeLike 'netsh was not asked*'
        }
        Should -Invoke -ModuleName LoadHost -CommandName Invoke-TimedProgram -Times 1 -Exactly -ParameterFilter { $Path -eq 'netsh-here' -and $LimitSeconds -eq 60 }
        Should -Invoke -ModuleName LoadHost -CommandName Write-Warning -Times 1 -Exactly
    }
}

Describe 'Get-SystemProgramPath' {
    It 'takes on Windows only what is in System32, whatever is on PATH' {
        Mock -ModuleName LoadHost -CommandName Get-HostPlatform -MockWith { 'Windows' }
        Mock -ModuleName LoadHost -CommandName Find-Program -MockWith { throw 'looked on PATH' }
        InModuleScope LoadHost { Get-SystemProgramPath -Name 'no-program-of-this-name' } | Should -BeNullOrEmpty
    }

    It 'finds netsh there' -Skip:([System.Environment]::OSVersion.Platform -ne 'Win32NT') {
        InModuleScope LoadHost { Get-SystemProgramPath -Name netsh } | Should -Be ([System.IO.Path]::Combine([System.Environment]::SystemDirectory, 'netsh.exe'))
    }
}

Describe 'the System events' {
    It 'are those of Tcpip' -Skip:(-not (Get-Command -Name Get-WinEvent -ErrorAction SilentlyContinue)) {
        Mock -ModuleName LoadHost -CommandName Get-WinEvent -MockWith { return }
        $found = InModuleScope LoadHost { Get-TcpEvent -Since ([datetime]::Now) }
        $found.Readable | Should -BeTrue
        Should -Invoke -ModuleName LoadHost -CommandName Get-WinEvent -Times 1 -Exactly -ParameterFilter { $FilterHashtable.ProviderName -eq 'Tcpip' }
    }
}
