/** The lesson book as the shop tells it, asked for again and again while somebody is looking. */

import { getJson } from './api.js';
import { Poller } from './poller.js';
import { explain } from './problem.js';

const PAUSE_MS = 20_000;

/** How many lessons the shop tells at once. */
const AT_ONCE = 200;

/** A hold is placed five days ahead: lessons up to then are always read, later ones on demand. */
const HOLD_AHEAD_MS = 5 * 86_400_000;

export class BookFeed {
  #onBook;
  #onProblem;
  #poller = new Poller(() => this.#ask());
  #book = null;
  #readAt = 0;
  #changes = 0;
  #pages = 1;
  #wanted = 1;

  /**
   * @param {object} listener
   * @param {(book: object) => void} listener.onBook  there is news, maybe none that matters
   * @param {(sentence: string) => void} listener.onProblem  the last book is all there is
   */
  constructor({ onBook, onProblem }) {
    this.#onBook = onBook;
    this.#onProblem = onProblem;
  }

  /** @returns {object|null} the last book, or null where none was read yet */
  get book() {
    return this.#book;
  }

  /** @returns {string} this moment by the shop's clock, ISO 8601 in UTC */
  get now() {
    if (this.#book === null) return new Date().toISOString();
    return new Date(Date.parse(this.#book.now) + performance.now() - this.#readAt).toISOString();
  }

  /** Asks now, and every twenty seconds from then on. */
  wake() {
    this.#poller.wake();
  }

  /** Asks for lessons further ahead too, from now on. */
  lookAhead() {
    this.#wanted = this.#pages + 1;
    this.wake();
  }

  /** @param {(book: object) => object} change  what an action's answer makes of the book */
  change(change) {
    this.#changes += 1;
    if (this.#book === null) return;
    this.#book = change(this.#book);
    this.#onBook(this.#book);
  }

  async #ask() {
    const changes = this.#changes;
    try {
      const book = await this.#read();
      if (changes === this.#changes) this.#take(book);
      else this.wake(); // it may have been written before that change
    } catch (error) {
      this.#onProblem(explain(error));
    }
    return PAUSE_MS;
  }

  async #read() {
    let book = await getJson('/lesson-book');
    let pages = 1;
    while (book.more.lessons && (pages < this.#wanted || endsTooSoon(book))) {
      if (this.#book === null) this.#take(book); // the first of them can be worked on already
      book = withLessons(book, await getJson(`/lesson-book?skip=${pages * AT_ONCE}`));
      pages += 1;
    }
    this.#pages = pages;
    return book;
  }

  #take(book) {
    this.#book = book;
    this.#readAt = performance.now();
    this.#onBook(book);
  }
}

function endsTooSoon({ now, lessons }) {
  const last = lessons.at(-1);
  return last === undefined || Date.parse(last.at) <= Date.parse(now) + HOLD_AHEAD_MS;
}

/** Between two readings a lesson may have moved from one to the other. */
function withLessons(book, { lessons, more }) {
  const known = new Set(book.lessons.map(({ student }) => student.id));
  const later = lessons.filter(({ student }) => !known.has(student.id));
  return { ...book, lessons: [...book.lessons, ...later], more: { ...book.more, lessons: more.lessons } };
}
