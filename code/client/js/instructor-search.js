/** Find a student: links below the field, which arrow keys reach as well as the Tab key. */

import { getJson } from './api.js';
import { nameOf, studentHash } from './instructor-students.js';
import { cardWords } from './instructor-words.js';
import { explain } from './problem.js';
import { fromTemplate } from './templates.js';
import { count } from './wording.js';

const PAUSE_MS = 200;
const MOST = 20;

export class StudentSearch {
  #form;
  #input;
  #list;
  #status;
  #timer = null;
  #asked = 0;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#input = form.querySelector('input');
    this.#list = form.querySelector('.found');
    this.#status = form.querySelector('.found-news');
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#links[0]?.click();
    });
    form.addEventListener('keydown', (event) => this.#onKey(event));
    form.addEventListener('focusout', ({ relatedTarget }) => {
      if (!form.contains(relatedTarget)) this.#close();
    });
    this.#input.addEventListener('focus', () => this.#ask());
    this.#list.addEventListener('focusin', () => this.#askNoMore()); // who chooses keeps what they see
    this.#list.addEventListener('click', ({ target }) => {
      if (!target.closest('a')) return;
      this.#input.value = '';
      this.#close();
    });
    document.addEventListener('keydown', (event) => this.#onSlash(event));
  }

  async #ask() {
    const wanted = this.#input.value.trim();
    const asked = ++this.#asked;
    if (wanted === '') return this.#close();
    try {
      const { students } = await getJson(`/lesson-book/students?q=${encodeURIComponent(wanted)}`);
      if (asked === this.#asked) this.#show(students, wanted);
    } catch (error) {
      if (asked === this.#asked) this.#say(`Students can't be searched. ${explain(error)}`);
    }
  }

  #show(students, wanted) {
    this.#list.replaceChildren(...students.map(found));
    this.#list.hidden = students.length === 0;
    this.#say(foundWords(students.length, wanted));
  }

  #say(sentence) {
    this.#status.textContent = sentence;
    this.#form.dataset.open = sentence !== '';
  }

  /** What is on its way comes too late. */
  #askNoMore() {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  #close() {
    this.#askNoMore();
    this.#list.replaceChildren();
    this.#list.hidden = true;
    this.#say('');
  }

  #onKey(event) {
    const places = [this.#input, ...this.#links];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = places[places.indexOf(document.activeElement) + step];
      if (next) event.preventDefault();
      next?.focus();
    } else if (event.key === 'Escape' && this.#status.textContent) {
      event.preventDefault();
      this.#input.focus();
      this.#close();
    }
  }

  /** "/" leads here, unless something is being typed or a dialog is open. */
  #onSlash(event) {
    const isTyping = event.target.closest('input:not([type="checkbox"]), dialog');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  get #links() {
    return [...this.#list.querySelectorAll('a')];
  }
}

function found(student) {
  const { name, email, id, card, lesson } = student;
  const item = fromTemplate('found', {
    '.found-name': nameOf(student),
    '.found-about': [name ? email : id, cardWords(card), lesson?.text].filter(Boolean).join(' · '),
  });
  item.querySelector('a').href = studentHash(id);
  return item;
}

function foundWords(number, wanted) {
  if (number === 0) return `Nobody found for “${wanted}”.`;
  if (number >= MOST) return `The first ${MOST}. Type more to narrow it down.`;
  return `${count(number, 'student')} found.`;
}
