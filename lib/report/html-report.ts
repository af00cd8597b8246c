/** What scripts/html-report.mjs needs of the report, in one module. */

export { chartsOf } from './html/charts.ts';
export { CHARTS_STYLE, chartsBody } from './html/charts-part.ts';
export { reportHtml } from './html/page.ts';
export { readRecording } from './html/recording.ts';
export { olderRelease, SCHEMA_VERSION } from './summary.ts';
export { summaryProblems } from './whole-summary.ts';
