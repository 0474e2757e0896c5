/** The figures of an action as lines with a label: what staff look at before they send it. */

import { formatMoney } from './money.js';
import { element } from './templates.js';

/** Which figures each action shows, and under which words; those of an estimate say "about". */
const LINES = {
  hold: [
    ['Held on the card', 'pays'],
    ['The student pays now', null],
    ["Stripe's fee once captured", 'fee'],
    ['The shop then nets', 'nets'],
  ],
  capture: [
    ['The student pays', 'pays'],
    ["Stripe's fee", 'fee'],
    ['The shop nets', 'nets'],
    ['Released on the card', 'released'],
  ],
  release: [
    ['The student pays', 'pays'],
    ["Stripe's fee", 'fee'],
    ['The shop nets', 'nets'],
    ['Released on the card', 'released'],
  ],
  refund: [
    ['The student gets back', 'back'],
    ['The student has paid in the end', 'pays'],
    ['Stripe keeps its fee', 'fee'],
    ['The shop nets in the end', 'nets'],
  ],
  holdAgain: [
    ['Held anew on the card', 'pays'],
    ['Released of the old hold', 'released'],
    ["Stripe's fee once captured", 'fee'],
    ['The shop then nets', 'nets'],
  ],
};
LINES.half = LINES.capture;

const ESTIMATED = ['fee', 'nets'];

/**
 * @param {string} action
 * @param {import('./instructor-figures.js').Figures|null} figures  null while no amount is known
 * @param {string} currency
 * @returns {{label: string, amount: string, isNet: boolean}[]}
 */
export function figureLines(action, figures, currency) {
  return LINES[action].map(([label, name]) => ({
    label: ESTIMATED.includes(name) && !figures?.feeIsKnown ? `${label}, about` : label,
    amount: figures ? formatMoney(name === null ? 0 : figures[name], currency) : '–',
    isNet: name === 'nets',
  }));
}

/** @returns {HTMLElement} a line, as an item of a list of descriptions */
export function figureItem({ label, amount, isNet }) {
  const item = element('div', '', isNet ? 'is-net' : '');
  item.append(element('dt', label), element('dd', amount));
  return item;
}
