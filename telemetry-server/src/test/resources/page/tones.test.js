import { color } from '/assets/chartparts.js';

const LINES = ['calls', 'errors', 'fallbacks', 'p50', 'p95', 'p99', 'cost', 'accent', 'danger', 'warning'];
const IDENTITIES = [1, 2, 3, 4, 5, 6, 7].map((i) => `series-${i}`);
const LEAST = 3;

const parts = (name) => color(name).match(/[\d.]+/g).map(Number);

function luminance([r, g, b]) {
  const linear = [r, g, b].map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function faintIn(theme, names) {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = theme;
  const card = parts('card');
  const faint = names.filter((name) => contrast(parts(name), card) < LEAST);
  if (before === undefined) {
    delete dataset.theme;
  } else {
    dataset.theme = before;
  }
  return faint;
}

export default {
  'contrast is counted as WCAG does': (is) => {
    is(contrast([0, 0, 0], [255, 255, 255]), 21);
  },
  'every line stands out from its card in light': (is) => {
    is(faintIn('light', [...LINES, ...IDENTITIES]), []);
  },
  'every line stands out from its card in dark': (is) => {
    is(faintIn('dark', [...LINES, ...IDENTITIES]), []);
  },
  'a colour that does not would be found': (is) => {
    is(faintIn('light', ['line']), ['line']);
  },
};
