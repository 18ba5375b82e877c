// The bins of one drift record: the shares of its reference and of the day.

import { el } from './html.js';
import * as format from './format.js';

export function verdict(one) {
  return {
    INSUFFICIENT_DATA: 'too few values',
    STABLE: 'stable',
    MODERATE: 'moderate drift',
    SIGNIFICANT: 'significant drift',
    NOT_CERTAIN: 'large, but may be chance',
    NOT_LARGE: 'certain, but small',
    SEASONAL: 'seasonal, usual for this weekday',
  }[one.verdict];
}

export function binsView(answer) {
  const largest = Math.max(
    ...answer.bins.map((bin) => Math.max(bin.reference_share, bin.current_share)),
  );
  const bar = (share, className) => {
    const fillBar = el('span', { className: `bar-fill ${className}` });
    fillBar.style.width = `${(share / largest) * 100}%`;
    return el('span', { className: 'bar-track', 'aria-hidden': 'true' }, fillBar);
  };
  const share = (value) => `${(value * 100).toFixed(1)}%`;
  return [
    el(
      'p',
      { className: 'verdict', 'data-severity': answer.alert ? answer.severity : 'ok' },
      el('b', {}, `PSI ${answer.psi_score.toFixed(3)}`),
      `: ${verdict(answer)}. Critical value ${answer.critical_value.toFixed(3)}.`,
    ),
    el(
      'ul',
      { className: 'legend' },
      el('li', { className: 'swatch-reference' }, `7 days before (${format.whole(answer.reference_count)} values)`),
      el('li', { className: 'swatch-current' }, `this day (${format.whole(answer.current_count)} values)`),
    ),
    el(
      'table',
      { className: 'bins' },
      el('caption', { className: 'unseen' }, 'Share of values in each bin, in the 7 days before and on this day, and its contribution to the PSI'),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...[label(answer.feature), 'Share of values', 'Contribution'].map((name) =>
            el('th', { scope: 'col' }, name),
          ),
        ),
      ),
      el(
        'tbody',
        {},
        ...answer.bins.map((bin, i) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row' }, binName(bin, i === answer.bins.length - 1)),
            el(
              'td',
              {},
              bar(bin.reference_share, 'reference'),
              bar(bin.current_share, 'current'),
              el('span', { className: 'unseen' }, `7 days before ${share(bin.reference_share)}, this day ${share(bin.current_share)}`),
            ),
            el('td', { title: `${share(bin.reference_share)} → ${share(bin.current_share)}` }, bin.contribution.toFixed(3)),
          ),
        ),
      ),
    ),
  ];
}

const label = (feature) => (feature === 'latency_ms' ? 'Latency, ms' : feature);

function binName(bin, last) {
  if (bin.category !== undefined) {
    return bin.category ?? bin.group;
  }
  const edge = (value) =>
    Math.abs(value) >= 100 ? format.whole(Math.round(value * 10) / 10) : `${Number(value.toPrecision(4))}`;
  if (bin.lower === null) {
    return `under ${edge(bin.upper)}`;
  }
  if (bin.upper === null || last) {
    return `${edge(bin.lower)} and more`;
  }
  return `${edge(bin.lower)} – ${edge(bin.upper)}`;
}
