/**
 * The k6 modules that more than one file needs, imported once: each import statement that a bundle repeats would
 * weigh about 1 KB in each VU.
 *
 * Every READ of a name imported from k6 makes a new function around the Go one (k6 v2.2: 1 KB of garbage, 3.5 KB for
 * a metric's constructor). So what is read often goes into a variable of our own first.
 */
export { check, sleep } from 'k6';
export { default as exec } from 'k6/execution';
export { Counter, Rate, Trend } from 'k6/metrics';
