// What the filters offer: all organisations, and the models of the chosen one.

import { byId, fill } from './html.js';

const MOST_ORGANISATIONS = 10_000;

/** The names of all organisations, page by page; a list to choose from ends at ten thousand. */
export async function organisationNames(asked) {
  const names = [];
  let after = null;
  do {
    const page = await asked('organisations', { after });
    names.push(...page.organisations);
    after = page.next ?? null;
  } while (after !== null && names.length < MOST_ORGANISATIONS);
  return names;
}

const option = (value) => ({ value, text: value });
const ALL = { value: '', text: 'All' };

export function offer(organisations, models, view) {
  fill(byId('org'), [ALL, ...organisations.map(option)], view.org_id);
  const named = models.flatMap((one) => (one.model_id === null ? [] : [option(one.model_id)]));
  fill(byId('model'), [ALL, ...named], view.model_id);
}

/** Shows what is chosen, whatever there is to choose from. */
export function choose(view) {
  for (const [id, chosen] of [['org', view.org_id], ['model', view.model_id]]) {
    fill(byId(id), [...byId(id).options].map(({ value, text }) => ({ value, text })), chosen);
  }
}
