/** Hands out Stripe.js, once its script (in the page's head) and the shop's key are there. */

import { getJson } from './api.js';
import { Problem } from './problem.js';

let opened = null;

/**
 * The same Stripe object for the whole life of the page; a failed try is forgotten.
 *
 * @returns {Promise<object>} what `Stripe(publishableKey)` returns
 * @throws {Problem} one of the two could not be loaded
 */
export async function openStripe() {
  if (!opened) {
    const Stripe = await stripeScript();
    const { key } = await getJson('/config');
    opened ??= Stripe(key);
  }
  return opened;
}

/** The window's load event comes when every script has loaded or failed for good. */
async function stripeScript() {
  if (!window.Stripe && document.readyState !== 'complete') {
    await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
  }
  if (!window.Stripe) {
    throw new Problem(
      'The card form could not be loaded from Stripe. Please check your connection and reload this page.',
    );
  }
  return window.Stripe;
}
