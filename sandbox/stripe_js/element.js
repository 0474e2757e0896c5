/** Inside the Payment Element's frame: the card's fields, and every call that carries the card. */

import { apiClient } from './api.js';
import { applyAppearance } from './appearance.js';
import { reportHeight, serve } from './channel.js';
import { CardForm } from './form.js';
import { challengeOutcome, confirmIntent, pageError, retrieveIntent } from './intents.js';

const byId = (id) => document.getElementById(id);

const TERMINAL = ['succeeded', 'canceled'];

/** The public methods are what stripe.js calls; they answer `{…}` or `{error}`. */
class ElementFrame {
  #api;
  #emit;
  #form;
  #group;

  /**
   * @param {string} key      the publishable key
   * @param {object} group    the options of stripe.elements()
   * @param {object} options  the options of elements.create('payment')
   */
  constructor({ key, group, options }, emit) {
    this.#api = apiClient(key);
    this.#emit = emit;
    this.#form = new CardForm(changeReporter(emit));
    this.update({ group, options });
    applyDefaults(this.#form, options.defaultValues?.billingDetails?.address);
    document.body.hidden = false;
    reportHeight(emit);
    reportFocus(emit);
    this.#loadFirst();
  }

  /** Read the intent, if there is one already, and see that it still wants a card. */
  async load() {
    const { clientSecret } = this.#group;
    if (!clientSecret) return {};
    const object = clientSecret.startsWith('seti_') ? 'setup_intent' : 'payment_intent';
    const { intent, error } = await retrieveIntent(this.#api, { object, clientSecret });
    if (error) return { error };
    return TERMINAL.includes(intent.status) ? { error: alreadyOver(intent) } : {};
  }

  submit() {
    const problem = this.#form.reveal();
    return problem ? { error: { type: 'validation_error', ...problem } } : {};
  }

  async confirm(intent) {
    const { error } = this.submit();
    if (error) return { error };
    const payment = { payment_method_data: this.#paymentMethodData(intent.billingDetails) };
    return this.#showingRefusal(await confirmIntent(this.#api, intent, payment));
  }

  /** What became of the intent after its challenge. */
  async outcome(intent) {
    return this.#showingRefusal(await challengeOutcome(this.#api, intent));
  }

  async createPaymentMethod({ billingDetails }) {
    const invalid = this.submit();
    if (invalid.error) return invalid;
    const data = this.#paymentMethodData(billingDetails);
    const { body, error } = await this.#api('POST', '/v1/payment_methods', data);
    return error ? this.#showingRefusal({ error: pageError(error) }) : { paymentMethod: body };
  }

  update({ group, options }) {
    if (group) {
      this.#group = group;
      applyAppearance(group.appearance);
    }
    if (options) {
      this.#form.setHidden(hiddenFields(options.fields?.billingDetails));
      byId('terms').hidden = options.terms?.card === 'never' || !isForLater(this.#group);
    }
  }

  focus() {
    this.#form.focus();
  }

  blur() {
    this.#form.blur();
  }

  clear() {
    this.#form.clear();
  }

  async #loadFirst() {
    const { error } = await this.load();
    if (!error) return this.#emit('ready');
    byId('fields').hidden = true;
    byId('terms').hidden = true;
    byId('load-error').textContent = 'The card form could not be loaded.';
    byId('load-error').hidden = false;
    return this.#emit('loaderror', { error });
  }

  /** What the page says of the card holder joins, and wins over, what the form collected. */
  #paymentMethodData(billingDetails = {}) {
    const address = { ...this.#form.address, ...billingDetails.address };
    return { type: 'card', card: this.#form.card, billing_details: { ...billingDetails, address } };
  }

  #showingRefusal(result) {
    if (result.error?.type === 'card_error') this.#form.showRefusal(result.error);
    return result;
  }
}

/** Tells the page when the form becomes complete, incomplete, empty or not empty. */
function changeReporter(emit) {
  let reported = 'false true';
  return ({ isComplete: complete, isEmpty: empty }) => {
    if (`${complete} ${empty}` === reported) return;
    reported = `${complete} ${empty}`;
    emit('change', { complete, empty, collapsed: false, value: { type: 'card' } });
  };
}

/** The element has the focus as long as any of its fields has. */
function reportFocus(emit) {
  let focused = false;
  function report() {
    const hasFocus = document.hasFocus() && document.activeElement.closest('.Input') !== null;
    if (hasFocus !== focused) emit(hasFocus ? 'focus' : 'blur');
    focused = hasFocus;
  }
  const reportSettled = () => setTimeout(report);
  document.addEventListener('focusin', reportSettled);
  document.addEventListener('focusout', reportSettled);
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && emit('escape'));
}

/** @param {'auto'|'never'|object} [billingDetails]  fields.billingDetails of elements.create() */
function hiddenFields(billingDetails) {
  const address = billingDetails?.address ?? billingDetails;
  return {
    country: address === 'never' || address?.country === 'never',
    postalCode: address === 'never' || address?.postalCode === 'never',
  };
}

function applyDefaults(form, { country, postal_code: postalCode } = {}) {
  if (country) form.setCountry(country);
  if (postalCode) form.setPostalCode(postalCode);
}

/** Whether the card is kept for payments that the shop starts by itself. */
function isForLater({ clientSecret, mode, setupFutureUsage }) {
  const savesCard = clientSecret?.startsWith('seti_') || mode === 'setup';
  return savesCard || setupFutureUsage === 'off_session';
}

function alreadyOver(intent) {
  return {
    type: 'invalid_request_error',
    code: `${intent.object}_unexpected_state`,
    message: `The ${intent.object} cannot take a card any more: its status is ${intent.status}.`,
    [intent.object]: intent,
  };
}

serve((greeting, emit) => new ElementFrame(greeting, emit));
