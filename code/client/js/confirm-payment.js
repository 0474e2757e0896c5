/** The page on which a student confirms a hold with their bank; its address names the payment. */

import { ApiError, getJson } from './api.js';
import { clearErrors, showCardError } from './form-errors.js';
import { confirmWithBank } from './payment-bank.js';
import { isWaiting, showPayment, showUnavailable, showUnknown } from './payment-states.js';
import { explain } from './problem.js';

const section = document.querySelector('#payment-confirmation');
/** Still percent-encoded, as in the address of this page: /confirm-payment/<PaymentIntent id>. */
const paymentId = window.location.pathname.split('/')[2];

forgetRedirect();
await look();

/** A bank that sends the student to its own site and back adds the client secret to the address. */
function forgetRedirect() {
  if (window.location.search) window.history.replaceState(null, '', window.location.pathname);
}

async function look() {
  try {
    show(await read());
  } catch (error) {
    if (error.status === 404) showUnknown(section);
    else showUnavailable(section, explain(error), look);
  }
}

function read() {
  return getJson(`/payment-confirmation/${paymentId}`);
}

function show(found) {
  const panel = showPayment(section, found);
  const button = panel.querySelector('#confirm');
  button?.addEventListener('click', () => confirm(panel, button, found));
}

async function confirm(panel, button, found) {
  const errors = panel.querySelector('.form-errors');
  clearErrors(errors);
  setBusy(panel, button, true);
  try {
    const state = await confirmWithBank(found);
    showAndSay({ ...found, payment: { ...found.payment, state } });
  } catch (error) {
    const now = await readIfPossible();
    if (now && !isWaiting(now)) showAndSay(now);
    else showCardError(errors, explain(error));
  } finally {
    setBusy(panel, button, false);
  }
}

/** What failed here may have gone well at the bank, or in another tab; best effort. */
async function readIfPossible() {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return null;
  }
}

function showAndSay(found) {
  show(found);
  section.querySelector('h2').focus();
}

function setBusy(panel, button, busy) {
  button.disabled = busy;
  button.setAttribute('aria-busy', String(busy));
  panel.querySelector('.confirmation-asking').textContent = busy ? 'Asking your bank.' : '';
}
