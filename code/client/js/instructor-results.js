/** For whom an action is, and what came of it: a line each, and all of them in a sentence. */

import { link } from './instructor-row-view.js';
import { nameOf } from './instructor-students.js';
import { cardWords } from './instructor-words.js';
import { formatMoney } from './money.js';
import { fromTemplate } from './templates.js';

const STATES = { captured: 'captured', held: 'held', needs_confirmation: 'to be confirmed' };
const OUTCOMES = { done: 'Done', refused: 'Refused', undecided: 'Not known' };

/**
 * @param {object} student
 * @param {string} what  stands beside the name
 * @param {import('./instructor-sender.js').Result|null} result
 * @returns {HTMLElement}
 */
export function whomItem(student, what, result) {
  const item = fromTemplate('whom', {
    '.whom-name': nameOf(student),
    '.whom-what': what,
    '.whom-outcome': result ? OUTCOMES[result.outcome] : '',
    '.whom-sentence': result?.sentence ?? '',
  });
  item.dataset.outcome = result?.outcome ?? '';
  if (result) item.querySelector('.whom-links').replaceChildren(...result.links.map(link));
  return item;
}

/**
 * A new hold goes on the card of now, which only a lesson's student or a student's panel tells.
 *
 * @returns {string} the card that is charged, or each one's own amount
 */
export function whatOf({ student, payment }, action, isOne) {
  if (action === 'hold') return student.card === undefined ? 'Saved card' : cardWords(student.card);
  const { state, captured, amount, currency, card } = payment;
  const sum = formatMoney(state === 'captured' ? captured : amount, currency);
  return isOne ? `${sum} ${STATES[state]} · ${cardWords(card)}` : sum;
}

/** @returns {string} the sentence about one student, or how many of several came to what */
export function newsOf(results) {
  const all = [...results.values()];
  if (all.length === 1) return `${nameOf(all[0].job.subject.student)}: ${all[0].result.sentence}`;
  const tally = Map.groupBy(all, ({ result }) => result.outcome);
  const parts = Object.entries(OUTCOMES).filter(([outcome]) => tally.has(outcome));
  return `${parts.map(([outcome, word]) => `${tally.get(outcome).length} ${word.toLowerCase()}`).join(', ')}.`;
}
