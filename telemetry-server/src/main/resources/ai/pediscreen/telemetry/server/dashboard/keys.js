// The keys of a server, for those who have one of scope admin: list, make, revoke.

import { Refused, ask, tell } from './api.js';
import { byId, el, table } from './html.js';
import * as format from './format.js';

/** What a key is at this moment, in words. */
export function statusOf(one) {
  if (one.revoked_at !== null) {
    return `revoked ${format.when(one.revoked_at)}`;
  }
  if (one.expires_at === null) {
    return 'valid';
  }
  return `${one.valid ? 'valid until' : 'expired'} ${format.when(one.expires_at)}`;
}

/** What the form asks for, as the server takes it. */
export function wantedKey({ org, scopes, days }) {
  return {
    org_id: org.trim() || null,
    scopes,
    expires_in_days: days === '' ? null : Number(days),
  };
}

class KeysPage {
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
      const { keys } = await ask('keys');
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

  /** Pressed twice: what is revoked stays so. */
  revokeButton(one) {
    const button = el('button', { type: 'button', className: 'quiet', 'aria-label': `Revoke ${one.prefix}` }, 'Revoke');
    button.addEventListener('click', async () => {
      if (button.dataset.sure !== 'true') {
        button.dataset.sure = 'true';
        button.textContent = 'Revoke permanently?';
        button.setAttribute('aria-label', `Revoke permanently? ${one.prefix}`);
        return;
      }
      await this.attempt(() => tell('DELETE', `keys/${encodeURIComponent(one.prefix)}`));
      await this.show();
    });
    return button;
  }

  async create() {
    const scopes = [...this.dialog.querySelectorAll('[name=scope]:checked')].map((box) => box.value);
    const wanted = wantedKey({ org: byId('keys-org').value, scopes, days: byId('keys-days').value });
    await this.attempt(async () => {
      const made = await tell('POST', 'keys', wanted);
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
        failure instanceof Refused ? failure.message : 'The server does not answer.';
    }
  }
}

export const offerKeys = () => new KeysPage();
