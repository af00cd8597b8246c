/** The media type of Prometheus's text format. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in Prometheus's text format. What is not known is left out.
 *
 * @param {[name: string, type: 'counter' | 'gauge', values: number | undefined | [labels: Record<string, string>, value: number][]][]} metrics
 * @returns {string} `# TYPE a gauge\na{b="c"} 1\n`
 */
export function prometheusText(metrics) {
  return metrics
    .map(([name, type, values]) => {
      if (values === undefined) return '';
      const samples = typeof values === 'number' ? [/** @type {const} */ ([{}, values])] : values;
      const lines = samples.map(([labels, value]) => {
        const list = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
        return `${name}${list.length > 0 ? `{${list.join(',')}}` : ''} ${value}\n`;
      });
      return `# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}
