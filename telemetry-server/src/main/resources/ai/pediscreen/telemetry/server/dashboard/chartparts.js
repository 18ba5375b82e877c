// Shared by all charts: colours, axes, the tooltip, threshold lines and markers.

import { el } from './html.js';
import * as format from './format.js';

const probe = document.createElement('span');
probe.hidden = true;
document.documentElement.append(probe);

/** A colour of the style sheet, as the theme in force has it. */
export function color(name, alpha = 1) {
  probe.style.color = `var(--${name})`;
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g);
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

const COLORS = 7;
const DASHES = [undefined, [7, 4], [2, 3]];

const places = new Map();

/**
 * Colour and dash of a name, which stay the same while the page is open: those at the hash of the
 * name, or the next free ones. Red is for alerts.
 */
export function lineStyle(name) {
  const all = COLORS * DASHES.length;
  let place = places.get(name);
  if (place === undefined) {
    const taken = new Set(places.values());
    let hash = 2166136261;
    for (const c of name) {
      hash = Math.imul(hash ^ c.codePointAt(0), 16777619) >>> 0;
    }
    // Solid lines first: they are easiest to distinguish.
    place = hash % COLORS;
    for (let tried = 0; taken.has(place) && tried < all; tried += 1) {
      const round = Math.floor(place / COLORS);
      const next = (place + 1) % COLORS;
      place = (tried + 1) % COLORS === 0 ? ((round + 1) % DASHES.length) * COLORS + next : round * COLORS + next;
    }
    places.set(name, place);
  }
  return { tone: `series-${1 + (place % COLORS)}`, dash: DASHES[Math.floor(place / COLORS)] };
}

const FONT = '12px Inter, system-ui, sans-serif';
const DAY_SECONDS = 86_400;

function timeLabels(u, splits) {
  const span = u.scales.x.max - u.scales.x.min;
  return splits.map((second) => {
    const date = new Date(second * 1000);
    const midnight = second % DAY_SECONDS === 0;
    return midnight && span > DAY_SECONDS / 2 ? format.day(date) : format.clock(date);
  });
}

function dayLabels(u, splits) {
  return splits.map((second) =>
    second % DAY_SECONDS === 0 ? format.day(new Date(second * 1000)) : '',
  );
}

const axis = (more) => ({
  stroke: () => color('muted'),
  font: FONT,
  grid: { stroke: () => color('line'), width: 1 },
  ticks: { show: false },
  ...more,
});

export function axes({ xAxis, axisValue, days }) {
  return [
    axis({
      values: days ? dayLabels : timeLabels,
      space: 64,
      size: xAxis ? 30 : 6,
      grid: { show: false },
      ...(xAxis ? {} : { values: (u, splits) => splits.map(() => '') }),
    }),
    axis({
      values: (u, splits) => splits.map((split) => axisValue(split)),
      size: 58,
      space: 34,
    }),
  ];
}

/**
 * A tooltip with the values under the pointer and the markers there. The first `count` series are
 * whole steps, the next `count` the incomplete steps of the same figures.
 */
export function tooltip({ count, last, title, value, marks }) {
  let box;
  return {
    hooks: {
      init: (u) => {
        box = el('div', { className: 'tip', hidden: true, 'aria-hidden': 'true' });
        u.over.append(box);
      },
      setCursor: (u) => {
        const at = u.cursor.idx;
        if (at === null || at === undefined || u.cursor.left < 0) {
          box.hidden = true;
          return;
        }
        const i = Math.min(at, last());
        const rows = u.series
          .slice(1, 1 + count)
          .map((series, s) => ({
            series,
            text: value(u.data[s + 1][i] ?? u.data[s + 1 + count][i], s, i),
          }))
          .filter((row) => row.text !== null);
        const marked = marks(u.data[0][i]);
        box.hidden = rows.length === 0 && marked.length === 0;
        box.replaceChildren(
          el('strong', {}, title(u.data[0][i], i)),
          ...rows.map((row) => {
            const mark = el('i', {});
            mark.style.background = row.series.tone();
            return el('span', {}, mark, el('span', {}, row.series.label), el('b', {}, row.text));
          }),
          ...marked.map((name) => el('em', {}, name)),
        );
        const left = u.cursor.left;
        const flip = left > u.over.clientWidth / 2;
        box.style.left = flip ? 'auto' : `${left + 14}px`;
        box.style.right = flip ? `${u.over.clientWidth - left + 14}px` : 'auto';
      },
    },
  };
}

/** Draws dashed horizontal lines at values, each with its name at the left. */
export function thresholds(lines) {
  return (u) => {
    const { ctx, bbox } = u;
    const scale = window.devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * scale}px Inter, system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    for (const { at, tone, name } of lines) {
      if (at > u.scales.y.max) {
        continue;
      }
      const y = Math.round(u.valToPos(at, 'y', true));
      ctx.strokeStyle = color(tone, 0.8);
      ctx.setLineDash([5 * scale, 4 * scale]);
      ctx.lineWidth = scale;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      // With an outline in the background colour, so that it stays readable over lines.
      ctx.setLineDash([]);
      ctx.lineWidth = 4 * scale;
      ctx.lineJoin = 'round';
      ctx.strokeStyle = color('card');
      ctx.strokeText(name, bbox.left + 4 * scale, y - 2 * scale);
      ctx.fillStyle = color(tone);
      ctx.fillText(name, bbox.left + 4 * scale, y - 2 * scale);
    }
    ctx.restore();
  };
}

/** In a narrower chart markers have no names; they are in its tooltip. */
const MIN_LABELLED_PX = 420;

/** Draws dashed vertical lines at times, each with its name at the top, in as many rows as needed. */
export function drawMarkers(u, markers, named) {
  const { ctx, bbox } = u;
  const scale = window.devicePixelRatio;
  const seen = markers.filter(({ at }) => at >= u.scales.x.min && at <= u.scales.x.max);
  const placed = seen.map((one) => ({ ...one, x: Math.round(u.valToPos(one.at, 'x', true)) }));
  ctx.save();
  ctx.lineWidth = scale;
  ctx.setLineDash([3 * scale, 3 * scale]);
  for (const { x, tone } of placed) {
    ctx.strokeStyle = color(tone);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  if (named && bbox.width >= MIN_LABELLED_PX * scale) {
    nameMarkers(u, placed, scale);
  }
  ctx.restore();
}

function nameMarkers({ ctx, bbox }, markers, scale) {
  const rows = [];
  ctx.font = `${11 * scale}px Inter, system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * scale;
  for (const { x, name, tone } of markers) {
    const width = ctx.measureText(name).width;
    const left = x > bbox.left + bbox.width / 2 ? x - 4 * scale - width : x + 4 * scale;
    const top = bbox.top + (2 + 14 * freeRow(rows, left, left + width)) * scale;
    ctx.strokeStyle = color('card');
    ctx.strokeText(name, left, top);
    ctx.fillStyle = color(tone);
    ctx.fillText(name, left, top);
  }
}

/** The first row that is free between left and right, which is then taken. */
export function freeRow(rows, left, right) {
  let row = 0;
  while (rows[row]?.some((one) => left < one.right && right > one.left)) {
    row += 1;
  }
  rows[row] = [...(rows[row] ?? []), { left, right }];
  return row;
}

/** A fill that fades towards the axis. */
export const gradientFill = (name) => (u) => {
  const gradient = u.ctx.createLinearGradient(0, u.bbox.top, 0, u.bbox.top + u.bbox.height);
  gradient.addColorStop(0, color(name, 0.85));
  gradient.addColorStop(1, color(name, 0.45));
  return gradient;
};
