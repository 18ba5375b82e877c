import { KeyDialog } from '/assets/dialogs.js';
import { key } from '/assets/api.js';
import { byId } from '/assets/html.js';

/** A dialog of its own, over the elements of the page. */
function dialogOf(told = []) {
  return { dialog: new KeyDialog({ used: () => told.push('used'), left: () => told.push('left') }), told };
}

function withKey(value, test) {
  const before = key.get();
  if (value === null) {
    key.forget();
  } else {
    key.set(value);
  }
  try {
    test();
  } finally {
    byId('key-dialog').close();
    if (before === null) {
      key.forget();
    } else {
      key.set(before);
    }
  }
}

export default {
  'without a key one is asked for, and there is none to forget': (is) =>
    withKey(null, () => {
      dialogOf().dialog.ask();
      is(byId('key-dialog').open, true);
      is(byId('key-fault').textContent, '');
      is(byId('key-forget').hidden, true);
    }),
  'a key that was not taken stays where it can be corrected': (is) =>
    withKey('pst_wrong', () => {
      dialogOf().dialog.ask();
      is(byId('key-fault').textContent, 'The server did not accept this API key. It may be mistyped, revoked or expired.');
      is(byId('key-input').value, 'pst_wrong');
      is(byId('key-forget').hidden, false);
    }),
  'asking twice opens it once': (is) =>
    withKey(null, () => {
      const { dialog } = dialogOf();
      dialog.ask();
      dialog.ask();
      is(byId('key-dialog').open, true);
    }),
  'who cancels leaves it, and that is told': (is) =>
    withKey(null, () => {
      const { dialog, told } = dialogOf();
      dialog.ask();
      byId('key-cancel').click();
      is(byId('key-dialog').open, false);
      is(told, ['left']);
    }),
};
