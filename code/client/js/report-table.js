/** A table of a report, in a box of its own that scrolls when the page is too narrow for it. */

import { formatMoney } from './money.js';
import { framed } from './table-frame.js';
import { element } from './templates.js';

/**
 * @typedef {object} Table
 * @property {string} title
 * @property {{name: string, title: string, kind: "text"|"integer"|"money"|"moment"|"date"}[]} columns
 * @property {Array<Array<string|number|null>>} rows  money in minor units
 * @property {string} [currency]  of money cells, in rows that have no column "currency"
 */

const NUMBERS = ['integer', 'money'];
const NOTHING = '–';
const CURRENCY_COLUMN = 'currency';

/** @returns {boolean} whether it has what a table needs */
export function isTable(table) {
  return Array.isArray(table?.columns) && Array.isArray(table.rows);
}

/**
 * @param {Table} table
 * @returns {HTMLElement} with a region that the keyboard can scroll
 */
export function tableBox({ title, columns, rows, currency = null }) {
  const box = element('div', '', 'table-box');
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', title);
  const table = document.createElement('table');
  table.createTHead().insertRow().append(...columns.map(headCell));
  const body = table.createTBody();
  for (const row of rows) fillRow(body.insertRow(), row, columns, currency);
  box.append(table);
  return framed(box);
}

function headCell({ title, kind }) {
  const cell = element('th', title, NUMBERS.includes(kind) ? 'number' : '');
  cell.scope = 'col';
  return cell;
}

function fillRow(place, row, columns, tableCurrency) {
  const cellOf = (wanted) => row[columns.findIndex(({ name }) => name === wanted)];
  const cells = columns.map((column, index) => {
    const currency = cellOf(ownCurrency(column)) ?? cellOf(CURRENCY_COLUMN) ?? tableCurrency;
    return dataCell(row[index] ?? null, column, currency);
  });
  place.append(...cells);
}

/** An amount may have its own currency beside it: `refund_currency` is that of `refund_amount`. */
function ownCurrency({ name }) {
  return name.endsWith('_amount') ? name.replace(/amount$/, 'currency') : CURRENCY_COLUMN;
}

function dataCell(cell, { kind }, currency) {
  const made = element('td', '', NUMBERS.includes(kind) ? 'number' : kind);
  made.append(isLink(cell) ? link(cell) : cellText(cell, kind, currency));
  return made;
}

function cellText(cell, kind, currency) {
  if (cell === null) return NOTHING;
  if (kind === 'money' && currency) return formatMoney(cell, currency);
  return typeof cell === 'number' ? cell.toLocaleString('en') : String(cell);
}

function isLink(cell) {
  return typeof cell === 'string' && /^https?:\/\/\S+$/.test(cell);
}

function link(address) {
  const made = element('a', address);
  made.href = address;
  return made;
}
