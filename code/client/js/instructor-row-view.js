/** Draws a row. */

import { ACTIONS } from './instructor-actions.js';
import { element, fromTemplate } from './templates.js';

/**
 * @param {import('./instructor-rows.js').Row} row
 * @param {object} situation
 * @param {boolean} situation.isBusy  something is being sent for it
 * @param {boolean} situation.isUndecided  something was sent and never answered
 * @param {boolean} situation.isSelected
 * @returns {HTMLElement}
 */
export function drawRow(row, { isBusy, isUndecided, isSelected }) {
  const { name } = row;
  const drawn = fromTemplate('row', {
    '.row-when': row.when.text,
    '.row-about': row.about,
    '.row-state': row.state,
    '.row-amount': row.amount,
  });
  drawn.dataset.key = row.key;
  drawn.dataset.tone = row.tone;
  drawn.toggleAttribute('data-due', row.isDue);
  drawn.querySelector('.row-when').title = row.when.title;
  drawn.querySelector('.row-moment').textContent = row.when.title;
  showName(drawn.querySelector('.row-name'), row);
  showPick(drawn, row, name, isSelected);
  const notes = isUndecided ? ['Sent, but no answer came.', ...row.notes] : row.notes;
  drawn.querySelector('.row-notes').replaceChildren(...notes.map((note) => element('li', note)));
  drawn.querySelector('.row-links').replaceChildren(...row.links.map(link));
  drawn.querySelector('.row-actions').replaceChildren(...buttons(row, name, { isBusy, isUndecided }));
  return drawn;
}

/** @returns {HTMLElement} a link as an item of a list */
export function link({ text, href }) {
  const anchor = element('a', text);
  anchor.href = href;
  anchor.dataset.focus = href;
  const item = document.createElement('li');
  item.append(anchor);
  return item;
}

/** @returns {boolean} whether it can be done together with others */
export function canBeSelected({ buttons: shown, menu }) {
  return [...shown, ...menu].some((name) => name === 'hold' || name === 'release');
}

function showName(anchor, { name, href }) {
  anchor.textContent = name;
  if (href !== null) anchor.href = href;
}

function showPick(drawn, row, name, isSelected) {
  const pick = drawn.querySelector('.row-pick');
  pick.querySelector('.visually-hidden').textContent = `Select ${name}`;
  pick.querySelector('input').checked = isSelected;
  if (row.href === null || !canBeSelected(row)) pick.replaceWith(element('span', '', 'row-pick'));
}

function buttons(row, name, { isBusy, isUndecided }) {
  const shown = isUndecided ? ['retry', ...row.buttons] : row.buttons;
  const made = shown.map((action) => button(action, name, isBusy));
  const loud = isUndecided || row.isDue ? 1 : 0;
  for (const other of made.slice(loud)) other.classList.add('quiet-button');
  return row.menu.length ? [...made, ...menu(row, name, isBusy)] : made;
}

function menu(row, name, isBusy) {
  const id = `more-${row.key.replace(/\W/g, '-')}`;
  const more = button('more', name, isBusy);
  more.classList.add('quiet-button');
  more.setAttribute('popovertarget', id);
  const list = element('div', '', 'row-menu');
  list.id = id;
  list.popover = 'auto';
  list.append(...row.menu.map((action) => button(action, name, isBusy)));
  list.addEventListener('focusout', ({ relatedTarget: next }) => {
    if (next && next !== more && !list.contains(next)) list.hidePopover(); // it would cover what has the focus
  });
  return [more, list];
}

const OTHER_WORDS = { retry: 'Try again', more: 'More' };

function button(action, name, isBusy) {
  const made = element('button', OTHER_WORDS[action] ?? ACTIONS[action].word);
  made.type = 'button';
  made.disabled = isBusy;
  made.dataset.focus = action;
  if (action !== 'more') made.dataset.action = action;
  made.append(element('span', `for ${name}`, 'visually-hidden'));
  return made;
}
