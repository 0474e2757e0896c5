/** One entry of the audit trail as an item of the list. Ids lead to what they name. */

import { dayText, showTime } from './moments.js';
import { element, fromTemplate } from './templates.js';

const RESULTS = { ok: 'Done', refused: 'Refused', unknown: 'Unknown', 'under way': 'Under way' };

/** What a sentence names by its id, and where that leads. */
const ID = /((?:cus|pi|re)_\w+)/;

/** What a sentence does not say of how somebody is known. */
const VIAS = { link: 'by a link from a letter', open: 'no sign-in needed' };

/** @returns {string} the day of an entry on the reader's clock */
export function dayOf(entry) {
  return dayText(entry.at);
}

/** @returns {HTMLElement} */
export function entryItem(entry) {
  const item = fromTemplate('entry-template', { '.entry-result': RESULTS[entry.result] });
  item.dataset.result = entry.result;
  showTime(item.querySelector('time'), entry.at);
  item.querySelector('.entry-sentence').append(...withLinks(entry.sentence));
  item.querySelector('.entry-facts').append(...withLinks(facts(entry).join(' · ')));
  return item;
}

function facts(entry) {
  const isNamed = entry.customer && entry.sentence.includes(entry.customer);
  return [
    entry.customer && !isNamed && `student ${entry.customer}`,
    entry.refund && `refund ${entry.refund}`,
    entry.client && `from ${entry.client}`,
    VIAS[entry.via],
    entry.request_id && `request ${entry.request_id}`,
  ].filter(Boolean);
}

function withLinks(text) {
  return text.split(ID).map((part) => (ID.test(part) ? link(part) : document.createTextNode(part)));
}

function link(id) {
  const isStudent = id.startsWith('cus_');
  const made = element('a', id);
  made.href = isStudent ? `/instructor#student/${id}` : `/owner?subject=${id}`;
  made.title = isStudent ? 'Show this student' : 'Everything about this';
  return made;
}
