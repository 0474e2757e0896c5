/** The events of a student's timeline in the student's own words. */

import { cardName } from './card-words.js';
import { formatTimeIn } from './wording.js';

/**
 * @typedef {object} TimelineEvent
 * @property {string} at  ISO 8601
 * @property {string} kind
 * @property {number|null} amount  in minor units
 * @property {string|null} currency
 * @property {string|null} reason
 * @property {string|null} payment_intent_id
 * @property {string|null} description
 * @property {{brand: string, last4: string}|null} card
 */

/**
 * @typedef {object} Payment
 * @property {string} id
 * @property {string} state
 * @property {number} amount
 * @property {string} currency
 * @property {string|null} description
 * @property {string|null} capture_before  ISO 8601
 */

/**
 * @typedef {object} Timeline  the answer of GET /timeline/<customer id>
 * @property {string} zone  the shop's
 * @property {{held: number, captured: number, refunded: number, currency: string}} totals
 * @property {TimelineEvent[]} events  newest first
 * @property {Payment[]} payments  newest first
 * @property {boolean} complete  false where there are more payments
 */

const TITLES = new Map([
  ['card_saved', 'Card saved'],
  ['held', 'Held on your card'],
  ['hold_failed', 'Could not be held'],
  ['needs_confirmation', 'Your bank asked you to confirm'],
  ['captured', 'Charged'],
  ['released', 'Let go, not charged'],
  ['expired', 'The hold ran out, not charged'],
  ['refunded', 'Refunded'],
  ['refund_pending', 'Refund on its way'],
  ['refund_failed', 'The refund did not reach your card'],
  ['disputed', 'You contested the charge'],
  ['dispute_won', 'Your bank let the charge stand'],
  ['dispute_lost', 'Your bank gave the money back to you'],
  ['dispute_closed', 'Your question to your bank is closed'],
]);

const NOTES = new Map([
  ['refund_pending', 'Your bank may take some days.'],
  ['refund_failed', 'We will get in touch with you.'],
]);

/**
 * @param {TimelineEvent} event
 * @returns {string}
 */
export function titleOf({ kind }) {
  return TITLES.get(kind) ?? inWords(kind);
}

/**
 * @param {TimelineEvent} event
 * @param {Payment|null} payment  the one it belongs to
 * @param {string} zone
 * @returns {string} what for, on which card, and what else there is to know
 */
export function noteOf(event, payment, zone) {
  const parts = [
    event.description,
    event.card && cardName(event.card),
    NOTES.get(event.kind),
    event.kind === 'hold_failed' && event.reason,
    event.kind === 'held' && lastsUntil(payment, zone),
  ];
  return parts.filter(Boolean).join(' \u00b7 ');
}

function lastsUntil(payment, zone) {
  if (payment?.state !== 'held' || !payment.capture_before) return null;
  return `Not charged; held until ${formatTimeIn(payment.capture_before, zone)} at the latest`;
}

/** A kind that is newer than this page still reads as words. */
function inWords(kind) {
  return kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ');
}
