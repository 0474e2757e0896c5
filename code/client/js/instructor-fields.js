/** The fields of an action's dialog: what is typed, what is filled in, what is wrong. */

import { parseAmount, typedAmount } from './instructor-amounts.js';
import { refundable } from './instructor-figures.js';
import { formatMoney } from './money.js';
import { Problem } from './problem.js';
import { recall, remember } from './remembered.js';

const USUAL_DESCRIPTION = 'Guitar lesson';

export class ActionFields {
  #fieldset;
  #shown = [];
  #most = undefined;
  #tooMuch = undefined;

  /**
   * @param {HTMLFieldSetElement} fieldset
   * @param {() => void} onInput
   */
  constructor(fieldset, onInput) {
    this.#fieldset = fieldset;
    fieldset.addEventListener('input', () => {
      if (this.#problems().size === 0) this.#say(new Map());
      onInput();
    });
    fieldset.addEventListener('focusout', ({ target, relatedTarget }) => {
      const isLeft = fieldset.contains(relatedTarget) && target.value !== '';
      if (isLeft) this.#say(this.#problems()); // a button must not move away under a click
    });
  }

  /**
   * @param {string[]} names
   * @param {string} action
   * @param {object|null} payment  of the one student it is for
   */
  show(names, action, payment) {
    this.#shown = names;
    this.#fieldset.hidden = names.length === 0;
    this.#fieldset.disabled = false;
    for (const box of this.#fieldset.querySelectorAll('[data-field]')) {
      box.hidden = !names.includes(box.dataset.field);
    }
    const most = { capture: payment?.amount, refund: payment && refundable(payment) }[action];
    this.#limit(action, most, payment);
    this.#input('amount').value = most === undefined ? '' : typedAmount(most);
    this.#input('description').value = recall('lesson-description') ?? USUAL_DESCRIPTION;
    this.#input('instructor').value = recall('instructor') ?? '';
    this.#say(new Map());
  }

  /** @param {import('./instructor-actions.js').Values} values  that were sent before */
  fill({ amount, ...texts }) {
    if (amount !== undefined) this.#input('amount').value = typedAmount(amount);
    for (const [name, text] of Object.entries(texts)) this.#input(name).value = text;
  }

  set disabled(isDisabled) {
    this.#fieldset.disabled = isDisabled;
  }

  /** Puts the cursor where typing starts, or where something is wrong. */
  focus() {
    const wrong = this.#shown.find((name) => this.#input(name).ariaInvalid === 'true');
    const input = this.#input(wrong ?? this.#shown[0]);
    input.focus();
    input.select();
  }

  /** @returns {import('./instructor-actions.js').Values|null} null while something is wrong */
  get values() {
    return this.#problems().size ? null : this.#read();
  }

  /** @returns {boolean} whether all is well; says so beside the fields where it is not */
  check() {
    const problems = this.#problems();
    this.#say(problems);
    return problems.size === 0;
  }

  /** Keeps what the next hold is likely to need as well. */
  remember() {
    for (const [name, key] of [['description', 'lesson-description'], ['instructor', 'instructor']]) {
      if (this.#shown.includes(name)) remember(key, this.#text(name));
    }
  }

  #limit(action, most, payment) {
    this.#most = most;
    if (most === undefined) return;
    const sum = formatMoney(most, payment.currency);
    this.#tooMuch = action === 'capture' ? `Only ${sum} is held.` : `Only ${sum} is left to refund.`;
  }

  #read() {
    const read = { amount: () => parseAmount(this.#text('amount'), this.#most, this.#tooMuch) };
    return Object.fromEntries(this.#shown.map((name) => [name, read[name]?.() ?? this.#text(name)]));
  }

  /** @returns {Map<string, string>} what is wrong, by field */
  #problems() {
    const problems = new Map();
    if (this.#shown.includes('description') && this.#text('description') === '') {
      problems.set('description', 'Please say what the hold is for.');
    }
    try {
      if (this.#shown.includes('amount')) this.#read();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.set('amount', error.message);
    }
    return problems;
  }

  #say(problems) {
    for (const name of this.#shown) {
      const input = this.#input(name);
      const said = problems.get(name) ?? '';
      input.ariaInvalid = said ? 'true' : null;
      const place = this.#fieldset.querySelector(`#${name}-problem`);
      if (place && place.textContent !== said) place.textContent = said;
    }
  }

  #text(name) {
    return this.#input(name).value.trim();
  }

  #input(name) {
    return this.#fieldset.querySelector(`[data-field="${name}"] input`);
  }
}
