// All elements of the page are created here. Strings become text, never markup: names of models and
// organisations come from senders and are not trusted.

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

/** A line of values without axes, with gaps; hidden from screen readers, which have the figure beside it. */
export function sparkline(values) {
  const width = 120;
  const height = 28;
  const view = { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  const max = Math.max(...values.filter((value) => value !== null), 0);
  if (values.length < 2 || max === 0) {
    return svg('svg', view);
  }
  const paths = runs(values).flatMap((run) => {
    const points = run.map(({ i, value }) => {
      const x = (i / (values.length - 1)) * width;
      return `${x.toFixed(1)},${(height - 2 - (value / max) * (height - 5)).toFixed(1)}`;
    });
    const [left] = points[0].split(',');
    const [right] = points[points.length - 1].split(',');
    return [
      svg('path', { class: 'spark-area', d: `M${left},${height} L${points.join(' L')} L${right},${height}Z` }),
      // A single point is a line of length zero, which round line caps make visible.
      svg('path', { class: 'spark-line', d: `M${points.length === 1 ? [points[0], points[0]].join(' L') : points.join(' L')}` }),
    ];
  });
  return svg('svg', view, ...paths);
}

/** The runs of values without a gap, each with its positions. */
export function runs(values) {
  const found = [];
  values.forEach((value, i) => {
    if (value === null || value === undefined) {
      return;
    }
    const last = found[found.length - 1];
    if (last && last[last.length - 1].i === i - 1) {
      last.push({ i, value });
    } else {
      found.push([{ i, value }]);
    }
  });
  return found;
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

/** Fills a select and keeps what was selected, even if it is not an option any more. */
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

const signatures = new WeakMap();

/** Whether an element shows this content already: then it is left as it is, with focus and selection. */
export function isShown(element, content) {
  const signature = JSON.stringify(content);
  const same = signatures.get(element) === signature;
  signatures.set(element, signature);
  return same;
}

/** A button that reads as a link. */
export function link(text, press, more = {}) {
  const button = el('button', { type: 'button', className: 'link', ...more }, text);
  button.addEventListener('click', press);
  return button;
}
