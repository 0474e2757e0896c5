/** The step in which a card is entered: Stripe's Payment Element, one button, one spinner. */

import { ApiError } from './api.js';
import { appearance } from './appearance.js';
import { clearErrors, showCardError } from './form-errors.js';
import { Problem, explain } from './problem.js';

/** A spinner that is gone in less than this reads as a flicker, not as work being done. */
const SHORTEST_SPIN_MS = 300;

/**
 * @typedef {object} CardFormOptions
 * @property {HTMLFormElement} form  holds `.lesson-payment-element` and `button#submit`
 * @property {HTMLElement} errors  where errors are said
 * @property {object} stripe
 * @property {string} clientSecret  of the SetupIntent
 * @property {{name: string, email: string}} billing  written on the card
 * @property {() => Promise<void>} [prepare]  called before the card is confirmed
 * @property {(setupIntentId: string) => Promise<void>} finish  called with a confirmed SetupIntent,
 *   again after it failed
 * @property {(error: ApiError) => void} startOver  called when `finish` was refused: this
 *   SetupIntent leads nowhere, so another form with another one has to take this one's place
 */

/** @param {CardFormOptions} options */
export function mountCardForm(options) {
  new CardForm(options).mount();
}

class CardForm {
  #form;
  #button;
  #errors;
  #stripe;
  #elements;
  #clientSecret;
  #billing;
  #prepare;
  #finish;
  #startOver;
  #complete = false;
  #busy = false;
  /** A SetupIntent can be confirmed once; what is left to do after that is to finish. */
  #confirmedId = null;

  constructor({
    form,
    errors,
    stripe,
    clientSecret,
    billing,
    prepare = async () => {},
    finish,
    startOver,
  }) {
    this.#form = form;
    this.#button = form.querySelector('#submit');
    this.#errors = errors;
    this.#stripe = stripe;
    this.#clientSecret = clientSecret;
    this.#billing = billing;
    this.#prepare = prepare;
    this.#finish = finish;
    this.#startOver = startOver;
    this.#elements = stripe.elements({ clientSecret, appearance: appearance() });
  }

  mount() {
    const card = this.#elements.create('payment', {
      layout: 'tabs',
      fields: { billingDetails: { name: 'never', email: 'never' } },
    });
    card.on('change', ({ complete }) => {
      this.#complete = complete;
      this.#showState();
    });
    card.on('loaderror', ({ error }) => {
      showCardError(this.#errors, error.message ?? 'The card form could not be loaded.');
    });
    card.mount(this.#form.querySelector('.lesson-payment-element'));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.#button.disabled) this.#submit();
    });
  }

  async #submit() {
    clearErrors(this.#errors);
    this.#setBusy(true);
    try {
      this.#confirmedId ??= await seenToSpin(this.#confirm());
      await this.#finish(this.#confirmedId);
    } catch (error) {
      if (error.refused) this.#startOver(error);
      else showCardError(this.#errors, wordsFor(error));
    } finally {
      this.#setBusy(false);
    }
  }

  /** @returns {Promise<string>} the id of the SetupIntent, which has succeeded */
  async #confirm() {
    await this.#prepare();
    const { error, setupIntent } = await this.#stripe.confirmSetup({
      elements: this.#elements,
      redirect: 'if_required',
      confirmParams: {
        return_url: window.location.href,
        payment_method_data: { billing_details: this.#billing },
      },
    });
    const intent = setupIntent ?? (await this.#intentBehind(error));
    if (intent?.status === 'succeeded') return intent.id;
    throw new Problem(error?.message ?? 'Your card could not be saved. Please try another one.');
  }

  /**
   * An earlier try may have succeeded although its answer never came. Stripe then calls the
   * intent's state unexpected, and the intent itself tells.
   */
  async #intentBehind(error) {
    if (error.setup_intent || error.code !== 'setup_intent_unexpected_state') return error.setup_intent;
    const { setupIntent } = await this.#stripe.retrieveSetupIntent(this.#clientSecret);
    return setupIntent;
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#showState();
  }

  #showState() {
    this.#button.disabled = this.#busy || !(this.#complete || this.#confirmedId);
    this.#button.querySelector('#spinner')?.remove();
    if (this.#busy) this.#button.append(spinner());
    for (const other of this.#form.querySelectorAll('.step-back')) other.disabled = this.#busy;
  }
}

/** The shop is asked only once the card is confirmed. */
function wordsFor(error) {
  const unsaved = error instanceof ApiError;
  return unsaved ? `Your card was accepted, but not all is saved yet. ${error.message}` : explain(error);
}

/** The same outcome as `work`, but not before the spinner has been seen. */
async function seenToSpin(work) {
  const seen = new Promise((resolve) => setTimeout(resolve, SHORTEST_SPIN_MS));
  try {
    return await work;
  } finally {
    await seen;
  }
}

function spinner() {
  const turning = document.createElement('span');
  turning.id = 'spinner';
  turning.className = 'spinner';
  return turning;
}
