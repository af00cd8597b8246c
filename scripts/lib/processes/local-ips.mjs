import { isIP } from 'node:net';

/**
 * k6's `--local-ips`: addresses, ranges (`a-b`) and networks (CIDR), from which VU after VU takes the next one. Each k6
 * process begins at the first, so that several would crowd there: each gets the list turned by what those before it took.
 */

/**
 * @typedef {object} Block
 * @property {bigint} first
 * @property {bigint} count
 * @property {4 | 6} version
 */

/**
 * @param {string} text
 * @returns {number | null} How many source addresses; null if k6 will refuse the text.
 */
export function countLocalIps(text) {
  const blocks = blocksOf(text);
  return blocks && Number(blocks.reduce((sum, { count }) => sum + count, 0n));
}

/**
 * @param {string} text
 * @param {number} steps From 0.
 * @returns {string} The same addresses, beginning `steps` later; as it was if k6 will refuse it.
 */
export function turnLocalIps(text, steps) {
  const blocks = blocksOf(text);
  if (!blocks) return text;
  const total = blocks.reduce((sum, { count }) => sum + count, 0n);
  let rest = BigInt(steps) % total;
  /** @type {Block[]} */
  const behind = [];
  /** @type {Block[]} */
  const ahead = [];
  for (const block of blocks) {
    const skipped = rest < block.count ? rest : block.count;
    rest -= skipped;
    if (skipped > 0n) behind.push({ ...block, count: skipped });
    if (skipped < block.count) ahead.push({ ...block, first: block.first + skipped, count: block.count - skipped });
  }
  return [...ahead, ...behind].map(textOf).join(',');
}

/** @param {string} text @returns {Block[] | null} */
function blocksOf(text) {
  const blocks = text
    .trim()
    .split(',')
    .map((part) => blockOf(part));
  return blocks.every((block) => block !== null) ? blocks : null;
}

/** @param {string} text @returns {Block | null} */
function blockOf(text) {
  if (text.includes('-')) {
    const [from = '', to = ''] = text.split('-').map((part) => part.trim());
    const version = versionOf(from);
    if (version === null || versionOf(to) !== version) return null;
    const count = numberOf(to) - numberOf(from) + 1n;
    return count > 0n ? { first: numberOf(from), count, version } : null;
  }
  const [address = '', prefix] = text.split('/');
  const version = versionOf(address);
  if (version === null) return null;
  const first = numberOf(address);
  if (prefix === undefined) return { first, count: 1n, version };
  const bits = (version === 4 ? 32 : 128) - Number(prefix);
  if (!/^\d+$/.test(prefix) || bits < 0) return null;
  const count = 1n << BigInt(bits);
  const network = first - (first % count);
  // As k6: the first and the last address of an IPv4 network are reserved.
  return version === 4 && count > 2n
    ? { first: network + 1n, count: count - 2n, version }
    : { first: network, count, version };
}

/** @param {string} address @returns {4 | 6 | null} */
function versionOf(address) {
  const version = isIP(address);
  return version === 4 || version === 6 ? version : null;
}

/** @param {string} address */
function numberOf(address) {
  if (isIP(address) === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [left = '', right] = address
    .replace(
      /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
      (_, a, b, c, d) => `${(a * 256 + Number(b)).toString(16)}:${(c * 256 + Number(d)).toString(16)}`,
    )
    .split('::');
  const groups = (/** @type {string | undefined} */ half) => (half ? half.split(':') : []);
  const zeros = right === undefined ? 0 : 8 - groups(left).length - groups(right).length;
  return [...groups(left), ...Array(zeros).fill('0'), ...groups(right)].reduce(
    (sum, group) => sum * 65536n + BigInt(`0x${group}`),
    0n,
  );
}

/** @param {Block} block */
function textOf({ first, count, version }) {
  const address = (/** @type {bigint} */ number) =>
    version === 4
      ? [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
      : Array.from({ length: 8 }, (_, i) => ((number >> BigInt(112 - 16 * i)) & 65535n).toString(16)).join(':');
  return count === 1n ? address(first) : `${address(first)}-${address(first + count - 1n)}`;
}
