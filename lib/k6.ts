/**
 * The k6 modules that more than one file needs, imported once: each import statement that a bundle repeats would
 * weigh about 1 KB in each VU.
 */
export { check, sleep } from 'k6';
export { default as exec } from 'k6/execution';
export { Counter, Rate, Trend } from 'k6/metrics';
