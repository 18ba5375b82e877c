// The time charts, drawn by uPlot onto canvases in the colours of the style sheet.

import { el } from './html.js';
import { axes, drawMarkers, tooltip } from './chartparts.js';
import { markersWithin } from './markers.js';
import { stepName } from './format.js';

const MIN_DRAG_PX = 6;

const stepTitle = (second, step, partial) => `${stepName(second, step)}${partial ? ', incomplete' : ''}`;

/**
 * A chart in a container, which it fills in width. Series are {label, tone, kind, fill, width}; kind
 * is 'bars' for counts and sums of a step, 'steps' for two of them in one chart, 'line' for other
 * figures. A line has a gap where there is no value, and a dot for a single value.
 */
export class TimeChart {
  constructor(container, options) {
    this.container = container;
    this.options = options;
    this.chart = null;
    this.step = 3600;
    new ResizeObserver(() => this.fit()).observe(container);
    container.tabIndex = 0;
    container.addEventListener('keydown', (event) => this.onKey(event));
    container.addEventListener('blur', () => this.point(null));
  }

  /**
   * Shows columns: seconds, then the values of each series.
   *
   * @param step seconds from one value to the next
   * @param partial positions of steps that are only partly in the window: drawn as outlines
   * @param markers [{at, name, tone}] times to mark
   */
  show(columns, description, { step = 86_400, partial = [], markers = [] } = {}) {
    this.container.setAttribute('role', 'img');
    this.container.setAttribute('aria-label', description);
    this.markers = markers;
    this.partial = new Set(partial);
    if (this.step !== step) {
      this.step = step;
      this.reset();
    }
    this.columns = columns;
    const data = this.plotData(columns);
    if (this.chart === null) {
      this.container.replaceChildren();
      this.liveRegion = el('span', { className: 'unseen', 'aria-live': 'polite' });
      this.chart = new window.uPlot(this.settings(), data, this.container);
      this.container.append(this.liveRegion);
    } else {
      this.chart.setData(data);
    }
  }

  /** Each series twice: whole steps, and incomplete steps, which are drawn differently. */
  plotData([times, ...values]) {
    const last = times.length - 1;
    const { series } = this.options;
    const isLine = (s) => series[s].kind === 'line';
    const whole = values.map((column) => column.map((value, i) => (this.partial.has(i) ? null : value)));
    const rest = values.map((column, s) =>
      column.map((value, i) =>
        this.partial.has(i) || (isLine(s) && (this.partial.has(i - 1) || this.partial.has(i + 1)))
          ? value
          : null,
      ),
    );
    if (!series.some((one) => one.kind === 'steps')) {
      return [times, ...whole, ...rest];
    }
    // A step ends where the next would begin.
    const extended = (column) => [...column, column[last]];
    return [[...times, times[last] + this.step], ...whole.map(extended), ...rest.map(extended)];
  }

  /** Discards the chart, for other series or another step. */
  reset(options = {}) {
    this.options = { ...this.options, ...options };
    this.chart?.destroy();
    this.chart = null;
  }

  /** Redraws in the colours of a new theme. */
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

  /** Arrow keys move from step to step, whose values are announced; Escape ends it. */
  onKey(event) {
    if (this.chart === null || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const last = this.columns[0].length - 1;
    const at = this.at ?? last + 1;
    const next = {
      ArrowLeft: Math.max(at - 1, 0),
      ArrowRight: Math.min(at + 1, last),
      Home: 0,
      End: last,
      Escape: null,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.point(next);
    }
  }

  point(i) {
    this.at = i;
    if (this.chart === null) {
      return;
    }
    const left = i === null ? -10 : this.chart.valToPos(this.columns[0][i], 'x');
    this.chart.setCursor({ left, top: i === null ? -10 : 10 });
    this.liveRegion.textContent =
      i === null ? '' : this.container.querySelector('.tip:not([hidden])')?.innerText ?? '';
  }

  settings() {
    const { height, series, value, axisValue, sync, max, zoom, title, hooks = {}, xAxis = true, marksNamed = true } = this.options;
    const kinds = new Set(series.map((one) => one.kind));
    const width = Math.max(this.container.clientWidth, 200);
    return {
      width,
      height,
      padding: [14, 22, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: kinds.has('line') ? { size: 8 } : { show: false },
        drag: { x: Boolean(zoom), y: false, setScale: false },
        ...(sync ? { sync: { key: sync } } : {}),
      },
      tzDate: (second) => window.uPlot.tzDate(new Date(second * 1000), 'Etc/UTC'),
      scales: {
        x: {
          time: true,
          // Room for the last step, in every chart alike.
          range: (u, low, high) => (kinds.has('steps') || this.options.points ? [low, high] : [low, high + this.step]),
        },
        y: { range: (u, low, high) => [0, Math.max(max ?? 0, (high ?? 0) * this.headroom(), 1e-9)] },
      },
      axes: axes({ xAxis, axisValue, days: this.step >= 86_400 }),
      series: [
        {},
        ...series.map((one) => this.seriesOptions(one, false)),
        ...series.map((one) => this.seriesOptions(one, true)),
      ],
      hooks: {
        ...hooks,
        draw: [...(hooks.draw ?? []), (u) => drawMarkers(u, this.markers, marksNamed)],
        setSelect: [(u) => this.selected(u)],
      },
      plugins: [
        tooltip({
          count: series.length,
          last: () => this.columns[0].length - 1,
          title: title ?? ((second, i) => stepTitle(second, this.step, this.partial.has(i))),
          value,
          marks: (second) => markersWithin(this.markers, second, this.step),
        }),
      ],
    };
  }

  /** By what factor the axis exceeds the highest value: names of markers are drawn above it. */
  headroom() {
    const named = this.options.marksNamed ?? true;
    return named && this.markers.length > 0 ? 1.3 : 1.12;
  }

  seriesOptions(one, partial) {
    const { paths } = window.uPlot;
    const filled = partial ? {} : { fill: one.fill };
    const shared = {
      label: one.label,
      tone: one.tone,
      stroke: one.tone,
      width: one.width ?? 2,
      spanGaps: false,
      points: { show: false },
      ...(partial ? { dash: [4, 3], width: 1.5 } : {}),
    };
    if (one.kind === 'bars') {
      return {
        ...shared,
        ...filled,
        width: partial ? 1.25 : 0,
        paths: paths.bars({ size: [0.86, 60], align: 1, radius: 0.1 }),
      };
    }
    if (one.kind === 'steps') {
      return { ...shared, ...filled, paths: paths.stepped({ align: 1 }) };
    }
    return {
      ...shared,
      paths: paths.linear(),
      ...(one.dash && !partial ? { dash: one.dash } : {}),
      points: { show: true, size: 6, fill: one.tone, filter: partial ? () => [] : one.points ? allPoints : isolated },
    };
  }

  /** Zooms to the selected time range. */
  selected(u) {
    const { left, width } = u.select;
    if (!this.options.zoom || width < MIN_DRAG_PX) {
      return;
    }
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.options.zoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'), this.step);
  }
}

const isValue = (value) => value !== null && value !== undefined;

/** The positions of values that have no neighbour, so that no line shows them. */
export function isolatedPoints(values) {
  return values.flatMap((value, i) =>
    isValue(value) && !isValue(values[i - 1]) && !isValue(values[i + 1]) ? [i] : [],
  );
}

const isolated = (u, series) => isolatedPoints(u.data[series]);
const allPoints = (u, series) => u.data[series].flatMap((value, i) => (isValue(value) ? [i] : []));
