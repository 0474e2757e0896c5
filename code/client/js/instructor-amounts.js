/** Amounts as staff type them. Money is integer cents from the first key on: no fractions anywhere. */

import { Problem } from './problem.js';

/** Stripe takes no more than eight digits (https://docs.stripe.com/api/payment_intents/create). */
const LARGEST = 99_999_999;

/**
 * @param {string} text  dollars, such as "65" or "12.50"
 * @param {number} [most]  in cents
 * @param {string} [tooMuch]  what to say of more than that
 * @returns {number} cents
 * @throws {Problem} a sentence on what is wrong with it
 */
export function parseAmount(text, most = LARGEST, tooMuch = 'That is more than Stripe takes in one payment.') {
  const typed = text.trim().replace(/^\$\s*/, '');
  if (typed === '') throw new Problem('Please type an amount.');
  const [, dollars, cents = '00'] = /^(\d{1,9})(?:\.(\d{2}))?$/.exec(typed) ?? [];
  if (dollars === undefined) {
    throw new Problem('Please write dollars, or dollars and two digits of cents, such as 12.50.');
  }
  const amount = Number(dollars + cents);
  if (amount === 0) throw new Problem('The smallest amount is one cent: 0.01.');
  if (amount > most) throw new Problem(tooMuch);
  return amount;
}

/**
 * @param {number} amount  in cents
 * @returns {string} as `parseAmount` reads it: "12.50"
 */
export function typedAmount(amount) {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
