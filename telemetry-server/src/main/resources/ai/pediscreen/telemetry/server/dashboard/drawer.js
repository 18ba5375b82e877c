// The drawer with one event: its fields, and the calls of the same trace and case.

import { HttpError, fetchJson } from './api.js';
import { byId, el, link } from './html.js';
import * as format from './format.js';

const MAX_RELATED = 20;
const ID_FIELDS = ['event_id', 'trace_id', 'case_id', 'user_id'];
const LABELS = {
  event_id: 'Event',
  trace_id: 'Trace',
  case_id: 'Case',
  user_id: 'User',
};

/** "130,213 input (128,955 cached) · 300 output", or null. */
function tokens(request, response) {
  const input = request.input_tokens ?? request.prompt_tokens;
  const output = response.output_tokens ?? response.completion_tokens;
  const cached = request.cache_read_input_tokens;
  const parts = [
    Number.isInteger(input) ? `${format.whole(input)} input${cached ? ` (${format.whole(cached)} cached)` : ''}` : '',
    Number.isInteger(output) ? `${format.whole(output)} output` : '',
  ];
  return parts.filter(Boolean).join(' · ') || null;
}

/** The fields that are listed, as [label, text]. */
export function facts(event) {
  const response = event.response ?? {};
  const model = event.model ?? {};
  return [
    ['Time', `${event.timestamp.replace('T', ' ').replace('Z', '')} UTC`],
    ['Model', [model.model_id, model.adapter_id, model.provider].filter(Boolean).join(' · ')],
    ['Status', [response.status_code ?? 'no status', response.error_code].filter(Boolean).join(' · ')],
    ['Answered by', response.fallback_to],
    ['Latency', response.latency_ms === undefined ? null : format.millis(response.latency_ms)],
    ['Tokens', tokens(event.request ?? {}, response)],
    ['Cost', event.cost_estimate_usd === undefined ? null : format.dollars(Number(event.cost_estimate_usd))],
    ['Organisation', event.org_id],
  ].filter(([, text]) => text);
}

export class Drawer {
  /**
   * @param org returns the selected organisation, or null
   * @param opened called with the id of the event that is shown
   * @param closed called when the drawer was closed
   */
  constructor({ org, opened, closed }) {
    this.org = org;
    this.opened = opened;
    this.dialog = byId('drawer');
    this.lastRequest = 0;
    this.dialog.addEventListener('close', () => closed());
    byId('drawer-close').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('click', (event) => {
      // The backdrop belongs to the dialog; what it holds fills the rest.
      if (event.target === this.dialog) {
        this.dialog.close();
      }
    });
  }

  /** Shows the event of an id; of several with that id, the one of that time. */
  async open(eventId, timestamp = null) {
    const request = this.begin('Event');
    await this.fill(request, async () => {
      const found = await this.find({ event_id: eventId });
      const one = found.find((event) => sameTime(event.timestamp, timestamp)) ?? found[0];
      return one === undefined
        ? [el('p', { className: 'nothing' }, 'No event with this id. It may have been erased or have expired.')]
        : this.view(one);
    });
  }

  /** Lists the events with this event, trace, case or user id. */
  async search(text) {
    const request = this.begin('Search results');
    await this.fill(request, async () => {
      const found = await Promise.all(ID_FIELDS.map((name) => this.find({ [name]: text })));
      const lists = ID_FIELDS.flatMap((name, i) =>
        found[i].length === 0 ? [] : [this.list(`${LABELS[name]} ${text}`, found[i])],
      );
      return lists.length > 0
        ? lists
        : [el('p', { className: 'nothing' }, `No events with the event, trace, case or user id “${text}”.`)];
    });
  }

  close() {
    this.dialog.close();
  }

  begin(title) {
    byId('drawer-title').textContent = title;
    byId('drawer-body').replaceChildren(el('p', { className: 'nothing' }, 'Loading …'));
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    this.lastRequest += 1;
    return this.lastRequest;
  }

  async fill(request, contentOf) {
    let content;
    try {
      content = await contentOf();
    } catch (failure) {
      const text = failure instanceof HttpError ? failure.message : 'The server does not answer.';
      content = [el('p', { className: 'nothing' }, text)];
    }
    if (request === this.lastRequest) {
      byId('drawer-body').replaceChildren(...content);
    }
  }

  async find(names) {
    const answer = await fetchJson('events', { ...names, org_id: this.org(), limit: MAX_RELATED });
    return answer.events;
  }

  async view(event) {
    byId('drawer-title').textContent = event.response?.error_code ?? 'Event';
    this.opened(event.event_id);
    const payload = JSON.stringify(event, null, 2);
    const related = await Promise.all(
      ['trace_id', 'case_id'].flatMap((name) =>
        event[name] ? [this.find({ [name]: event[name] }).then((found) => this.list(`Calls of the same ${LABELS[name].toLowerCase()}`, found, event))] : [],
      ),
    );
    return [
      el(
        'dl',
        { className: 'facts' },
        ...facts(event).flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, String(text))]),
        ...ID_FIELDS.filter((name) => event[name]).flatMap((name) => [
          el('dt', {}, `${LABELS[name]} id`),
          el('dd', {}, el('code', {}, event[name]), copyButton(event[name], `${LABELS[name].toLowerCase()} id`)),
        ]),
      ),
      ...related,
      el('h3', {}, 'Stored event', copyButton(payload, 'stored event')),
      el('pre', { className: 'payload', tabIndex: 0, 'aria-label': 'Stored event as JSON' }, payload),
    ];
  }

  list(title, events, self = null) {
    return el(
      'section',
      {},
      el('h3', {}, title),
      el(
        'ol',
        { className: 'neighbours' },
        ...events.map((event) =>
          el(
            'li',
            { 'aria-current': self !== null && sameEvent(event, self) ? 'true' : null },
            link(format.when(event.timestamp), () => this.open(event.event_id, event.timestamp)),
            el('span', { className: 'name' }, event.model?.model_id ?? format.NONE),
            el('span', {}, outcome(event)),
          ),
        ),
      ),
    );
  }
}

const sameTime = (a, b) => b !== null && Date.parse(a) === Date.parse(b);
const sameEvent = (a, b) => a.event_id === b.event_id && a.org_id === b.org_id;

function outcome(event) {
  const { error_code, status_code, latency_ms, fallback_to } = event.response ?? {};
  return [error_code ?? status_code, fallback_to && `→ ${fallback_to}`, latency_ms !== undefined && format.millis(latency_ms)]
    .filter(Boolean)
    .join(' · ');
}

function copyButton(text, what) {
  const button = el('button', { type: 'button', className: 'copy', 'aria-label': `Copy ${what}` }, 'Copy');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    button.setAttribute('aria-label', `Copied ${what}`);
  });
  return button;
}
