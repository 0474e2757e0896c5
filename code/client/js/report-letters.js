/** The letters of a failed-payments report: look at each, send them all, watch them go out. */

import { Attempt, getJson } from './api.js';
import { Poller } from './poller.js';
import { explain } from './problem.js';
import { element, fromTemplate } from './templates.js';
import { count, formatTime } from './wording.js';

/**
 * @typedef {object} Letter  as `GET /reports/{id}/letters` gives it
 * @property {string} payment_intent_id
 * @property {{id: string, name: string|null, email: string|null}} student
 * @property {string} to
 * @property {string} subject
 * @property {string} text
 * @property {"unsent"|"sent"|"not_needed"|"refused"|"failed"} state
 * @property {string|null} sent_at
 * @property {string|null} problem
 */

const KIND = 'failed-payments';
const LOOK_AGAIN_MS = 1000;
const OPEN = ['unsent', 'failed'];

/**
 * @param {import('./report-item.js').Report} report
 * @returns {HTMLElement[]} the part of the open report, where its kind leads to letters
 */
export function lettersPart(report) {
  if (report.kind !== KIND || report.state !== 'ready') return [];
  return [new Letters(report.id).element];
}

class Letters {
  #path;
  #attempt;
  #poller = new Poller(() => this.#look());
  #entries = new Map();
  #answer = null;

  constructor(reportId) {
    this.#path = `/reports/${encodeURIComponent(reportId)}/letters`;
    this.#attempt = new Attempt(this.#path);
    this.element = fromTemplate('letters');
    this.#find('.send-letters').addEventListener('click', () => this.#send());
    this.#find('.look-again').addEventListener('click', () => this.#poller.wake());
    queueMicrotask(() => this.#poller.wake()); // once the part is on the page
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  /**
   * Asks how far they are, for as long as they are on their way and on the page. The letters
   * themselves are asked for at the beginning and at the end only: each time, somebody reads them.
   */
  async #look() {
    if (!this.element.isConnected) return null;
    try {
      if (this.#answer?.under_way) this.#follow(await getJson(`${this.#path}/progress`));
      if (!this.#answer?.under_way) this.#draw(await getJson(this.#path));
    } catch (error) {
      this.#say(error);
      this.#find('.look-again').hidden = false;
      return null;
    }
    return this.#answer.under_way ? LOOK_AGAIN_MS : null;
  }

  async #send() {
    const button = this.#find('.send-letters');
    if (button.getAttribute('aria-busy') || !(await this.#confirm())) return;
    button.setAttribute('aria-busy', 'true');
    try {
      this.#draw(await this.#attempt.post({}));
      this.#poller.wake();
    } catch (error) {
      button.removeAttribute('aria-busy');
      this.#say(error);
    }
  }

  #confirm() {
    const dialog = document.getElementById('letters-dialog');
    const open = this.#open;
    dialog.querySelector('.dialog-title').textContent = `Send ${count(open, 'letter')}?`;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'send'), {
        once: true,
      });
    });
  }

  /** How many letters may still be sent. */
  get #open() {
    return this.#answer.letters.filter(({ state }) => OPEN.includes(state)).length;
  }

  #follow({ under_way: underWay, letters }) {
    const states = new Map(letters.map((letter) => [letter.payment_intent_id, letter]));
    const merged = this.#answer.letters.map((letter) => ({ ...letter, ...states.get(letter.payment_intent_id) }));
    this.#draw({ ...this.#answer, under_way: underWay, letters: merged });
  }

  #draw(answer) {
    this.#answer = answer;
    this.#say(null);
    this.#find('.look-again').hidden = true;
    this.#find('.letters-words').textContent = introduction(answer.letters.length);
    for (const letter of answer.letters) this.#drawLetter(letter);
    this.#drawUnsendable(answer.unsendable);
    this.#drawButton();
    const news = this.#find('.letters-news');
    const words = summary(answer);
    if (news.textContent !== words) news.textContent = words;
  }

  /** Only what has changed is touched, so an open letter stays open and keeps the focus. */
  #drawLetter(letter) {
    let entry = this.#entries.get(letter.payment_intent_id);
    if (!entry) {
      entry = newEntry(letter);
      this.#entries.set(letter.payment_intent_id, entry);
      this.#find('.letters-list').append(entry);
    }
    entry.dataset.state = letter.state;
    setText(entry.querySelector('.letter-state'), stateWords(letter, this.#answer.under_way));
    const problem = entry.querySelector('.letter-problem');
    setText(problem, letter.problem ?? '');
    problem.hidden = !letter.problem;
  }

  #drawUnsendable(unsendable) {
    const part = this.#find('.letters-unsendable');
    part.hidden = unsendable.length === 0;
    part.querySelector('ul').replaceChildren(
      ...unsendable.map(({ student }) => element('li', `${student.name ?? student.id} (${student.email ?? 'no address'})`)),
    );
  }

  #drawButton() {
    const button = this.#find('.send-letters');
    const { under_way: underWay } = this.#answer;
    const hadFocus = button === document.activeElement;
    if (underWay) button.setAttribute('aria-busy', 'true');
    else button.removeAttribute('aria-busy');
    button.hidden = !underWay && this.#open === 0;
    button.textContent = underWay ? 'Sending…' : `Send ${count(this.#open, 'letter')}`;
    if (hadFocus && button.hidden) this.#find('h4').focus();
  }

  #say(error) {
    const said = error ? [element('p', explain(error), 'sr-field-error')] : [];
    for (const sentence of said) sentence.setAttribute('role', 'alert');
    this.#find('.letters-trouble').replaceChildren(...said);
  }
}

function newEntry({ student, to, subject, text }) {
  return fromTemplate('letter', {
    '.letter-who': student.name ?? to,
    '.letter-to': student.name ? to : '',
    '.letter-subject': subject,
    '.letter-text': text,
  });
}

function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function introduction(letters) {
  if (letters === 0) return 'There is nobody to write to.';
  return `One to each of ${count(letters, 'student')}, with what helps and the link to do it. Open a line to read its letter.`;
}

function stateWords({ state, sent_at: sentAt }, underWay) {
  switch (state) {
    case 'sent':
      return `Sent ${formatTime(sentAt)}`;
    case 'not_needed':
      return 'No longer needed';
    case 'refused':
      return 'Refused';
    case 'failed':
      return underWay ? 'Will be tried again' : 'Could not be sent';
    default:
      return underWay ? 'Waiting' : 'Not sent yet';
  }
}

/** One sentence for all, which a screen reader hears whenever it changes. */
function summary({ letters, under_way: underWay }) {
  const of = (state) => letters.filter((letter) => letter.state === state).length;
  const done = letters.length - of('unsent') - of('failed');
  if (underWay) return `${done} of ${count(letters.length, 'letter')} done.`;
  if (of('unsent') === letters.length) return '';
  const parts = [
    [of('sent'), 'sent'],
    [of('not_needed'), 'no longer needed'],
    [of('refused'), 'refused'],
    [of('failed'), 'could not be sent'],
    [of('unsent'), 'not sent yet'],
  ];
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${count(letters.length, 'letter')}: ${said.join(', ')}.`;
}
