/** Draws a view: its heading, its sections and their rows, again and again without flicker. */

import { drawRow } from './instructor-row-view.js';
import { leftOut, VIEWS } from './instructor-views.js';
import { showItems } from './keyed-list.js';
import { fromTemplate } from './templates.js';
import { count } from './wording.js';

/**
 * @param {HTMLElement} panel
 * @param {string} name  of the view
 * @param {object} book
 * @param {import('./instructor-rows.js').Clock} clock
 * @param {(row: object) => object} situationOf  what `drawRow` asks for
 * @returns {import('./instructor-rows.js').Row[]} the rows that are shown
 */
export function showView(panel, name, book, clock, situationOf) {
  const view = VIEWS[name];
  const sections = view.sections(view.items(book), clock);
  const rows = sections.flatMap((section) => section.rows);
  setText(panel.querySelector('.view-title'), view.title);
  setText(panel.querySelector('.view-about'), view.about);
  const drawn = sections.map((section) => drawSection(section, situationOf));
  showItems(panel.querySelector('.sections'), drawn, renewSection);
  panel.querySelector('.view-empty').hidden = rows.length > 0;
  setText(panel.querySelector('.view-empty'), view.empty);
  const more = leftOut(name, book);
  const canLookAhead = name === 'today' && more > 0;
  panel.querySelector('.look-ahead').hidden = !canLookAhead;
  setText(panel.querySelector('.view-more'), canLookAhead ? '' : moreWords(more));
  return rows;
}

/**
 * @param {import('./instructor-rows.js').Row[]} rows
 * @returns {HTMLElement[]}
 */
export function drawRows(rows, situationOf) {
  return rows.map((row) => drawRow(row, situationOf(row)));
}

function drawSection({ key, title, rows }, situationOf) {
  const section = fromTemplate('section', { '.section-title': title });
  section.dataset.key = key;
  section.querySelector('.section-title').hidden = title === '';
  section.setAttribute('aria-label', title || 'All');
  section.querySelector('.rows').append(...drawRows(rows, situationOf));
  return section;
}

function renewSection(old, fresh) {
  if (!old) return fresh;
  setText(old.querySelector('.section-title'), fresh.querySelector('.section-title').textContent);
  showItems(old.querySelector('.rows'), [...fresh.querySelector('.rows').children]);
  return old;
}

function moreWords(number) {
  return number ? `${count(number, 'more row')} not shown here. Find the student by name.` : '';
}

/** Told again, the same words would be read out again. */
export function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
