/** The sign-up form: who you are, your card, done. It stands above the lessons once one is chosen. */

import { ApiError, Attempt } from './api.js';
import { mountCardForm } from './card-form.js';
import { clearErrors, showCardError, showError } from './form-errors.js';
import { lessonFields } from './lesson-dates.js';
import { openStripe } from './stripe-loader.js';
import { runStudentForm, studentLine } from './student-form.js';
import { fromTemplate } from './templates.js';

export class Signup {
  #anchor;
  #onRestart;
  #section = null;
  #lesson = null;
  /** The lesson the shop has written down; null where that is not known. */
  #reserved = null;
  #done = false;

  /**
   * @param {HTMLElement} anchor  the element above which the form appears
   * @param {() => void} onRestart  called when the student starts afresh
   */
  constructor(anchor, onRestart) {
    this.#anchor = anchor;
    this.#onRestart = onRestart;
  }

  /**
   * Opens the form, or changes its lesson and leaves the rest as it is. After a sign-up is done
   * another one begins.
   *
   * @param {import('./lesson-dates.js').Lesson} lesson
   */
  choose(lesson) {
    if (this.#done) this.#close();
    this.#lesson = lesson;
    const opening = !this.#section;
    if (opening) this.#open();
    this.#find('.chosen-lesson').textContent = lesson.text;
    if (opening) this.#find('h3').focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: opening ? 'start' : 'nearest' });
  }

  #open() {
    this.#section = fromTemplate('signup');
    this.#anchor.before(this.#section);
    this.#askStudent({ name: '', email: '' });
  }

  /** Step 1. Checkout makes the customer and the SetupIntent. */
  #askStudent(student) {
    const attempt = new Attempt('/lessons');
    const form = this.#showStep('signup-student');
    runStudentForm({
      form,
      errors: this.#errors,
      student,
      ready: ({ name, email }) => name !== '' && email !== '',
      submit: (typed) => this.#checkout(typed, attempt),
    });
  }

  async #checkout(student, attempt) {
    try {
      const stripe = await openStripe();
      const lesson = this.#lesson;
      const started = await attempt.post({ ...student, ...lessonFields(lesson) });
      this.#reserved = lesson;
      this.#askCard(student, stripe, started);
    } catch (error) {
      if (error.code !== 'customer_exists') throw error;
      showError(this.#errors, customerExists(error.body.customer_id, student.email));
    }
  }

  /** Step 2. The button confirms the card and finishes the sign-up. */
  #askCard(student, stripe, { customer_id: customerId, client_secret: clientSecret }) {
    const attempt = new Attempt(`/update-payment-details/${customerId}`);
    const form = this.#showStep('signup-card');
    form.querySelector('.lesson-input-box').textContent = studentLine(student);
    form.querySelector('.step-back').addEventListener('click', () => this.#askStudent(student));
    mountCardForm({
      form,
      errors: this.#errors,
      stripe,
      clientSecret,
      billing: student,
      prepare: () => this.#reserveLastChoice(student),
      finish: async (setupIntentId) => this.#showDone(await this.#save(attempt, setupIntentId)),
      startOver: (error) => this.#startOver(student, error),
    });
    this.#find('h3').focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'nearest' });
  }

  /**
   * A tab that is closed right after the card is confirmed can't save a lesson chosen in this
   * step, so it is reserved before. Best effort: whoever stays has it saved with the card.
   */
  async #reserveLastChoice(student) {
    const lesson = this.#lesson;
    if (lesson === this.#reserved) return;
    this.#reserved = null;
    try {
      await new Attempt('/lessons').post({ ...student, ...lessonFields(lesson) });
      this.#reserved = lesson;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** The last choice is what is saved, even one made while the answer was on its way. */
  async #save(attempt, setupIntentId) {
    let saved;
    let answer;
    do {
      saved = this.#lesson;
      answer = await attempt.post({ setup_intent_id: setupIntentId, ...lessonFields(saved) });
    } while (saved !== this.#lesson);
    return answer;
  }

  /** Back to step 1: the next Checkout makes another SetupIntent. */
  #startOver(student, error) {
    this.#askStudent(student);
    this.#find('h3').focus({ preventScroll: true });
    showCardError(this.#errors, error.message);
  }

  /** Step 3. */
  #showDone({ customer, card }) {
    const done = fromTemplate('signup-complete', {
      '.chosen-lesson': this.#lesson.text,
      '#customer-id': customer.id,
      '#last4': card.last4,
      '#customer_email': customer.email,
    });
    done.querySelector('.start-afresh').addEventListener('click', () => this.#restart());
    this.#find('.lesson-desc').replaceChildren(done);
    this.#done = true;
    this.#find('h3').focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'start' });
  }

  #restart() {
    this.#close();
    this.#onRestart();
  }

  #close() {
    this.#section.remove();
    this.#section = null;
    this.#done = false;
  }

  #showStep(templateId) {
    clearErrors(this.#errors);
    const form = fromTemplate(templateId);
    this.#find('.lesson-grid').replaceChildren(form);
    return form;
  }

  get #errors() {
    return this.#find('.form-errors');
  }

  #find(selector) {
    return this.#section.querySelector(selector);
  }
}

function customerExists(customerId, email) {
  const alert = fromTemplate('customer-exists', { '#error_message_customer_email': email });
  alert.querySelector('a').href = `/account-update/${encodeURIComponent(customerId)}`;
  return alert;
}
