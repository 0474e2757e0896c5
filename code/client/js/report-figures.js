/** The figures of a report: what was counted, and what it adds up to. */

import { formatMoney } from './money.js';
import { element } from './templates.js';

/**
 * @typedef {object} Figure  an amount in minor units of its currency, or a count
 * @property {string} name  such as "payment_total"
 * @property {string} label
 * @property {number} [amount]
 * @property {string} [currency]
 * @property {"total"|"deduction"|"net"|"other"} [role]
 * @property {number} [count]
 */

const MOST_IN_HEADLINE = 4;
const IN_HEADLINE = ['total', 'net'];

/**
 * A report may be older or newer than this page; what it cannot read is left to the files.
 *
 * @param {unknown} figures
 * @returns {boolean} whether this page can show them
 */
export function areFigures(figures) {
  return Array.isArray(figures) && figures.length > 0 && figures.every(isFigure);
}

/**
 * @param {Figure[]} figures
 * @returns {HTMLElement} the few that say most, on one line
 */
export function headline(figures) {
  const chief = figures.filter(({ role }) => IN_HEADLINE.includes(role));
  return list((chief.length > 0 ? chief : figures).slice(0, MOST_IN_HEADLINE), 'report-headline');
}

/**
 * @param {Figure[]} figures
 * @returns {HTMLElement} all of them
 */
export function allFigures(figures) {
  return list(figures, 'figures');
}

function isFigure({ label, amount, currency, count }) {
  const isMoney = Number.isInteger(amount) && /^[a-z]{3}$/i.test(currency);
  return typeof label === 'string' && (isMoney || Number.isInteger(count));
}

function list(figures, className) {
  const made = element('dl', '', className);
  made.append(...figures.map(figureEntry));
  return made;
}

function figureEntry({ name, label, amount, currency, count, role = 'other' }) {
  const entry = element('div', '', 'figure');
  entry.dataset.role = role;
  const text = count === undefined ? formatMoney(amount, currency) : count.toLocaleString('en');
  entry.append(element('dt', label), element('dd', text, name.replaceAll('_', '-')));
  return entry;
}
