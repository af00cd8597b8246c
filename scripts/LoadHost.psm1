# What the PowerShell scripts of this folder share. The functions are in LoadHost/, a file for each idea.
#
# Every call to the operating system (netsh, rights, listening ports, events, programs, ...) stands behind one small
# function, so that a test can replace it. Nothing depends on the language of Windows.
# Windows PowerShell 5.1 and PowerShell 7, ASCII only.

Set-StrictMode -Version Latest

foreach ($file in @(Get-ChildItem -LiteralPath (Join-Path -Path $PSScriptRoot -ChildPath 'LoadHost') -Filter '*.ps1')) {
    . $file.FullName
}

# Results are shown as tables. Without the file (or where the policy refuses it) as lists.
try {
    $view = Join-Path -Path $PSScriptRoot -ChildPath 'LoadHost.format.ps1xml'
    Update-FormatData -PrependPath $view -WhatIf:$false -Confirm:$false -ErrorAction Stop
}
catch {
    Write-Verbose -Message "The table view was not loaded: $($_.Exception.Message)"
}

Export-ModuleMember -Function @(
    # windows-tcp-optimization.ps1
    'ConvertFrom-DynamicPortText', 'ConvertFrom-ExcludedPortText', 'ConvertFrom-TcpGlobalText'
    'ConvertFrom-PortList', 'Get-ElevatedCommand', 'Get-PortRangePlan', 'Get-ServicePort', 'Invoke-TcpOptimization'
    'Invoke-TimedProgram'
    # test-load-host.ps1 and run-concurrent.ps1
    'ConvertFrom-K6VersionText', 'ConvertFrom-TargetUrl', 'Get-MemoryNeeded', 'Get-PortCapacity', 'Measure-FreePort'
    'New-HostCheck', 'Test-K6', 'Test-PortCapacity', 'Get-PreflightVerdict', 'Invoke-HostPreflight', 'Get-PreflightText'
    'Write-ErrorLine', 'Write-HostLine'
    # run-concurrent.ps1
    'ConvertTo-NativeArgument', 'Find-K6', 'Get-AddressArgument', 'Get-EnvironmentSetting', 'Get-FreeTcpPort', 'Get-K6Ending'
    'Get-HostFigureText', 'Get-K6Environment', 'Get-K6RunArgument', 'Get-PlannedRun', 'Get-RecordingVariable'
    'Get-SamplePause', 'Get-SummaryMark', 'Get-SummaryVerdict', 'Get-VersionVariable', 'Invoke-K6', 'Measure-TcpConnection'
    'Measure-TcpState', 'Measure-TcpTotal', 'Open-HostFigureServer', 'Resolve-SettingPath', 'Save-HostState', 'Save-HtmlReport'
    'Send-HostFigure', 'Split-EnvironmentArgument', 'Split-RunArgument', 'Test-HostOfScript'
)
