/** The figures of a finished report, one way of showing them for each kind. */

import { formatMoney } from './money.js';
import { element, fromTemplate } from './templates.js';
import { count } from './wording.js';

const NO_FIGURES = 'This page cannot show the figures of this report. Its files have them.';

const SUMMARIES = {
  'lesson-totals': { fits: isLessonTotals, draw: lessonTotals },
  'failed-payments': { fits: isFailedPayments, draw: failedPayments },
};

/**
 * A report may be older or newer than this page: figures in a shape the page does not know are
 * left to the files.
 *
 * @param {import('./report-body.js').Report} report
 * @returns {HTMLElement}
 */
export function reportSummary({ kind, summary }) {
  const known = SUMMARIES[kind];
  if (known && summary && known.fits(summary)) return known.draw(summary);
  return element('p', NO_FIGURES, 'report-note');
}

function isLessonTotals({ transactions, lines, other_currencies: others = [], ...totals }) {
  return (
    Number.isInteger(transactions) &&
    Array.isArray(lines) &&
    lines.every(({ label, amount }) => typeof label === 'string' && Number.isInteger(amount)) &&
    Array.isArray(others) &&
    [totals, ...others].every(isTotals)
  );
}

function isTotals({ payment_total, fee_total, net_total, currency }) {
  return [payment_total, fee_total, net_total].every(Number.isInteger) && /^[a-z]{3}$/i.test(currency);
}

function isFailedPayments({ students }) {
  return Number.isInteger(students);
}

function lessonTotals({ transactions, lines, other_currencies: others = [], ...totals }) {
  const summary = fromTemplate('lesson-totals-summary', {
    '.report-lines summary': `${count(transactions, 'row')} of lesson money, line by line`,
  });
  summary.prepend(figures(totals), ...others.map(figures));
  summary.querySelector('tbody').append(...lines.map((line) => lineRow(line, totals.currency)));
  return summary;
}

function figures({ payment_total, fee_total, net_total, currency }) {
  return fromTemplate('figures', {
    '.payment-total': formatMoney(payment_total, currency),
    '.fee-total': formatMoney(fee_total, currency),
    '.net-total': formatMoney(net_total, currency),
  });
}

function lineRow({ label, amount }, currency) {
  const row = document.createElement('tr');
  row.append(element('td', label), element('td', formatMoney(amount, currency)));
  return row;
}

function failedPayments({ students }) {
  const who = students === 0 ? 'No student' : count(students, 'student');
  return element('p', `${who} with a failed payment.`, 'failed-students');
}
