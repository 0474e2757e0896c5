/** The one dialog of every action: what it comes to, sending it, and what came of it. */

import { ACTIONS } from './instructor-actions.js';
import { ActionFields } from './instructor-fields.js';
import { figureItem, figureLines } from './instructor-figure-lines.js';
import { sumOf } from './instructor-figures.js';
import { newsOf, whatOf, whomItem } from './instructor-results.js';
import { formatMoney } from './money.js';
import { count } from './wording.js';

const CURRENCY = 'usd'; // of every lesson payment that the shop makes
const QUIET_MS = 700;

export class ActionDialog {
  #dialog;
  #fields;
  #sender;
  #fees;
  #onSent;
  #action = null;
  #subjects = [];
  #results = new Map();
  #isSending = false;
  #speaking = null;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {import('./instructor-sender.js').Sender} sender
   * @param {object} needs
   * @param {() => object} needs.fees  Stripe's price as the book has it
   * @param {(sentence: string, about: {isGood: boolean, isSeen: boolean, isOne: boolean}) => void}
   *   needs.onSent  told what came of it; `isSeen` where the dialog still says so itself
   * @param {() => void} needs.onClose
   */
  constructor(dialog, sender, { fees, onSent, onClose }) {
    this.#dialog = dialog;
    this.#sender = sender;
    this.#fees = fees;
    this.#onSent = onSent;
    this.#fields = new ActionFields(this.#find('fieldset'), () => this.#showFigures());
    this.#find('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#find('.close').addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', onClose);
  }

  /**
   * @param {string} action
   * @param {import('./instructor-actions.js').Subject[]} subjects  one or more
   */
  open(action, subjects) {
    const { title, about, fields: fieldsOfOne, fieldsOfMany } = ACTIONS[action];
    const isOne = subjects.length === 1;
    const fields = isOne ? fieldsOfOne : fieldsOfMany;
    const many = `${title} for ${count(subjects.length, 'student')}`;
    this.#begin(action, subjects);
    this.#find('.dialog-title').textContent = isOne ? title : many;
    this.#find('.dialog-about').textContent = about;
    this.#fields.show(fields, action, isOne ? subjects[0].payment : null);
    this.#showWhom();
    this.#showFigures();
    this.#dialog.showModal();
    if (fields.length) this.#fields.focus();
    else this.#submitButton.focus();
  }

  /** Sends again what was never answered, as it was. */
  retry(job) {
    this.open(job.action, [job.subject]);
    this.#fields.fill(job.values);
    this.#showFigures();
    this.#send([job]);
  }

  #begin(action, subjects) {
    this.#action = action;
    this.#subjects = subjects;
    this.#results = new Map();
    this.#isSending = false;
    this.#showButtons();
  }

  async #submit() {
    if (this.#isSending) return;
    const undecided = Array.from(this.#results.values()).filter(({ result }) => result.outcome === 'undecided');
    if (undecided.length) return this.#send(undecided.map(({ job }) => job));
    if (!this.#fields.check()) return this.#fields.focus();
    this.#fields.remember();
    const { values } = this.#fields;
    this.#results = new Map();
    this.#showWhom();
    return this.#send(this.#subjects.map((subject) => ({ action: this.#action, subject, values })));
  }

  async #send(jobs) {
    const results = this.#results;
    this.#isSending = true;
    this.#fields.disabled = true;
    this.#showButtons();
    await this.#sender.send(jobs, (job, result) => {
      results.set(job.subject, { job, result });
      if (results === this.#results) this.#showWhom();
    });
    if (results === this.#results) this.#finish();
    this.#onSent(newsOf(results), {
      isGood: Array.from(results.values()).every(({ result }) => result.outcome === 'done'),
      isSeen: results === this.#results && this.#dialog.open,
      isOne: results.size === 1,
    });
  }

  /** One that is done needs no more than the page's news; of several each has its line in here. */
  #finish() {
    this.#isSending = false;
    const [first] = this.#outcomes;
    const isOne = this.#subjects.length === 1;
    if (isOne && first === 'done') return this.#dialog.close();
    this.#fields.disabled = !isOne || first === 'undecided';
    this.#showButtons();
    clearTimeout(this.#speaking);
    this.#find('.dialog-spoken').textContent = newsOf(this.#results);
    if (!this.#dialog.open) return;
    if (this.#outcomes.includes('undecided')) this.#submitButton.focus();
    else this.#find('.close').focus();
  }

  #showWhom() {
    const isOne = this.#subjects.length === 1;
    this.#find('.dialog-whom').replaceChildren(
      ...this.#subjects.map((subject) => {
        const what = whatOf(subject, this.#action, isOne);
        return whomItem(subject.student, what, this.#results.get(subject)?.result ?? null);
      }),
    );
  }

  #showFigures() {
    const values = this.#fields.values;
    const { figures } = ACTIONS[this.#action];
    const total = values && sumOf(this.#subjects.map((subject) => figures(subject, values, this.#fees())));
    const lines = figureLines(this.#action, total, this.#currency);
    this.#find('.dialog-figures').replaceChildren(...lines.map(figureItem));
    this.#find('.dialog-together').hidden = this.#subjects.length === 1;
    this.#submitButton.textContent = this.#submitWords(total);
    this.#speak(total ? lines.map(({ label, amount }) => `${label}: ${amount}.`).join(' ') : '');
  }

  /** A listener hears the figures once the typing pauses. */
  #speak(sentence) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      this.#find('.dialog-spoken').textContent = sentence;
    }, QUIET_MS);
  }

  #submitWords(total) {
    const { title, word } = ACTIONS[this.#action];
    if (!total || this.#action === 'half' || this.#action === 'holdAgain') return title.split(':')[0];
    const amount = { release: total.released, refund: total.back }[this.#action] ?? total.pays;
    if (amount === 0) return word;
    const many = this.#subjects.length > 1 ? ` ${this.#subjects.length}:` : '';
    return `${word}${many} ${formatMoney(amount, this.#currency)}`;
  }

  #showButtons() {
    const outcomes = this.#outcomes;
    const undecided = outcomes.filter((outcome) => outcome === 'undecided').length;
    const isOver = !this.#isSending && outcomes.length > 0 && (undecided > 0 || this.#subjects.length > 1);
    const submit = this.#submitButton;
    this.#dialog.toggleAttribute('data-is-over', isOver);
    submit.hidden = isOver && undecided === 0;
    submit.disabled = this.#isSending;
    submit.ariaBusy = this.#isSending ? 'true' : null;
    if (this.#isSending) submit.textContent = 'Sending…';
    else if (undecided) submit.textContent = this.#subjects.length > 1 ? `Try ${undecided} again` : 'Try again';
    else if (outcomes.length) this.#showFigures();
    this.#find('.close').textContent = outcomes.length || this.#isSending ? 'Close' : 'Cancel';
  }

  get #outcomes() {
    return Array.from(this.#results.values(), ({ result }) => result.outcome);
  }

  get #currency() {
    return this.#subjects[0].payment?.currency ?? CURRENCY;
  }

  get #submitButton() {
    return this.#find('[type="submit"]');
  }

  #find(selector) {
    return this.#dialog.querySelector(selector);
  }
}
