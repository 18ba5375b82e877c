// The dialog for the API key, and the switch between light and dark mode.

import { key } from './api.js';
import { byId } from './html.js';

export class KeyDialog {
  /**
   * @param entered called when a key was entered
   * @param cancelled called when the dialog was closed without one
   */
  constructor({ entered, cancelled }) {
    this.dialog = byId('key-dialog');
    byId('key-form').addEventListener('submit', () => {
      key.set(byId('key-input').value.trim());
      entered();
    });
    byId('key-forget').addEventListener('click', () => {
      key.forget();
      this.dialog.close();
      location.reload();
    });
    byId('key-cancel').addEventListener('click', () => {
      this.dialog.close();
      cancelled();
    });
    this.dialog.addEventListener('cancel', () => cancelled());
    byId('key-button').addEventListener('click', () => this.open(key.get() ? 'Use another API key' : 'Use an API key', ''));
  }

  /** Asks for a key; a key that the server did not accept stays in the field, to be corrected. */
  requireKey() {
    this.open('This server requires an API key', key.get() ? 'The server did not accept this API key. It may be mistyped, revoked or expired.' : '');
  }

  open(title, fault) {
    byId('key-title').textContent = title;
    byId('key-fault').textContent = fault;
    byId('key-forget').hidden = !key.get();
    byId('key-input').value = fault ? key.get() : '';
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    byId('key-input').select();
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** @param changed called at first, and after each change between light and dark */
export function watchTheme(changed) {
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : dark.matches;
  };
  const update = () => {
    byId('theme-button').setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} mode`);
    changed();
  };
  byId('theme-button').addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('pediscreen-theme', theme);
    update();
  });
  dark.addEventListener('change', update);
  update();
}
