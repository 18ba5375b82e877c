// The options of the filters: all organisations, and the models of the selected one.

import { byId, fill } from './html.js';

const MAX_ORGANISATIONS = 10_000;

/** The names of all organisations, page by page; at most ten thousand. */
export async function organisationNames(fetchJson) {
  const names = [];
  let after = null;
  do {
    const page = await fetchJson('organisations', { after });
    names.push(...page.organisations);
    after = page.next ?? null;
  } while (after !== null && names.length < MAX_ORGANISATIONS);
  return names;
}

const option = (value) => ({ value, text: value });
const ALL = { value: '', text: 'All' };

export function fillFilters(organisations, models, view) {
  fill(byId('org'), [ALL, ...organisations.map(option)], view.org_id);
  const named = models.flatMap((one) => (one.model_id === null ? [] : [option(one.model_id)]));
  fill(byId('model'), [ALL, ...named], view.model_id);
}

/** Selects what the view has, even if it is not among the options. */
export function selectFilters(view) {
  for (const [id, chosen] of [['org', view.org_id], ['model', view.model_id]]) {
    fill(byId(id), [...byId(id).options].map(({ value, text }) => ({ value, text })), chosen);
  }
}
