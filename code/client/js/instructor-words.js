/** Payments, cards and refusals in plain words. */

import { cardName } from './card-words.js';
import { refundable } from './instructor-figures.js';
import { momentOf } from './instructor-times.js';
import { formatMoney } from './money.js';

/** What helps after a refusal, by the shop's own word for it. */
const REMEDIES = new Map([
  ['try again later', 'Trying again later may work.'],
  ['needs a new card', 'The student needs another card.'],
  ['needs authentication', 'The student has to confirm it with their bank.'],
]);

/** What Stripe says with it speaks of PaymentMethods and parameters; the remedy says it all. */
const FOR_PROGRAMMERS = 'payment_intent_authentication_failure';

const REFUND_FAILURES = new Map([
  ['expired_or_canceled_card', 'the card has expired or was cancelled'],
  ['lost_or_stolen_card', 'the card was lost or stolen'],
  ['insufficient_funds', "the shop's balance at Stripe was too low"],
  ['declined', 'the bank declined it'],
  ['merchant_request', 'the shop asked for that'],
  ['charge_for_pending_refund_disputed', 'the student disputed the payment meanwhile'],
]);

/** Days ahead at which an expiring card is pointed out, as in the report of expiring cards. */
const SOON_DAYS = 60;

/** @typedef {"plain"|"good"|"held"|"warn"|"bad"} Tone */

/**
 * @param {{brand: string|null, last4: string|null}|null} card
 * @returns {string} "Visa ending in 4242"
 */
export function cardWords(card) {
  return card ? cardName(card) : 'No card';
}

/**
 * @param {{exp_month: number, exp_year: number}} card  good until the end of that month
 * @param {string} day  today, such as "2026-11-23"
 * @returns {{text: string, tone: Tone}}
 */
export function expiryWords({ exp_month: month, exp_year: year }, day) {
  const when = `${String(month).padStart(2, '0')}/${year}`;
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  const { days } = Temporal.PlainDate.from(day).until(first.with({ day: first.daysInMonth }));
  if (days < 0) return { text: `expired ${when}`, tone: 'bad' };
  if (days <= SOON_DAYS) return { text: `expires ${when}, soon`, tone: 'warn' };
  return { text: `expires ${when}`, tone: 'plain' };
}

/**
 * @param {object} payment
 * @returns {{text: string, tone: Tone}}
 */
export function stateWords(payment) {
  switch (payment.state) {
    case 'held':
      return { text: 'Held', tone: 'held' };
    case 'captured':
      return capturedWords(payment);
    case 'released':
      return { text: 'Released', tone: 'plain' };
    case 'expired':
      return { text: 'Hold expired', tone: 'bad' };
    case 'needs_confirmation':
      return { text: 'Waits for the student', tone: 'warn' };
    default:
      return { text: 'Card declined', tone: 'bad' };
  }
}

/** @returns {boolean} whether the bank has the money, decides about it, or asks */
export function isContested({ dispute }) {
  return dispute !== null && !['won', 'warning_closed'].includes(dispute.status);
}

/** @returns {boolean} whether Stripe refunds none of it; a bank that only asks has taken nothing */
export function isChargedBack(payment) {
  return isContested(payment) && !payment.dispute.status.startsWith('warning_');
}

function capturedWords(payment) {
  if (isContested(payment)) return { text: 'Disputed', tone: 'bad' };
  if (payment.refund_pending > 0) return { text: 'Refund on its way', tone: 'plain' };
  if (payment.refunded === 0) return { text: 'Captured', tone: 'good' };
  return { text: refundable(payment) === 0 ? 'Refunded' : 'Refunded in part', tone: 'plain' };
}

/**
 * @param {object} payment
 * @returns {string} the amount that matters in its state
 */
export function amountWords({ state, amount, captured, currency }) {
  return formatMoney(state === 'captured' ? captured : amount, currency);
}

/** @returns {string[]} why the card was refused, as the student is told, and what helps */
export function problemWords({ code, message, remedy }) {
  const quoted = message && code !== FOR_PROGRAMMERS && `“${message}”`;
  return [quoted, REMEDIES.get(remedy)].filter(Boolean);
}

/** @returns {string[]} what of it has gone back, is on its way, or came back again */
export function refundWords({ refunded, refund_pending: pending, refunds, currency }) {
  const failed = refunds.filter(({ status }) => status === 'failed');
  return [
    ...(refunded ? [`${formatMoney(refunded, currency)} refunded.`] : []),
    ...(pending ? [`A refund of ${formatMoney(pending, currency)} is on its way.`] : []),
    ...failed.map((refund) => failedRefundWords(refund, currency)),
  ];
}

/** @returns {string} the money is with the shop again */
export function failedRefundWords({ amount, failure_reason: reason }, currency) {
  const why = REFUND_FAILURES.get(reason);
  return `A refund of ${formatMoney(amount, currency)} failed${why ? `: ${why}` : ''}.`;
}

/**
 * @param {{reason: string, amount: number, due_by: string|null, status: string}} dispute
 * @param {string} currency
 * @param {string} zone
 */
export function disputeWords({ reason, amount, due_by: due, status }, currency, zone) {
  const what = `${formatMoney(amount, currency)} disputed (${plain(reason)})`;
  return due ? `${what}. Answer Stripe by ${momentOf(due, zone)}.` : `${what}: ${plain(status)}.`;
}

function plain(name) {
  return name.replaceAll('_', ' ');
}
