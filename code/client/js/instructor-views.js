/** The five views of the lesson book: which rows are in each, under which headings. */

import { attentionRow, failedRow, holdRow, lessonRow } from './instructor-rows.js';
import { dayOf, dayTitle } from './instructor-times.js';

/**
 * @typedef {object} Section
 * @property {string} key
 * @property {string} title  empty where the view's own heading says it all
 * @property {import('./instructor-rows.js').Row[]} rows
 *
 * @typedef {object} View
 * @property {string} title
 * @property {string} about
 * @property {string} empty  what to say where there are no rows
 * @property {(book: object) => object[]} items  what it is about
 * @property {string} list  the book's own list, for what it had to leave out
 * @property {(items: object[], clock: object) => Section[]} sections
 */

/** @type {Record<string, View>} */
export const VIEWS = {
  today: {
    title: 'Today and next',
    about: 'Lessons from today on, for two weeks.',
    empty: 'No lessons in the next two weeks.',
    list: 'lessons',
    items: ({ lessons }) => lessons,
    sections: byDay,
  },
  'needs-hold': {
    title: 'Needs a hold',
    about: 'The lesson is within five days, and nothing is reserved on the card.',
    empty: 'Nobody needs a hold. Every lesson of the next five days is covered.',
    list: 'lessons',
    items: ({ lessons }) => lessons.filter(({ needs_hold: needsHold }) => needsHold),
    sections: byDay,
  },
  holds: {
    title: 'Open holds',
    about: 'The one that lapses first is on top. Capture it in time, or hold again.',
    empty: 'No open holds. Nothing is reserved on any card.',
    list: 'holds',
    items: ({ holds }) => holds,
    sections: (items, clock) => one(items.map((hold) => holdRow(hold, clock))),
  },
  failed: {
    title: 'Failed payments',
    about: 'The latest payment of each student was refused, and nothing has taken its place.',
    empty: 'No failed payments in the last 30 days.',
    list: 'failed',
    items: ({ failed }) => failed,
    sections: (items, clock) => one(items.map((payment) => failedRow(payment, clock))),
  },
  attention: {
    title: 'Attention',
    about: 'Holds about to lapse or lapsed, refunds that failed, disputes.',
    empty: 'Nothing needs attention.',
    list: 'attention',
    items: ({ attention }) => attention,
    sections: (items, clock) => one(items.map((item) => attentionRow(item, clock))),
  },
};

/** @returns {number} how many there are, with those that the shop left out */
export function countOf(name, book) {
  const { items } = VIEWS[name];
  return items(book).length + leftOut(name, book);
}

/** @returns {number} how many the list was cut by; all who need a hold are always read */
export function leftOut(name, { more }) {
  return name === 'needs-hold' ? 0 : (more[VIEWS[name].list] ?? 0);
}

function byDay(lessons, clock) {
  const days = Map.groupBy(lessons, ({ at }) => dayOf(at, clock.zone));
  return Array.from(days, ([key, ofDay]) => ({
    key,
    title: dayTitle(ofDay[0].at, clock.now, clock.zone),
    rows: ofDay.map((lesson) => lessonRow(lesson, clock)),
  }));
}

function one(rows) {
  return rows.length ? [{ key: 'all', title: '', rows }] : [];
}
