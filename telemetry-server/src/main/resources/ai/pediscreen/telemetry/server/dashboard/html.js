// The only way in which this page makes elements. Strings become text, never markup: names of
// models and organisations are whatever their senders made them.

/** An element with properties (attributes if their name has a dash or is "role") and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) {
      continue;
    }
    if (name.includes('-') || name === 'role' || name === 'scope' || name === 'datetime') {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

const SVG = 'http://www.w3.org/2000/svg';

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A line of values without axes; decoration for the figure beside it. */
export function sparkline(values) {
  const width = 120;
  const height = 28;
  const max = Math.max(...values, 0);
  if (values.length < 2 || max === 0) {
    return svg('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  }
  const points = values.map((value, i) => [
    (i / (values.length - 1)) * width,
    height - 2 - (value / max) * (height - 5),
  ]);
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' L');
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'spark-area', d: `M0,${height} L${line} L${width},${height}Z` }),
    svg('path', { class: 'spark-line', d: `M${line}` }),
  );
}

/** Named counts as bars, largest share first or in the order given. */
export function bars(rows, { empty, tone = '' }) {
  if (rows.length === 0) {
    return el('p', { className: 'nothing' }, empty);
  }
  const max = Math.max(...rows.map((row) => row.value), 1);
  return el(
    'ul',
    { className: `bar-list ${tone}` },
    ...rows.map((row) => {
      const fill = el('span', { className: 'bar-fill' });
      fill.style.width = `${(row.value / max) * 100}%`;
      return el(
        'li',
        {},
        el('span', { className: 'bar-name', title: row.name }, row.name),
        el('span', { className: 'bar-track', 'aria-hidden': 'true' }, fill),
        el('span', { className: 'bar-value' }, row.text),
      );
    }),
  );
}

/** A plain table: a head and rows of texts or nodes. */
export function table(caption, head, rows) {
  return el(
    'table',
    {},
    el('caption', { className: 'unseen' }, caption),
    el('thead', {}, el('tr', {}, ...head.map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell))))),
  );
}

/** Fills a select with options and keeps what was chosen, even if it is no option any more. */
export function fill(select, options, chosen) {
  const values = options.map((option) => option.value);
  if (chosen && !values.includes(chosen)) {
    options = [...options, { value: chosen, text: chosen }];
  }
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.dataset.options = wanted;
    select.replaceChildren(
      ...options.map((option) => el('option', { value: option.value }, option.text)),
    );
  }
  select.value = chosen ?? '';
}
