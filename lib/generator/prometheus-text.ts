/** One line of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/**
 * Samples of some metrics out of an exporter's text: `name{label="value"} 1.2e+08`, with or without labels and time. Lines that
 * are none, and values that are no number (NaN, +Inf), are passed over.
 */
export function samplesIn(text: string, names: readonly string[]): Sample[] {
  const wanted = new Set(names);
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [name = ''] = /^\w+/.exec(line) ?? [];
    if (!wanted.has(name)) continue;
    // A label's value may have braces, and quotes behind a backslash.
    const match = /^\w+\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s*(\S+)/.exec(line);
    const value = Number(match?.[2]);
    if (!match || !Number.isFinite(value)) continue;
    const labels: Record<string, string> = {};
    for (const [, label, text] of (match[1] ?? '').matchAll(/(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)) {
      labels[label as string] = text as string;
    }
    samples.push({ name, labels, value });
  }
  return samples;
}
