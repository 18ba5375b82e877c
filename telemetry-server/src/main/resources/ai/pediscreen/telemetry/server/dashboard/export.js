// Exports what is shown: as a file, or as a link.

import { key } from './api.js';
import { byId } from './html.js';

/** The URL of a file with the events of a window. */
export function fileAddress(format, { since, until }, { org_id, model_id }) {
  const end = new Date(Date.parse(until) + 1);
  const query = new URLSearchParams({ from: new Date(since).toISOString(), to: end.toISOString() });
  for (const [name, value] of Object.entries({ org_id, model_id })) {
    if (value) {
      query.set(name, value);
    }
  }
  return `events.${format}?${query}`;
}

/** A link cannot send a key, so with one the file is fetched and then saved. */
async function saveWithKey(event, onFailure) {
  if (!key.get()) {
    return;
  }
  event.preventDefault();
  const { href } = event.currentTarget;
  const response = await fetch(href, { headers: { apikey: key.get() } });
  if (!response.ok) {
    onFailure(`The download failed: the server answered with HTTP status ${response.status}.`);
    return;
  }
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = new URL(href).pathname.split('/').pop();
  link.click();
  URL.revokeObjectURL(address);
}

/** @param onFailure called with an error message */
export function initFileLinks(onFailure) {
  ['csv', 'ndjson'].forEach((format) =>
    byId(`export-${format}`).addEventListener('click', (event) => saveWithKey(event, onFailure)),
  );
  byId('copy-link').addEventListener('click', async (event) => {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(location.href);
    button.textContent = 'Link copied';
  });
}

export function updateFileLinks(window, view) {
  ['csv', 'ndjson'].forEach((format) => {
    byId(`export-${format}`).href = fileAddress(format, window, view);
  });
}
