/** The lower half of the account page: name and e-mail are saved at once, then a card if wanted. */

import { ApiError, Attempt, getJson } from './api.js';
import { mountCardForm } from './card-form.js';
import { clearErrors, showCardError, showError } from './form-errors.js';
import { openStripe } from './stripe-loader.js';
import { runStudentForm, studentLine } from './student-form.js';
import { fromTemplate } from './templates.js';

export class AccountForm {
  #account;
  #onChange;
  #onCardSaved;
  #section = fromTemplate('account-form');

  /**
   * @param {import('./account-details.js').Account} account
   * @param {object} listeners
   * @param {(account: import('./account-details.js').Account) => void} listeners.onChange  called
   *   with what is on file after each save
   * @param {() => void} listeners.onCardSaved  called once a new card is on file
   */
  constructor(account, { onChange, onCardSaved }) {
    this.#account = account;
    this.#onChange = onChange;
    this.#onCardSaved = onCardSaved;
    this.#askStudent('');
  }

  /** The element to put on the page. */
  get element() {
    return this.#section;
  }

  #askStudent(status) {
    const attempt = new Attempt(`/account-update/${this.#account.customer.id}`);
    const form = this.#showStep('account-student', status);
    runStudentForm({
      form,
      errors: this.#errors,
      student: this.#student,
      submit: (typed) => this.#saveStudent(typed, attempt),
    });
  }

  async #saveStudent(typed, attempt) {
    try {
      const answer = await attempt.post(this.#changesFrom(typed));
      this.#keep({ ...this.#account, customer: answer.customer });
      this.#say('Your name and e-mail are saved.');
      this.#askCard(await openStripe(), answer.client_secret);
    } catch (error) {
      if (error.code !== 'customer_exists') throw error;
      showError(this.#errors, fromTemplate('customer-exists'));
    }
  }

  /** A student whom the shop knows without a name or an e-mail may leave that field empty. */
  #changesFrom(typed) {
    const { customer } = this.#account;
    const sent = Object.entries(typed).filter(([field, value]) => value !== '' || customer[field]);
    return Object.fromEntries(sent);
  }

  #askCard(stripe, clientSecret) {
    const { customer, card } = this.#account;
    const attempt = new Attempt(`/update-payment-details/${customer.id}`);
    const form = this.#showStep('account-card', cardInvitation(card));
    form.querySelector('.lesson-input-box').textContent = studentLine(this.#student);
    const back = form.querySelector('.step-back');
    if (!card) {
      back.textContent = 'Not now';
      form.querySelector('.lesson-legal-info').textContent = 'Nothing is charged for putting a card on file.';
    }
    back.addEventListener('click', () => this.#askStudent('Your name and e-mail are saved.'));
    mountCardForm({
      form,
      errors: this.#errors,
      stripe,
      clientSecret,
      billing: this.#student,
      finish: async (setupIntentId) => {
        this.#keep(await attempt.post({ setup_intent_id: setupIntentId }));
        this.#askStudent('Your new card is saved.');
        this.#onCardSaved();
        await this.#refresh();
      },
      startOver: (error) => this.#startOver(error),
    });
    this.#find('h3').focus({ preventScroll: true });
  }

  /** The next press of the button asks for another SetupIntent. */
  #startOver(error) {
    this.#askStudent('');
    this.#find('h3').focus({ preventScroll: true });
    showCardError(this.#errors, error.message);
    this.#refresh();
  }

  /** Shows what the shop has on file by now. Best effort: it adds to what is said already. */
  async #refresh() {
    try {
      this.#onChange(await getJson(`/payment-method/${this.#account.customer.id}`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  get #student() {
    const { name, email } = this.#account.customer;
    return { name: name ?? '', email: email ?? '' };
  }

  #keep(account) {
    this.#account = account;
    this.#onChange(account);
  }

  #showStep(templateId, status) {
    clearErrors(this.#errors);
    this.#say(status);
    const form = fromTemplate(templateId);
    this.#find('.lesson-grid').replaceChildren(form);
    return form;
  }

  #say(status) {
    this.#find('.form-status').textContent = status;
  }

  get #errors() {
    return this.#find('.form-errors');
  }

  #find(selector) {
    return this.#section.querySelector(selector);
  }
}

function cardInvitation(card) {
  return card
    ? 'Your name and e-mail are saved. Enter a new card to change that too, or keep the one you have.'
    : 'Your name and e-mail are saved. Enter a card to put it on file.';
}
