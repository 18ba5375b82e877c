// The dialog of API keys, for keys of scope admin: list, create, revoke.

import { HttpError, fetchJson, sendJson } from './api.js';
import { byId, el, table } from './html.js';
import * as format from './format.js';

/** The status of a key as a text. */
export function statusOf(one) {
  if (one.revoked_at !== null) {
    return `revoked ${format.when(one.revoked_at)}`;
  }
  if (one.expires_at === null) {
    return 'valid';
  }
  return `${one.valid ? 'valid until' : 'expired'} ${format.when(one.expires_at)}`;
}

/** The body of POST /keys, from the fields of the form. */
export function keyRequest({ org, scopes, days }) {
  return {
    org_id: org.trim() || null,
    scopes,
    expires_in_days: days === '' ? null : Number(days),
  };
}

class KeysDialog {
  constructor() {
    this.dialog = byId('keys');
    byId('keys-button').addEventListener('click', () => this.open());
    byId('keys-close').addEventListener('click', () => this.dialog.close());
    byId('keys-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.create();
    });
  }

  async open() {
    byId('keys-made').hidden = true;
    byId('keys-fault').textContent = '';
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    await this.show();
  }

  async show() {
    await this.attempt(async () => {
      const { keys } = await fetchJson('keys');
      byId('keys-list').replaceChildren(
        table(
          'API keys, oldest first',
          ['Key', 'Scopes', 'Organisation', 'Created (UTC)', 'Last used (UTC)', 'Status (UTC)', 'Action'],
          keys.map((one) => [
            el('code', {}, one.prefix),
            one.scopes.join(', '),
            el('span', { className: 'name' }, one.org_id ?? format.NONE),
            format.when(one.created_at),
            one.last_used_at === null ? 'never' : format.when(one.last_used_at),
            statusOf(one),
            one.valid ? this.revokeButton(one) : '',
          ]),
        ),
      );
    });
  }

  /** Pressed twice, since a revoked key cannot be restored. */
  revokeButton(one) {
    const button = el('button', { type: 'button', className: 'quiet', 'aria-label': `Revoke ${one.prefix}` }, 'Revoke');
    button.addEventListener('click', async () => {
      if (button.dataset.sure !== 'true') {
        button.dataset.sure = 'true';
        button.textContent = 'Revoke permanently?';
        button.setAttribute('aria-label', `Revoke permanently? ${one.prefix}`);
        return;
      }
      await this.attempt(() => sendJson('DELETE', `keys/${encodeURIComponent(one.prefix)}`));
      await this.show();
    });
    return button;
  }

  async create() {
    const scopes = [...this.dialog.querySelectorAll('[name=scope]:checked')].map((box) => box.value);
    const request = keyRequest({ org: byId('keys-org').value, scopes, days: byId('keys-days').value });
    await this.attempt(async () => {
      const made = await sendJson('POST', 'keys', request);
      byId('keys-made').hidden = false;
      byId('keys-secret').textContent = made.key;
      byId('keys-form').reset();
      await this.show();
    });
  }

  async attempt(work) {
    byId('keys-fault').textContent = '';
    try {
      await work();
    } catch (failure) {
      byId('keys-fault').textContent =
        failure instanceof HttpError ? failure.message : 'The server does not answer.';
    }
  }
}

export const initKeys = () => new KeysDialog();
