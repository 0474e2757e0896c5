/** The panel of one student: who they are, their payments and what can be done, their history. */

import { getJson } from './api.js';
import { ownPaymentRow } from './instructor-rows.js';
import { accountPage, nameOf } from './instructor-students.js';
import { dayOf, momentOf } from './instructor-times.js';
import { timelineItems } from './instructor-timeline.js';
import { drawRows, setText } from './instructor-view-list.js';
import { cardWords, expiryWords } from './instructor-words.js';
import { showItems } from './keyed-list.js';
import { formatMoney } from './money.js';
import { explain } from './problem.js';

const NOT_COMPLETE = 'Only the newest payments are shown; there are more at Stripe.';

export class StudentPanel {
  #panel;
  #situationOf;
  #now;
  #id = null;
  #asked = 0;
  #shown = null;

  /**
   * @param {HTMLElement} panel
   * @param {(row: object) => object} situationOf  what `drawRow` asks for
   * @param {() => string} now  by the shop's clock
   */
  constructor(panel, situationOf, now) {
    this.#panel = panel;
    this.#now = now;
    this.#situationOf = situationOf;
    this.#find('.retry').addEventListener('click', () => this.refresh());
  }

  /** @returns {string|null} whom it shows */
  get id() {
    return this.#id;
  }

  /** @returns {import('./instructor-actions.js').Subject|null} for a new hold */
  get subject() {
    return this.#shown && { student: this.#shown.student, payment: null };
  }

  /** @returns {import('./instructor-rows.js').Row[]} of the student's payments */
  get rows() {
    if (!this.#shown) return [];
    const { payments, zone } = this.#shown;
    const clock = { zone, now: this.#now() };
    return payments.map((payment) => ownPaymentRow(payment, clock));
  }

  /** @param {string} id  of the student to show, percent-encoded as in the page's address */
  async open(id) {
    this.#id = id;
    this.#shown = null;
    this.#find('.student-body').hidden = true;
    this.#find('.student-name').textContent = 'Student';
    this.#say("Reading the student's payments from Stripe…");
    await this.refresh();
  }

  /** Empties the panel. */
  close() {
    this.#id = null;
    this.#shown = null;
    this.#find('.student-payments').replaceChildren();
    this.#find('.timeline').replaceChildren();
  }

  /** Reads it again from Stripe. */
  async refresh() {
    if (this.#id === null) return;
    const asked = ++this.#asked;
    const id = this.#id;
    try {
      const answer = await getJson(`/timeline/${id}`);
      if (asked === this.#asked && id === this.#id) this.#show(answer);
    } catch (error) {
      if (asked !== this.#asked || id !== this.#id) return;
      if (error.status === 404) this.#say(`There is no student ${id}.`);
      else this.#say(`${explain(error)}${this.#shown ? ' What is shown here is old.' : ''}`, true);
    }
  }

  /** Draws the rows again, for what is under way. */
  redraw() {
    showItems(this.#find('.student-payments'), drawRows(this.rows, this.#situationOf));
  }

  /** @param {object} payment  as an action's answer tells, until the history is read again */
  put(payment, replaced = payment.id) {
    if (this.#shown?.student.id !== payment.student.id) return;
    const others = this.#shown.payments.filter(({ id }) => id !== payment.id);
    const isReplaced = ({ id, state }) => id === replaced && ['held', 'needs_confirmation'].includes(state);
    const kept = others.map((other) => (isReplaced(other) ? { ...other, state: 'released' } : other));
    const payments = [...kept, payment].sort((one, other) => other.created.localeCompare(one.created));
    this.#shown = { ...this.#shown, payments };
    this.redraw();
  }

  #show(answer) {
    this.#shown = answer;
    const { student, zone, events, payments, complete } = answer;
    this.#say('');
    this.#find('.student-body').hidden = false;
    this.#find('.student-name').textContent = nameOf(student);
    setText(this.#find('.student-email'), student.email ?? 'No e-mail');
    setText(this.#find('.student-id'), student.id);
    this.#showCard(student.card, zone);
    setText(this.#find('.student-lesson'), lessonWords(student.lesson, zone));
    this.#find('.student-account').href = accountPage(student);
    this.#find('[data-action="hold"]').hidden = student.card === null;
    this.#showTotals(answer);
    this.redraw();
    this.#find('.no-payments').hidden = payments.length > 0;
    showItems(this.#find('.timeline'), timelineItems(events, zone));
    this.#find('.no-events').hidden = events.length > 0;
    setText(this.#find('.student-complete'), complete ? '' : NOT_COMPLETE);
  }

  #showCard(card, zone) {
    const expiry = card ? expiryWords(card, dayOf(this.#now(), zone)) : null;
    const place = this.#find('.student-card');
    place.dataset.tone = expiry?.tone ?? 'bad';
    setText(place, card ? `${cardWords(card)}, ${expiry.text}` : 'No card on file');
  }

  #showTotals({ totals }) {
    for (const name of ['held', 'captured', 'refunded']) {
      setText(this.#find(`.total-${name}`), formatMoney(totals[name], totals.currency ?? 'usd'));
    }
  }

  #say(sentence, canRetry = false) {
    this.#find('.student-problem').hidden = sentence === '';
    setText(this.#find('.student-problem p'), sentence);
    this.#find('.retry').hidden = !canRetry;
  }

  #find(selector) {
    return this.#panel.querySelector(selector);
  }
}

function lessonWords(lesson, zone) {
  if (!lesson) return 'No lesson reserved';
  return lesson.at ? momentOf(lesson.at, zone) : lesson.text;
}
