import { groupDigits } from '../../plan/format.ts';
import { html, Markup } from './markup.ts';

/** A station of a flow, and what left it on the way there from the one before. */
export interface Stage {
  name: string;
  count: number;
  aside: { name: string; count: number; isLoss: boolean }[];
}

/** What less than this many pixels wide would be is drawn as wide: it must not go unseen. */
const LEAST = 3;

/** Lengths of a picture in its own pixels. `along` is the direction of the flow. */
interface Sizes {
  /** From one station to the next. */
  pitch: number;
  /** Of the first station, across. */
  band: number;
  /** Of a station, along. */
  bar: number;
}

/** Where what goes from one station to another leaves and arrives, across the flow. */
interface Stream {
  kind: 'main' | 'loss' | 'aside';
  /** Number of the station that it comes to. */
  to: number;
  from: number;
  at: number;
  size: number;
  name: string;
  count: number;
}

/** From left to right, for a wide screen and for paper; what has but two stations takes half of it. */
export function wideFlow(stages: readonly Stage[], label: string): Markup {
  const width = stages.length > 2 ? 1_000 : 480;
  const sizes = { pitch: (width - 150) / Math.max(1, stages.length - 1), band: 96, bar: 12 };
  const top = 44;
  const streams = streamsOf(stages, sizes, sizes.band + 34, 26);
  const height = top + Math.max(sizes.band, ...streams.map(({ at, size }) => at + Math.max(size, 16))) + 6;
  const x = (i: number) => i * sizes.pitch;
  return html`<svg class="flow wide" viewBox="0 0 ${width} ${round(height)}" role="img" aria-label="${label}">${streams.map(
    ({ kind, to, from, at, size }) => {
      const [x0, x1] = [x(to - 1) + sizes.bar, x(to)];
      const mid = (x0 + x1) / 2;
      const d = `M${x0} ${y(from)}C${mid} ${y(from)} ${mid} ${y(at)} ${x1} ${y(at)}V${y(at + size)}C${mid} ${y(at + size)} ${mid} ${y(from + size)} ${x0} ${y(from + size)}Z`;
      return html`<path class="${kind}" d="${d}"/>`;
    },
  )}${stages.map(
    ({ name, count }, i) =>
      html`<rect class="station" x="${round(x(i))}" y="${top}" width="${sizes.bar}" height="${round(sizeOf(count, stages, sizes))}" rx="2"/><text x="${round(x(i))}" y="14">${name}</text><text class="count" x="${round(x(i))}" y="36">${groupDigits(count)}</text>`,
  )}${streams
    .filter(({ kind }) => kind !== 'main')
    .map(
      ({ kind, to, at, size, name, count }) =>
        html`<rect class="end ${kind}" x="${round(x(to))}" y="${y(at)}" width="${sizes.bar}" height="${round(size)}" rx="2"/><text class="${kind}" x="${round(x(to) + sizes.bar + 7)}" y="${y(at + Math.max(size / 2, 3) + 5)}">${name} <tspan class="count">${groupDigits(count)}</tspan></text>`,
    )}</svg>`;

  function y(across: number): number {
    return round(top + across);
  }
}

/** Width of a letter, at most on the average. */
const LETTER = 9;

/** From top to bottom, for a narrow screen. */
export function narrowFlow(stages: readonly Stage[], label: string): Markup {
  const width = 340;
  const sizes = { pitch: 84, band: 128, bar: 10 };
  const streams = streamsOf(stages, sizes, sizes.band + 58, 0);
  const y = (i: number) => 24 + i * sizes.pitch;
  // Those of one station stand below each other.
  const rank = (stream: Stream) =>
    streams.filter(({ kind, to }) => kind !== 'main' && to === stream.to).indexOf(stream) * 26;
  const height = y(stages.length - 1) + sizes.bar + 14;
  return html`<svg class="flow narrow" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${streams.map(
    (stream) => {
      const { kind, to, from, at, size } = stream;
      const [y0, y1] = [y(to - 1) + sizes.bar, y(to) - (kind === 'main' ? 0 : 14 - rank(stream))];
      const mid = (y0 + y1) / 2;
      const d = `M${round(from)} ${y0}C${round(from)} ${mid} ${round(at)} ${mid} ${round(at)} ${y1}H${round(at + size)}C${round(at + size)} ${mid} ${round(from + size)} ${mid} ${round(from + size)} ${y0}Z`;
      return html`<path class="${kind}" d="${d}"/>`;
    },
  )}${stages.map(
    ({ name, count }, i) =>
      html`<rect class="station" x="0" y="${y(i)}" width="${round(sizeOf(count, stages, sizes))}" height="${sizes.bar}" rx="2"/><text x="2" y="${y(i) - 7}">${name} <tspan class="count">${groupDigits(count)}</tspan></text>`,
  )}${streams
    .filter(({ kind }) => kind !== 'main')
    .map((stream) => {
      const { kind, to, at, size, name, count } = stream;
      const top = y(to) - 14 + rank(stream);
      // A longer text ends at the edge in place of beginning below its bar.
      const isLong = `${name} ${groupDigits(count)}`.length > (width - at) / LETTER;
      const place = isLong ? `x="${width}" text-anchor="end"` : `x="${round(at)}"`;
      return html`<rect class="end ${kind}" x="${round(at)}" y="${top}" width="${round(size)}" height="6" rx="2"/><text class="${kind}" ${new Markup(place)} y="${top + 20}">${name} <tspan class="count">${groupDigits(count)}</tspan></text>`;
    })}</svg>`;
}

/**
 * @param aside - where what leaves the flow ends, across.
 * @param gap - between two of those at one station, across.
 */
function streamsOf(stages: readonly Stage[], sizes: Sizes, aside: number, gap: number): Stream[] {
  return stages.slice(1).flatMap((stage, i) => {
    const main = sizeOf(stage.count, stages, sizes);
    let from = main;
    let at = aside;
    const branches = stage.aside
      .filter(({ count }) => count > 0)
      .map(({ name, count, isLoss }): Stream => {
        const size = sizeOf(count, stages, sizes);
        const stream = {
          kind: isLoss ? ('loss' as const) : ('aside' as const),
          to: i + 1,
          from,
          at,
          size,
          name,
          count,
        };
        from += size;
        // Beside each other only where there is a gap between them.
        if (gap > 0) at += Math.max(size, 16) + gap - 16;
        return stream;
      });
    const own = { kind: 'main' as const, to: i + 1, from: 0, at: 0, size: main, name: stage.name, count: stage.count };
    return main > 0 ? [own, ...branches] : branches;
  });
}

function sizeOf(count: number, stages: readonly Stage[], { band }: Sizes): number {
  const all = stages[0]?.count ?? 0;
  if (count <= 0 || all === 0) return 0;
  return Math.max(LEAST, Math.min(1, count / all) * band);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
