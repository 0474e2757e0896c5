/** The foot of the account page: what was held, charged and refunded, and when. */

import { getJson } from './api.js';
import { noteOf, titleOf } from './history-words.js';
import { formatMoney } from './money.js';
import { explain } from './problem.js';
import { element, fromTemplate } from './templates.js';
import { formatTimeIn } from './wording.js';
import { zoneCity } from './zones.js';

/** How many events are shown until the reader asks for all. */
const FIRST = 12;

const NEEDS_CONFIRMATION = 'needs_confirmation';
const WENT_WELL = new Set(['held', 'captured']);

export class AccountHistory {
  #path;
  #section = fromTemplate('account-history');

  /** @param {string} customerId  percent-encoded */
  constructor(customerId) {
    this.#path = `/timeline/${customerId}`;
  }

  /** The element to put on the page. */
  get element() {
    return this.#section;
  }

  /** Reads the history and shows it; what is shown already stays until then. */
  async load() {
    try {
      this.#show(...partsOf(await getJson(this.#path)));
    } catch (error) {
      this.#show(this.#unavailable(explain(error)));
    }
  }

  #unavailable(problem) {
    const notice = fromTemplate('history-unavailable', { '.history-problem': problem });
    notice.querySelector('button').addEventListener('click', () => this.load(), { once: true });
    return notice;
  }

  #show(...parts) {
    const body = this.#section.querySelector('.history-body');
    body.replaceChildren(...parts);
    body.setAttribute('aria-busy', 'false');
  }
}

/** @param {import('./history-words.js').Timeline} timeline */
function partsOf(timeline) {
  const { payments, events, totals, zone, complete } = timeline;
  const parts = stillAsked(payments).map(ask);
  if (payments.length > 0) parts.push(totalsOf(totals));
  else parts.push(element('p', 'Nothing was held or charged yet.', 'history-none'));
  if (events.length > 0) parts.push(...listOf(timeline));
  if (events.length > 0) parts.push(hint(`Times are those of ${zoneCity(zone)}, where the school is.`));
  if (!complete) parts.push(hint('Only your newest payments are shown. Please ask us about older ones.'));
  return parts;
}

/** One that waits is not asked for any more once a later payment went well in its place. */
function stillAsked(payments) {
  const wentWell = payments.findIndex(({ state }) => WENT_WELL.has(state));
  const newest = wentWell === -1 ? payments : payments.slice(0, wentWell);
  return newest.filter(({ state }) => state === NEEDS_CONFIRMATION);
}

function ask({ confirmation_url: url, amount, currency, description }) {
  const notice = fromTemplate('history-ask', {
    '.ask-amount': formatMoney(amount, currency),
    '.ask-purpose': description || 'your lesson',
  });
  notice.querySelector('a').href = url;
  return notice;
}

function totalsOf({ held, captured, refunded, currency }) {
  return fromTemplate('history-totals', {
    '.total-held': formatMoney(held, currency),
    '.total-charged': formatMoney(captured, currency),
    '.total-refunded': formatMoney(refunded, currency),
  });
}

function listOf({ events, payments, zone }) {
  const paymentOf = new Map(payments.map((payment) => [payment.id, payment]));
  const item = (event) => itemOf(event, paymentOf.get(event.payment_intent_id) ?? null, zone);
  const list = document.createElement('ol');
  list.className = 'history-events';
  list.append(...events.slice(0, FIRST).map(item));
  if (events.length <= FIRST) return [list];
  const more = element('button', `Show all ${events.length}`, 'text-button');
  more.type = 'button';
  more.addEventListener('click', () => {
    const rest = events.slice(FIRST).map(item);
    list.append(...rest);
    more.remove();
    rest[0].tabIndex = -1;
    rest[0].focus();
  });
  return [list, more];
}

function itemOf(event, payment, zone) {
  const item = fromTemplate('history-event', {
    time: formatTimeIn(event.at, zone),
    '.event-title': titleOf(event, payment),
    '.event-note': noteOf(event, payment, zone),
    '.event-amount': event.amount === null ? '' : formatMoney(event.amount, event.currency),
  });
  item.dataset.kind = event.kind;
  item.querySelector('time').dateTime = event.at;
  if (event.kind === NEEDS_CONFIRMATION && payment?.state === NEEDS_CONFIRMATION) {
    item.querySelector('.event-note').append(' ', confirmationLink(payment));
  }
  return item;
}

function confirmationLink({ confirmation_url: url }) {
  const link = element('a', 'Confirm it');
  link.href = url;
  return link;
}

function hint(text) {
  return element('p', text, 'history-hint');
}
