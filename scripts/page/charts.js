// Runs in report.html, after uPlot: draws each chart from the figures in the page. No request, nothing is kept.
(() => {
  const charts = JSON.parse(document.getElementById('series').textContent);
  const HEIGHT = 190;
  /** Seconds from one mark of the time axis to the next. */
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200];
  /** With fewer points than this each is marked: one alone makes no line. */
  const FEW = 40;
  let drawn = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** `1:05`, `1:02:03`. */
  const clock = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    const two = (n) => String(n).padStart(2, '0');
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  };

  const number = (value) => {
    if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
    if (value >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
    return String(Number(value.toPrecision(3)));
  };
  const bytes = (value) => {
    if (value >= 1e9) return `${Number((value / 1e9).toPrecision(3))}GB`;
    if (value === 0) return '0';
    return value >= 1e6 ? `${Number((value / 1e6).toPrecision(3))}MB` : `${Number((value / 1e3).toPrecision(3))}KB`;
  };
  const percent = (value) => `${Number((value * 100).toPrecision(3))} %`;
  const format = (unit) => (unit.startsWith('bytes') ? bytes : unit === 'share' ? percent : number);

  /** Points to mark: all where there are few, else those that no line leads to. */
  function marked(u, i) {
    const values = u.data[i];
    const places = [];
    for (let at = 0; at < values.length; at += 1) {
      if (values[at] === null) continue;
      const isAlone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
      if ((isAlone && !u.series[i].spanGaps) || values.length <= FEW) places.push(at);
    }
    return places;
  }

  /** What the legend says: the values under the pointer, or the greatest. */
  function tell(plot, unit) {
    return (u) => {
      const outputs = plot.parentElement.querySelectorAll('.legend output');
      const at = u.cursor.idx;
      outputs.forEach((output, i) => {
        const value = at === null || at === undefined ? null : u.data[i + 1][at];
        output.textContent =
          at === null || at === undefined
            ? output.dataset.most
            : `${clock(u.data[0][at])} ${value === null ? '-' : format(unit)(value)}`;
      });
    };
  }

  function draw(plot) {
    const { unit, times, lines } = charts[Number(plot.dataset.chart)];
    const grey = colour('--soft');
    const grid = { stroke: colour('--line'), width: 1 };
    const axis = { stroke: grey, grid, ticks: grid, font: '12px system-ui, sans-serif' };
    const end = Math.max(1, times[times.length - 1]);
    return new uPlot(
      {
        width: plot.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: [0, end] },
          y: { range: (_, least, most) => [Math.min(0, least ?? 0), (most ?? 0) > 0 ? most * 1.08 : 1] },
        },
        axes: [
          { ...axis, size: 26, incrs: STEPS, values: (_, ticks) => ticks.map(clock) },
          { ...axis, size: 58, values: (_, ticks) => ticks.map(format(unit)) },
        ],
        series: [
          {},
          ...lines.map(({ isPlan, isLevel, colour: place }) => {
            const stroke = isPlan ? grey : colour(`--c${place}`);
            return {
              stroke,
              width: isPlan ? 1.5 : 2,
              dash: isPlan ? [6, 4] : undefined,
              spanGaps: isLevel === true,
              points: { show: true, size: 6, fill: stroke, filter: marked },
            };
          }),
        ],
        hooks: { setCursor: [tell(plot, unit)] },
      },
      [times, ...lines.map(({ values }) => values)],
      plot,
    );
  }

  function drawAll() {
    for (const chart of drawn) chart.destroy();
    drawn = [...document.querySelectorAll('.plot')].map(draw);
  }

  drawAll();
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    drawAll();
  });
  for (const query of ['(prefers-color-scheme: dark)', 'print']) matchMedia(query).addEventListener('change', drawAll);
})();
