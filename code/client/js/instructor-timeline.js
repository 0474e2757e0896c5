/** A student's history, event by event. */

import { momentOf } from './instructor-times.js';
import { cardWords } from './instructor-words.js';
import { formatMoney } from './money.js';
import { element, fromTemplate } from './templates.js';

/** What each kind of event is called, and its tone. */
const KINDS = {
  card_saved: ['Card saved', 'plain'],
  held: ['Held', 'held'],
  hold_failed: ['Hold refused', 'bad'],
  needs_confirmation: ['Waits for the student', 'warn'],
  captured: ['Captured', 'good'],
  released: ['Released', 'plain'],
  expired: ['Hold expired', 'bad'],
  refunded: ['Refunded', 'plain'],
  refund_pending: ['Refund on its way', 'warn'],
  refund_failed: ['Refund failed', 'bad'],
  disputed: ['Disputed', 'bad'],
  dispute_won: ['Dispute won', 'good'],
  dispute_lost: ['Dispute lost', 'bad'],
  dispute_closed: ['Dispute closed', 'plain'],
};

/**
 * @param {object[]} events  newest first
 * @param {string} zone
 * @returns {HTMLElement[]}
 */
export function timelineItems(events, zone) {
  return events.map((event, place) => {
    const [kind, tone] = KINDS[event.kind] ?? [event.kind.replaceAll('_', ' '), 'plain'];
    const item = fromTemplate('event', { '.event-at': momentOf(event.at, zone), '.event-kind': kind });
    item.dataset.key = `${event.at} ${event.kind} ${event.payment_intent_id} ${place}`;
    item.dataset.tone = tone;
    item.querySelector('.event-at').dateTime = event.at;
    const amount = event.amount === null ? '' : formatMoney(event.amount, event.currency);
    item.querySelector('.event-amount').textContent = amount;
    item.querySelector('.event-about').append(...aboutOf(event).map((text) => element('span', text)));
    return item;
  });
}

/**
 * The state of a refund is in its kind, and so is why a payment waits for the student; the state of
 * a dispute says more.
 */
function aboutOf({ kind, card, description, reason, status }) {
  const why = kind !== 'needs_confirmation' && reason?.replaceAll('_', ' ');
  const state = kind.startsWith('dispute') && status?.replaceAll('_', ' ');
  return [card && cardWords(card), description, why, state].filter(Boolean);
}
