/** The instructor's page: lessons by day, their holds and payments, and what is to be done. */

import { withPayment } from './instructor-changes.js';
import { ActionDialog } from './instructor-dialog.js';
import { BookFeed } from './instructor-feed.js';
import { StudentSearch } from './instructor-search.js';
import { Selection } from './instructor-selection.js';
import { Sender } from './instructor-sender.js';
import { StudentPanel } from './instructor-student.js';
import { clockOf, dayName, momentOf } from './instructor-times.js';
import { setText, showView } from './instructor-view-list.js';
import { countOf, VIEWS } from './instructor-views.js';
import { focusIn } from './keyed-list.js';
import { zoneCity } from './zones.js';

const find = (selector) => document.querySelector(selector);
const list = find('#view');
const feed = new BookFeed({ onBook, onProblem });
const sender = new Sender({ onPayment, onChange: draw });
const student = new StudentPanel(find('#student'), situationOf, () => feed.now);
const selection = new Selection(list, find('#together'), actTogether);
const dialog = new ActionDialog(find('#action-dialog'), sender, {
  fees: () => feed.book?.fees ?? { basis_points: 0, fixed: 0 },
  onSent,
  onClose: focusBack,
});
let view = 'today';
let rows = [];
let opener = null;

new StudentSearch(find('#find-student'));
for (const place of [list, find('#student')]) place.addEventListener('click', onClick);
for (const button of document.querySelectorAll('.refresh')) button.addEventListener('click', () => feed.wake());
find('.look-ahead').addEventListener('click', () => feed.lookAhead());
find('#news-close').addEventListener('click', () => say(''));
window.addEventListener('hashchange', () => route(true));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) student.refresh();
});
route(false);
feed.wake();

/** The address says what is shown: "#holds", or "#student/cus_1". */
function route(isMove) {
  const [name, id] = location.hash.slice(1).split('/');
  const isStudent = name === 'student' && Boolean(id);
  const left = isStudent ? null : leaveStudent();
  if (name in VIEWS) view = name;
  find('#student').hidden = !isStudent;
  list.hidden = isStudent;
  selection.clear();
  find('#back').href = `#${view}`;
  find('#back').textContent = `Back to “${VIEWS[view].title}”`;
  if (isStudent) showStudent(id);
  draw();
  if (isMove && !isStudent) focusStudent(left);
}

function showStudent(id) {
  student.open(id);
  find('#student .student-name').focus();
}

function leaveStudent() {
  const id = student.id;
  student.close();
  return id;
}

/** Back in the list, the student who was looked at has the focus again. */
function focusStudent(id) {
  const row = id && rows.find(({ href }) => href === `#student/${id}`);
  if (row) focusIn(list.querySelector(`[data-key="${CSS.escape(row.key)}"]`), 'student');
  else find('.view-title').focus({ preventScroll: true });
}

function draw() {
  student.redraw();
  for (const link of document.querySelectorAll('#views a')) drawTab(link);
  if (feed.book === null) return;
  const clock = { zone: feed.book.zone, now: feed.now };
  if (!list.hidden) rows = showView(list, view, feed.book, clock, situationOf);
  else list.querySelector('.sections').replaceChildren();
  selection.show(list.hidden ? [] : rows);
}

function drawTab(link) {
  const name = link.hash.slice(1);
  if (name === view) link.ariaCurrent = list.hidden ? 'true' : 'page';
  else link.ariaCurrent = null;
  if (feed.book === null) return;
  const number = countOf(name, feed.book);
  setText(link.querySelector('.tab-count'), String(number));
  link.toggleAttribute('data-some', number > 0);
}

function situationOf(row) {
  return {
    isBusy: sender.isBusy(row.subject),
    isUndecided: sender.undecided(row.subject) !== null,
    isSelected: selection.has(row.key),
  };
}

function onBook({ zone, compared_at: compared }) {
  const { now } = feed;
  find('#reading').hidden = true;
  find('#book-problem').hidden = true;
  document.body.toggleAttribute('data-old', false);
  document.body.toggleAttribute('data-read', true);
  setText(find('#day'), `${dayName(now, zone)}. All times are ${zoneCity(zone)} time.`);
  setText(find('#as-of'), `As of ${clockOf(feed.book.now, zone)}`);
  setText(find('#compared'), comparedWords(compared, zone));
  draw();
}

function comparedWords(compared, zone) {
  if (!compared) return "Not compared with everything at Stripe yet; Stripe's events keep it up to date.";
  const when = momentOf(compared, zone);
  return `Compared with everything at Stripe on ${when}; Stripe's events keep it up to date since.`;
}

function onProblem(sentence) {
  find('#reading').hidden = true;
  find('#book-problem').hidden = false;
  const old = feed.book ? ` What you see is from ${clockOf(feed.book.now, feed.book.zone)}.` : '';
  setText(find('#book-problem p'), `The lesson book can't be read. ${sentence}${old}`);
  document.body.toggleAttribute('data-old', feed.book !== null);
  if (feed.book) setText(find('#as-of'), `Old: as of ${clockOf(feed.book.now, feed.book.zone)}`);
}

function onPayment(payment, replaced) {
  student.put(payment, replaced);
  feed.change((book) => withPayment(book, payment, replaced));
}

function onSent(sentence, { isGood, isSeen, isOne }) {
  if (!isSeen) say(sentence, isGood);
  if (!isOne) selection.clear();
  feed.wake();
  student.refresh();
}

function say(sentence, isGood = true) {
  const news = find('#news');
  news.dataset.tone = isGood ? 'good' : 'bad';
  news.toggleAttribute('data-empty', sentence === '');
  setText(find('#news-text'), sentence);
}

function onClick({ target }) {
  const button = target.closest('[data-action]');
  if (!button) return;
  button.closest('[popover]')?.hidePopover();
  const key = button.closest('.row')?.dataset.key;
  const row = [...rows, ...student.rows].find((candidate) => candidate.key === key);
  const subject = row?.subject ?? student.subject;
  opener = { key, focus: button.closest('[popover]') ? 'more' : button.dataset.focus, button };
  say('');
  if (button.dataset.action === 'retry') dialog.retry(sender.undecided(subject));
  else dialog.open(button.dataset.action, [subject]);
}

/** An action for several rows, or for the one that was picked. */
function actTogether(action, subjects, button) {
  opener = { button };
  say('');
  dialog.open(action, subjects);
}

/** After the dialog the focus is where it was, whatever the row looks like by now. */
function focusBack() {
  const row = opener.key && find(`#lessons-page .row[data-key="${CSS.escape(opener.key)}"]`);
  if (row) focusIn(row, row.querySelector('[data-action="retry"]') ? 'retry' : opener.focus);
  else if (opener.button.checkVisibility()) opener.button.focus();
  else find(list.hidden ? '#student .student-name' : '.view-title').focus({ preventScroll: true });
}
