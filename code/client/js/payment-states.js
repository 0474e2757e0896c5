/** What the page of a payment says in each of its states: a template each, with the payment beside it. */

import { cardName } from './card-words.js';
import { formatMoney } from './money.js';
import { fromTemplate } from './templates.js';

/**
 * @typedef {object} Confirmation  the answer of GET /payment-confirmation/<id>
 * @property {{id: string, amount: number, currency: string, description: string|null,
 *   state: string}} payment
 * @property {string} account_url
 * @property {boolean} card_replaced  it waits for a card that is not the student's any more
 * @property {{brand: string, last4: string}|null} card  while it can be confirmed, as are the rest
 * @property {string|null} client_secret
 * @property {string|null} payment_method
 */

/** @param {Confirmation} found */
export function isWaiting({ client_secret: clientSecret }) {
  return clientSecret !== null;
}

/**
 * @param {HTMLElement} section
 * @param {Confirmation} found
 * @returns {HTMLElement} what is shown now
 */
export function showPayment(section, found) {
  const state = found.card_replaced ? 'card-replaced' : found.payment.state.replace('_', '-');
  const panel = fromTemplate(`payment-${state}`);
  panel.querySelector('.account-link').href = found.account_url;
  fillTicket(panel.querySelector('.payment-ticket'), found);
  return show(section, panel);
}

/** @param {HTMLElement} section */
export function showUnknown(section) {
  show(section, fromTemplate('payment-unknown'));
}

/**
 * @param {HTMLElement} section
 * @param {string} problem
 * @param {() => void} onRetry
 */
export function showUnavailable(section, problem, onRetry) {
  const panel = fromTemplate('payment-unavailable', { '.confirmation-problem': problem });
  panel.querySelector('button').addEventListener('click', onRetry, { once: true });
  show(section, panel);
}

function fillTicket(ticket, { payment, card }) {
  const rows = [
    ['For', payment.description || 'Your lesson'],
    ['Amount', formatMoney(payment.amount, payment.currency)],
    card && ['Card', cardName(card)],
    ['State', ticket.dataset.stamp],
  ];
  for (const [name, value] of rows.filter(Boolean)) {
    const row = fromTemplate('ticket-row', { dt: name, dd: value });
    row.classList.add(`ticket-${name.toLowerCase()}`);
    ticket.append(row);
  }
}

function show(section, panel) {
  section.replaceChildren(panel);
  section.setAttribute('aria-busy', 'false');
  return panel;
}
