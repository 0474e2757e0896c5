/**
 * The bank's question of 3-D Secure: what it is about, and the two test answers.
 *
 * Stripe.js shows it in a dialog over the shop's page. A shop whose server gave a `return_url`
 * sends the browser here instead, and gets it back with the outcome in the address.
 */

import { apiClient } from './api.js';
import { reportHeight, serve } from './channel.js';
import { retrieveIntent } from './intents.js';

/** Any key that begins so is a publishable one; a page that was sent here brings none. */
const OWN_KEY = 'pk_test_sandbox';

const byId = (id) => document.getElementById(id);

const query = new URLSearchParams(window.location.search);
const intentId = query.get('intent') ?? '';
const clientSecret = query.get('client_secret');
const object = intentId.startsWith('seti_') ? 'setup_intent' : 'payment_intent';

if (window.parent === window) askOnPage();
else serve(askInDialog);

function askInDialog({ key }, emit) {
  reportHeight(emit);
  const answer = awaitAnswer(() => emit('answered'));
  document.addEventListener('keydown', (event) => event.key === 'Escape' && emit('cancel'));
  describe(apiClient(key)).then(fitted).then(() => setButtons(true));
  return { answer };
}

async function askOnPage() {
  document.body.classList.add('page');
  const { intent, error } = await describe(apiClient(OWN_KEY));
  const redirect = intent?.next_action?.redirect_to_url;
  if (!redirect) {
    showError(error?.message ?? 'Your bank has its answer already.');
    return;
  }
  awaitAnswer((status) => window.location.assign(afterwards(redirect.return_url, status)));
  setButtons(true);
}

/**
 * Let the buttons answer.
 *
 * @param {(status: string) => void} onAnswered  told the status the intent has then
 * @returns {(answer: {outcome: 'complete'|'fail'}) => Promise<object>}
 *   gives an answer without a button: `{}` or `{error}`
 */
function awaitAnswer(onAnswered) {
  async function answer({ outcome }) {
    setButtons(false);
    const { status, error } = await sendAnswer(outcome);
    showError(error);
    setButtons(true);
    if (!error) onAnswered(status);
    return error ? { error } : {};
  }

  const answers = { 'test-source-authorize-3ds': 'complete', 'test-source-fail-3ds': 'fail' };
  for (const [id, outcome] of Object.entries(answers)) {
    byId(id).addEventListener('click', () => answer({ outcome }));
  }
  byId('question').focus();
  return answer;
}

/** Show what the question is about: the `{intent}`, or `{error}` if that can't be read. */
async function describe(api) {
  const { intent, error } = await retrieveIntent(api, { object, clientSecret });
  byId('date').textContent = new Date().toLocaleDateString('en', { dateStyle: 'medium' });
  byId('purpose').textContent = object === 'setup_intent' ? 'Saving a card' : 'A payment';
  if (!error && object === 'payment_intent') {
    byId('amount').textContent = formatAmount(intent.amount, intent.currency);
    byId('amount-row').hidden = false;
  }
  return { intent, error };
}

/** Where the browser goes after the answer: what Stripe adds to the shop's address. */
function afterwards(returnUrl, status) {
  const url = new URL(returnUrl);
  url.searchParams.set(object, intentId);
  url.searchParams.set(`${object}_client_secret`, clientSecret);
  const failed = status === 'requires_payment_method';
  url.searchParams.set('redirect_status', failed ? 'failed' : 'succeeded');
  return url;
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

/** @returns {Promise<object>} the `{status}` of the intent, or an `{error}` for the reader */
async function sendAnswer(outcome) {
  const request = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_secret: clientSecret, outcome }),
  };
  try {
    const response = await fetch(`/_sandbox/challenges/${encodeURIComponent(intentId)}`, request);
    const { status } = await response.json(); // to the end, before the dialog closes over it
    if (response.ok) return { status };
  } catch (failure) {
    // fetch's words for "no connection" and for an answer that broke off
    if (!(failure instanceof TypeError || failure instanceof SyntaxError)) throw failure;
  }
  return { error: 'Your bank could not be reached. Try again.' };
}

function showError(error) {
  byId('error').textContent = error ?? '';
  byId('error').hidden = !error;
}

function setButtons(enabled) {
  for (const button of document.querySelectorAll('button')) button.disabled = !enabled;
}
