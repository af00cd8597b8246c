// These functions are sent into the browser as text: each has to stand for itself.

/**
 * The charts on k6's dashboard or report, with the number of pixels in colour: the lines and the areas below them;
 * axes, grid and text are grey.
 *
 * @returns {{ title: string, colouredPixels: number }[]}
 */
export function chartsOnPage() {
  return [...document.querySelectorAll('.uplot')].flatMap((plot) => {
    let box = plot;
    while (box && !box.querySelector('h3, h4')) box = box.parentElement;
    const canvas = plot.querySelector('canvas');
    const title = box?.querySelector('h3, h4')?.textContent;
    if (!title || !canvas?.width || !canvas.height) return [];
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let colouredPixels = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue, alpha] = data.subarray(i, i + 4);
      if (alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 30) colouredPixels++;
    }
    return [{ title, colouredPixels }];
  });
}

/**
 * The rows of all tables, cells separated by spaces.
 *
 * @returns {string[]}
 */
export function tableRowsOnPage() {
  return [...document.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.textContent).join(' '),
  );
}

/**
 * What is on our own report.html.
 *
 * @returns {{ verdict: string, flows: string[], text: string, overflow: number, brokenWords: string[],
 *   cutTexts: string[],
 *   charts: { title: string, lines: string[], points: number, colouredPixels: number }[] }}
 */
export function reportOnPage() {
  const coloured = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue, alpha] = data.slice(i, i + 4);
      if (alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) pixels += 1;
    }
    return pixels;
  };
  const brokenWords = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.parentElement.closest('script, .unseen')) continue;
    for (const { 0: word, index } of node.textContent.matchAll(/[\p{L}\d]{2,}/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => top));
      if (lines.size > 1) brokenWords.push(word);
    }
  }
  const series = JSON.parse(document.getElementById('series')?.textContent ?? '[]');
  return {
    verdict: document.querySelector('h1').innerText.replace(/\s+/g, ' '),
    flows: [...document.querySelectorAll('svg.flow')]
      .filter((svg) => getComputedStyle(svg).display !== 'none')
      .map((svg) => svg.getAttribute('aria-label')),
    text: document.body.innerText,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    brokenWords,
    cutTexts: [...document.querySelectorAll('svg.flow')].flatMap((svg) => {
      const { left, right } = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')]
        .filter((text) => text.getBoundingClientRect().left < left || text.getBoundingClientRect().right > right)
        .map((text) => text.textContent);
    }),
    charts: [...document.querySelectorAll('.plot')].map((plot, i) => ({
      title: series[i].title,
      lines: series[i].lines.map(({ label }) => label),
      points: Math.max(...series[i].lines.map(({ values }) => values.filter((value) => value !== null).length)),
      colouredPixels: coloured(plot.querySelector('canvas')),
    })),
  };
}
