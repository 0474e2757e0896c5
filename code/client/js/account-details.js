/** The upper half of the account page: what the shop has on file. */

import { fromTemplate } from './templates.js';
import { formatDay } from './wording.js';

/**
 * @typedef {object} Account
 * @property {{id: string, name: string|null, email: string}} customer
 * @property {{brand: string, last4: string, exp_month: number, exp_year: number}|null} card
 * @property {{state: string, last_day: string}|null} [card_expiry]  "ok", "expires_soon" or
 *   "expired"; not told right after a card was saved
 */

/**
 * @param {HTMLElement} section
 * @param {Account} account
 */
export function showDetails(section, { customer, card, card_expiry: expiry = null }) {
  const panel = fromTemplate('account-details', { '#billing-email': customer.email });
  if (card) {
    panel.querySelector('#card-exp-month').textContent = card.exp_month;
    panel.querySelector('#card-exp-year').textContent = card.exp_year;
    panel.querySelector('#card-last4').textContent = card.last4;
    warnOfExpiry(panel.querySelector('.card-expiry'), expiry);
  } else {
    const intro = panel.querySelector('.account-card-intro');
    intro.textContent = 'There is no card on file for you yet. You can add one below.';
    for (const row of panel.querySelectorAll('.card-row')) row.remove();
  }
  show(section, panel);
}

function warnOfExpiry(warning, expiry) {
  if (expiry === null || expiry.state === 'ok') return;
  const day = formatDay(expiry.last_day);
  warning.textContent =
    expiry.state === 'expired'
      ? `This card expired on ${day}, so no lesson can be held on it. Please put a new card on file below.`
      : `This card expires on ${day}. Please put a new card on file below before then.`;
  warning.hidden = false;
}

/** @param {HTMLElement} section */
export function showNotFound(section) {
  show(section, fromTemplate('account-not-found'));
}

/**
 * @param {HTMLElement} section
 * @param {string} problem
 * @param {() => void} onRetry
 */
export function showUnavailable(section, problem, onRetry) {
  const panel = fromTemplate('account-unavailable', { '.account-problem': problem });
  panel.querySelector('button').addEventListener('click', onRetry, { once: true });
  show(section, panel);
}

function show(section, panel) {
  section.replaceChildren(panel);
  section.setAttribute('aria-busy', 'false');
}
