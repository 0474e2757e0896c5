/** The bank's question in the 3-D Secure dialog: what it is about, and the two test answers. */

import { apiClient } from './api.js';
import { reportHeight, serve } from './channel.js';
import { retrieveIntent } from './intents.js';

const byId = (id) => document.getElementById(id);

const query = new URLSearchParams(window.location.search);
const intentId = query.get('intent');
const clientSecret = query.get('client_secret');

serve(({ key }, emit) => {
  reportHeight(emit);

  /** Give the bank's answer, 'complete' or 'fail': `{}` or `{error}`. */
  async function answer({ outcome }) {
    setButtons(false);
    const error = await sendAnswer(outcome);
    byId('error').textContent = error ?? '';
    byId('error').hidden = !error;
    setButtons(true);
    if (!error) emit('answered');
    return error ? { error } : {};
  }

  const answers = { 'test-source-authorize-3ds': 'complete', 'test-source-fail-3ds': 'fail' };
  for (const [id, outcome] of Object.entries(answers)) {
    byId(id).addEventListener('click', () => answer({ outcome }));
  }
  document.addEventListener('keydown', (event) => event.key === 'Escape' && emit('cancel'));
  byId('question').focus();
  describe(apiClient(key)).then(fitted).then(() => setButtons(true));
  return { answer };
});

async function describe(api) {
  const object = intentId.startsWith('seti_') ? 'setup_intent' : 'payment_intent';
  const { intent, error } = await retrieveIntent(api, { object, clientSecret });
  byId('date').textContent = new Date().toLocaleDateString('en', { dateStyle: 'medium' });
  byId('purpose').textContent = object === 'setup_intent' ? 'Saving a card' : 'A payment';
  if (error || object === 'setup_intent') return;
  byId('amount').textContent = formatAmount(intent.amount, intent.currency);
  byId('amount-row').hidden = false;
}

/** Once the page has made this frame as high as its content, so that no button moves any more. */
function fitted() {
  return new Promise((resolve) => {
    (function look() {
      if (window.innerHeight >= document.body.scrollHeight) resolve();
      else requestAnimationFrame(look);
    })();
  });
}

/** Amounts are in the currency's minor unit: cents, or whole yen. */
function formatAmount(amount, currency) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** @returns {Promise<string|null>} what went wrong, for the reader */
async function sendAnswer(outcome) {
  const request = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_secret: clientSecret, outcome }),
  };
  try {
    const response = await fetch(`/_sandbox/challenges/${encodeURIComponent(intentId)}`, request);
    await response.text(); // to the end, before the dialog closes over it
    if (response.ok) return null;
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure; // fetch's word for "no connection"
  }
  return 'Your bank could not be reached. Try again.';
}

function setButtons(enabled) {
  for (const button of document.querySelectorAll('button')) button.disabled = !enabled;
}
