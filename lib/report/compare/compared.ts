/** What scripts/compare-results.mjs needs of the report, in one module. */

export { share } from '../../settings/parsers.ts';
export { olderRelease, SCHEMA_VERSION } from '../summary.ts';
export { summaryProblems } from '../whole-summary.ts';
export { compareRuns } from './compare.ts';
export { comparisonMarkdown } from './markdown.ts';
export { comparisonText } from './text.ts';
