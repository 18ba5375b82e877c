import { partialSteps } from '/assets/panels.js';
import { costAside, costFigure, sparkValues } from '/assets/tiles.js';
import { isolatedPoints } from '/assets/charts.js';
import { runs } from '/assets/html.js';
import { lineStyle } from '/assets/chartparts.js';

const answer = (since, until, times) => ({
  since,
  until,
  step_minutes: 60,
  series: times.map((time) => ({ time, calls: 1, errors: 0 })),
});

export default {
  'the current hour is incomplete, and so is a first one that began before the window': (is) => {
    const times = ['2026-03-10T10:00:00Z', '2026-03-10T11:00:00Z', '2026-03-10T12:00:00Z'];
    is(partialSteps(answer('2026-03-10T10:00:00Z', '2026-03-10T12:20:00Z', times)), [2]);
    is(partialSteps(answer('2026-03-10T10:20:00Z', '2026-03-10T12:20:00Z', times)), [0, 2]);
    is(partialSteps(answer('2026-03-10T10:00:00Z', '2026-03-10T12:59:59.999999Z', times)), []);
    is(partialSteps(answer('2026-03-10T10:00:00Z', '2026-03-10T10:00:00Z', [])), []);
  },
  'a sparkline has whole steps only, and null where there were no calls': (is) => {
    const series = [{ calls: 2, errors: 1 }, { calls: 0, errors: 0 }, { calls: 1, errors: 1 }];
    is(sparkValues(series, [2], (p) => (p.calls === 0 ? null : p.errors / p.calls)), [0.5, null]);
  },
  'a cost of zero is not shown for unpriced calls': (is) => {
    const cost = (total_requests, total_cost_usd, unpriced_calls) => {
      const overview = { total_requests, total_cost_usd, unpriced_calls };
      return [costFigure(overview), costAside(overview)];
    };
    is(cost(0, 0, 0), ['–', 'no calls']);
    is(cost(4, 2, 0), ['$2.00', '$0.5000 per call']);
    is(cost(4, 0, 0), ['$0.00', '$0.00 per call']);
    is(cost(4, 0, 4), ['–', '4 calls unpriced']);
    is(cost(4, 2, 1), ['$2.00', '1 call unpriced']);
  },
  'a value without a neighbour is found, so that it can be a dot': (is) => {
    is(isolatedPoints([1, null, 2, 3, null, 4]), [0, 5]);
    is(isolatedPoints([1, 2]), []);
    is(isolatedPoints([null, 7, null]), [1]);
  },
  'a line has a part for each run of values': (is) => {
    is(runs([1, 2, null, 3]).map((run) => run.map((one) => one.i)), [[0, 1], [3]]);
  },
  'a name keeps its colour, and no two have the same look': (is) => {
    const names = ['a · latency', 'b · latency', 'c · latency', 'd', 'e', 'f', 'g', 'h', 'i'];
    const looks = names.map((name) => JSON.stringify(lineStyle(name)));
    is(new Set(looks).size, names.length);
    is(names.map((name) => JSON.stringify(lineStyle(name))), looks);
  },
};
