/** The lesson book as the shop tells it, asked for again and again while somebody is looking. */

import { getJson } from './api.js';
import { Poller } from './poller.js';
import { explain } from './problem.js';

const PAUSE_MS = 20_000;

export class BookFeed {
  #onBook;
  #onProblem;
  #poller = new Poller(() => this.#ask());
  #book = null;
  #readAt = 0;
  #changes = 0;

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
      const book = await getJson('/lesson-book');
      if (changes === this.#changes) this.#take(book);
      else this.wake(); // it may have been written before that change
    } catch (error) {
      this.#onProblem(explain(error));
    }
    return PAUSE_MS;
  }

  #take(book) {
    this.#book = book;
    this.#readAt = performance.now();
    this.#onBook(book);
  }
}
