// The key, and light or dark.

import { key } from './api.js';
import { byId } from './html.js';

export class KeyDialog {
  /**
   * @param used is told when a key was entered
   * @param left is told when the dialog was left without one
   */
  constructor({ used, left }) {
    this.dialog = byId('key-dialog');
    byId('key-form').addEventListener('submit', () => {
      key.set(byId('key-input').value.trim());
      used();
    });
    byId('key-forget').addEventListener('click', () => {
      key.forget();
      this.dialog.close();
      location.reload();
    });
    byId('key-cancel').addEventListener('click', () => {
      this.dialog.close();
      left();
    });
    this.dialog.addEventListener('cancel', () => left());
    byId('key-button').addEventListener('click', () => this.open(key.get() ? 'Use another API key' : 'Use an API key', ''));
  }

  /** Asks for a key; one that was not taken stays where it can be corrected. */
  ask() {
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

/** @param themed is told at first, and when light turns to dark or back */
export function watchTheme(themed) {
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : dark.matches;
  };
  const tell = () => {
    byId('theme-button').setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} mode`);
    themed();
  };
  byId('theme-button').addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('pediscreen-theme', theme);
    tell();
  });
  dark.addEventListener('change', tell);
  tell();
}
