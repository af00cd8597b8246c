/**
 * How much a figure differs between two runs of one build, so how much of a difference says nothing. Medians of what
 * goes on for the whole hold are `typical`, their 95th percentile is `tail`, the 99th `outermost`. `burst`: what happens
 * while all connections open, when whatever else a host does shows most. `recovery`: with clients that wait at random.
 */
export type Noise =
  | 'typical'
  | 'tail'
  | 'outermost'
  | 'burst'
  | 'recovery'
  | 'memory'
  | 'perConnection'
  | 'cpu'
  | 'share'
  | 'exact';

/** One thing that two runs are compared by. */
export interface Figure {
  /** Heading it stands under. */
  group: string;
  /** `round trip p95` */
  name: string;
  /** Shares from 0 to 1, times in ms, memory in bytes. */
  unit: 'share' | 'ms' | 'bytes' | 'cores' | 'number';
  /** null: it is shown and not judged. */
  better: 'more' | 'less' | null;
  noise: Noise;
  /** In place of the least difference of its noise. */
  least?: number;
  /** By how many ms the generator itself was late, as far out as this figure is. */
  lateMs?: number;
  /** null: it was not measured. */
  value: number | null;
  /** Of a share: how many it is a share of; null: not known. */
  of: number | null;
  /** Its absence says something: all others k6 or the host may not tell. */
  isNeeded?: boolean;
  /** What is asked of it, where it is a target: `> 95 %`. */
  asked?: string;
  /** Of a target: whether it was met; null: not judged. */
  met?: boolean | null;
}
