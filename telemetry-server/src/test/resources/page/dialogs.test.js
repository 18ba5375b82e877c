import { KeyDialog } from '/assets/dialogs.js';
import { key } from '/assets/api.js';
import { byId } from '/assets/html.js';

/** A dialog of its own, over the elements of the page. */
function dialogOf(calls = []) {
  return { dialog: new KeyDialog({ entered: () => calls.push('entered'), cancelled: () => calls.push('cancelled') }), calls };
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
  'without a key the dialog asks for one, and there is none to forget': (is) =>
    withKey(null, () => {
      dialogOf().dialog.requireKey();
      is(byId('key-dialog').open, true);
      is(byId('key-fault').textContent, '');
      is(byId('key-forget').hidden, true);
    }),
  'a key that was not accepted stays in the field': (is) =>
    withKey('pst_wrong', () => {
      dialogOf().dialog.requireKey();
      is(byId('key-fault').textContent, 'The server did not accept this API key. It may be mistyped, revoked or expired.');
      is(byId('key-input').value, 'pst_wrong');
      is(byId('key-forget').hidden, false);
    }),
  'requiring a key twice opens the dialog once': (is) =>
    withKey(null, () => {
      const { dialog } = dialogOf();
      dialog.requireKey();
      dialog.requireKey();
      is(byId('key-dialog').open, true);
    }),
  'cancelling closes the dialog and is reported': (is) =>
    withKey(null, () => {
      const { dialog, calls } = dialogOf();
      dialog.requireKey();
      byId('key-cancel').click();
      is(byId('key-dialog').open, false);
      is(calls, ['cancelled']);
    }),
};
