/** The scripts that the package's command runs by their names, instead of a scenario. */
export const COMMANDS = ['compare-results', 'html-report', 'merge-results', 'run-processes', 'target-server', 'k6'];
