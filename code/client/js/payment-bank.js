/** Lets the student's bank ask its question about one payment, through Stripe.js. */

import { Problem } from './problem.js';
import { openStripe } from './stripe-loader.js';

/** What a PaymentIntent that is confirmed has come to, in the shop's words. */
const STATES = new Map([['requires_capture', 'held'], ['succeeded', 'captured']]);

/**
 * @param {import('./payment-states.js').Confirmation} found  one that waits for its student
 * @returns {Promise<string>} the state that the payment is in now
 * @throws {Problem} the bank, the student or the network said no
 */
export async function confirmWithBank({ client_secret: clientSecret, payment_method }) {
  const stripe = await openStripe();
  const { error, paymentIntent } = await stripe.confirmPayment({
    clientSecret,
    redirect: 'if_required',
    confirmParams: { payment_method, return_url: window.location.href },
  });
  const state = STATES.get(paymentIntent?.status);
  if (state) return state;
  throw new Problem(error?.message ?? 'Your bank has not confirmed the payment. Please try again.');
}
