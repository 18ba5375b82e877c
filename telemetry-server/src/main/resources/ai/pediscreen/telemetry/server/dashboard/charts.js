// The time charts, drawn by uPlot onto canvases in the colours of the style sheet.

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

/** Follows the pointer and says what lies under it. */
function tooltip(titleOf, valueOf) {
  let box;
  return {
    hooks: {
      init: (u) => {
        box = el('div', { className: 'tip', hidden: true, 'aria-hidden': 'true' });
        u.over.append(box);
      },
      setCursor: (u) => {
        const i = u.cursor.idx;
        if (i === null || i === undefined || u.cursor.left < 0) {
          box.hidden = true;
          return;
        }
        const rows = u.series
          .slice(1)
          .map((series, s) => ({ series, text: valueOf(u.data[s + 1][i], s, i) }))
          .filter((row) => row.text !== null && row.series.show !== false);
        box.hidden = rows.length === 0;
        box.replaceChildren(
          el('strong', {}, titleOf(u.data[0][i], i)),
          ...rows.map((row) => {
            const mark = el('i', {});
            mark.style.background = row.series.tone();
            return el('span', {}, mark, el('span', {}, row.series.label), el('b', {}, row.text));
          }),
        );
        const left = u.cursor.left;
        const flip = left > u.over.clientWidth / 2;
        box.style.left = flip ? 'auto' : `${left + 14}px`;
        box.style.right = flip ? `${u.over.clientWidth - left + 14}px` : 'auto';
      },
    },
  };
}

/**
 * A chart in a container, which it fills in width. Series are {label, tone, kind, fill, width}; kind
 * is 'area', 'line' or 'bars'.
 */
export class TimeChart {
  constructor(container, options) {
    this.container = container;
    this.options = options;
    this.chart = null;
    new ResizeObserver(() => this.fit()).observe(container);
  }

  /** Shows columns: seconds, then the values of each series. */
  show(columns, description) {
    this.container.setAttribute('role', 'img');
    this.container.setAttribute('aria-label', description);
    if (this.chart === null) {
      this.chart = new window.uPlot(this.settings(), columns, this.container);
    } else {
      this.chart.setData(columns);
    }
  }

  /** Starts anew, for other series or another step. */
  reset(options = {}) {
    this.options = { ...this.options, ...options };
    this.chart?.destroy();
    this.chart = null;
  }

  /** Draws again, in the colours of a new theme. */
  recolor() {
    // A chart made a moment ago has no scale yet, and is about to be drawn anyway.
    if (this.chart !== null && this.chart.scales.x.min !== null) {
      this.chart.redraw(true, true);
    }
  }

  fit() {
    const width = this.container.clientWidth;
    if (this.chart !== null && width > 0 && width !== this.chart.width) {
      this.chart.setSize({ width, height: this.options.height });
    }
  }

  settings() {
    const { height, series, value, axisValue, sync, max, days, hooks = {}, xAxis = true } = this.options;
    const width = Math.max(this.container.clientWidth, 200);
    const title = days
      ? (second) => format.day(new Date(second * 1000))
      : (second) => `${format.day(new Date(second * 1000))} ${format.clock(new Date(second * 1000))}`;
    const barred = series.some((one) => one.kind === 'bars');
    return {
      width,
      height,
      padding: [14, 22, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 8 },
        drag: { x: false, y: false },
        ...(sync ? { sync: { key: sync } } : {}),
      },
      tzDate: (second) => window.uPlot.tzDate(new Date(second * 1000), 'Etc/UTC'),
      scales: {
        x: {
          time: true,
          // Half a bar of room on either side.
          range: (u, low, high) => {
            const times = u.data[0];
            const half = barred && times.length > 1 ? (times[1] - times[0]) / 2 : 0;
            return [low - half, high + half];
          },
        },
        y: { range: (u, low, high) => [0, Math.max(max ?? 0, (high ?? 0) * 1.12, 1e-9)] },
      },
      axes: [
        axis({
          values: days ? dayLabels : timeLabels,
          space: 64,
          size: xAxis ? 30 : 6,
          grid: { show: false },
          ...(xAxis ? {} : { values: (u, splits) => splits.map(() => '') }),
        }),
        axis({
          values: (u, splits) => splits.map((split) => axisValue(split)),
          size: 54,
          space: 34,
        }),
      ],
      series: [
        {},
        ...series.map((one) => ({
          label: one.label,
          tone: one.tone,
          stroke: one.tone,
          width: one.width ?? (one.kind === 'bars' ? 0 : 2),
          spanGaps: true,
          points: { show: one.points ?? false, size: 5, fill: one.tone },
          ...(one.kind === 'bars'
            ? { paths: window.uPlot.paths.bars({ size: [0.7, 28], radius: 0.2 }), fill: one.fill }
            : { paths: window.uPlot.paths.spline(), fill: one.fill }),
          ...(one.straight ? { paths: window.uPlot.paths.linear() } : {}),
        })),
      ],
      hooks,
      plugins: [tooltip(title, value)],
    };
  }
}

/** A fill that fades towards the axis. */
export const fading = (name) => (u) => {
  const gradient = u.ctx.createLinearGradient(0, u.bbox.top, 0, u.bbox.top + u.bbox.height);
  gradient.addColorStop(0, color(name, 0.32));
  gradient.addColorStop(1, color(name, 0.02));
  return gradient;
};

/** Draws dashed lines at heights, each with its name at the left. */
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
      // On a ground of its own, so that it can be read where lines cross it.
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
