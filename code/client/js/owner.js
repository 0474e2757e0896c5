/** The audit trail: its newest entries, what was asked of it, and older ones at a press. */

import { getJson } from './api.js';
import { dayOf, entryItem } from './audit-entries.js';
import { fromAddress, queryOf, showInForm } from './audit-question.js';
import { momentText } from './moments.js';
import { fromTemplate } from './templates.js';

const find = (selector) => document.querySelector(selector);
const list = find('#entries');
const older = find('#older');
const found = find('#found');

let shown = 0;
let before = null;
let asked = 0;

showInForm(find('#question'), fromAddress());
find('#question').addEventListener('submit', (event) => {
  event.preventDefault();
  const query = queryOf(find('#question'));
  history.pushState(null, '', `/owner${query.size ? `?${query}` : ''}`);
  start();
});
window.addEventListener('popstate', () => {
  showInForm(find('#question'), fromAddress());
  start();
});
older.addEventListener('click', more);
find('#try-again').addEventListener('click', () => (shown ? more() : start()));
start();

/** Begins at the newest entry. */
async function start() {
  shown = 0;
  before = null;
  list.replaceChildren();
  older.hidden = true;
  found.textContent = 'Reading the trail…';
  await more();
}

/** What was asked last is shown; an answer to anything before comes too late. */
async function more() {
  const query = fromAddress();
  query.set('timezone', Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (before) query.set('before', before);
  const turn = ++asked;
  setBusy(true);
  try {
    const page = await getJson(`/audit?${query}`);
    if (turn === asked) show(page);
  } catch (error) {
    if (turn === asked) tellProblem(error);
  } finally {
    if (turn === asked) setBusy(false);
  }
}

function tellProblem(error) {
  find('#problem p').textContent = error.message;
  find('#problem').hidden = false;
  if (!shown) found.textContent = 'The trail cannot be read';
}

function show(page) {
  find('#problem').hidden = true;
  for (const entry of page.entries) append(entry);
  shown += page.entries.length;
  before = page.older;
  showTroubles(page.troubles);
  found.textContent = summary(page);
  const hadFocus = document.activeElement === older;
  older.hidden = before === null;
  if (hadFocus && older.hidden) found.focus();
}

function append(entry) {
  const day = dayOf(entry);
  let last = list.lastElementChild;
  if (last?.dataset.day !== day) {
    last = fromTemplate('day-template', { h3: day });
    last.dataset.day = day;
    list.append(last);
  }
  last.querySelector('ol').append(entryItem(entry));
}

function summary(page) {
  const entries = shown === 1 ? '1 entry' : `${shown} entries`;
  if (page.older === null) return shown ? `${entries}, and no more` : 'Nothing is in the trail that fits';
  if (shown) return `${entries}, the newest first`;
  return `Nothing fits back to ${momentText(page.older_than)}`;
}

function showTroubles(troubles) {
  const fresh = troubles.map(({ message, since }) =>
    fromTemplate('trouble-template', { '.message': message, '.since': `Since ${momentText(since)}.` }),
  );
  find('#troubles').replaceChildren(...fresh);
}

function setBusy(isBusy) {
  list.ariaBusy = String(isBusy);
  older.ariaBusy = String(isBusy);
}
