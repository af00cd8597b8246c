/** What scripts/merge-results.mjs needs of the report, in one module. */
export { reportHtml } from './html/page.ts';
export { junit } from './junit.ts';
export { mergeSummaries } from './merge.ts';
export { mergedText } from './merged-text.ts';
export { olderRelease, SCHEMA_VERSION } from './summary.ts';
export { summaryProblems } from './whole-summary.ts';
