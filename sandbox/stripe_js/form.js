/** The fields of the Payment Element: formatting while typing, problems once a field is left. */

import {
  countries, formatPostalCode, isPostalCodeRequired, postalCodeLabel, postalCodeProblem,
} from './address.js';
import {
  brandOf, cvcProblem, digitsOf, expiryProblem, formatCvc, formatExpiry, formatNumber,
  isNumberFull, numberProblem, parseExpiry,
} from './card.js';

const byId = (id) => document.getElementById(id);

const BRAND_NAMES = {
  amex: 'American Express', diners: 'Diners Club', discover: 'Discover', jcb: 'JCB',
  mastercard: 'Mastercard', unionpay: 'UnionPay', visa: 'Visa',
};

/** Refusals by the bank that Stripe shows inside the element too, and at which field. */
const FIELD_OF_REFUSAL = {
  generic_decline: 'number',
  insufficient_funds: 'number',
  fraudulent: 'number',
  lost_card: 'number',
  stolen_card: 'number',
  card_velocity_exceeded: 'number',
  incorrect_number: 'number',
  expired_card: 'expiry',
  invalid_expiry_month: 'expiry',
  invalid_expiry_year: 'expiry',
  incorrect_cvc: 'cvc',
  invalid_cvc: 'cvc',
  incorrect_zip: 'postalCode',
};

export class CardForm {
  #onChange;
  #country = byId('country');

  /** In the order of the keyboard. `problem()` is null when all is well with the field. */
  #fields = {
    number: {
      input: byId('number'),
      format: formatNumber,
      problem: () => numberProblem(this.#text('number')),
      isFull: () => isNumberFull(this.#text('number')),
      next: 'expiry',
    },
    expiry: {
      input: byId('expiry'),
      format: formatExpiry,
      problem: () => expiryProblem(this.#text('expiry')),
      isFull: () => true,
      next: 'cvc',
    },
    cvc: {
      input: byId('cvc'),
      format: (text) => formatCvc(text, this.#text('number')),
      problem: () => cvcProblem(this.#text('cvc'), this.#text('number')),
    },
    postalCode: {
      input: byId('postal-code'),
      format: formatPostalCode,
      problem: () => this.#postalCodeProblem(),
    },
  };

  /** @param {(form: CardForm) => void} onChange  called after every edit */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#country.append(...countries().map(({ code, name }) => new Option(name, code)));
    this.#country.addEventListener('change', () => this.#countryChosen());
    for (const field of Object.values(this.#fields)) {
      field.input.addEventListener('input', (event) => this.#edited(field, event));
      field.input.addEventListener('blur', () => this.#left(field));
    }
    byId('fields').addEventListener('submit', (event) => event.preventDefault());
    this.setCountry('US');
  }

  get isComplete() {
    return this.#all().every(({ problem }) => !problem());
  }

  get isEmpty() {
    return ['number', 'expiry', 'cvc'].every((name) => this.#text(name) === '');
  }

  /** The card as POST /v1/payment_methods wants it. */
  get card() {
    const { month, year } = parseExpiry(this.#text('expiry'));
    const number = digitsOf(this.#text('number'));
    return { number, exp_month: month, exp_year: year, cvc: this.#text('cvc') };
  }

  /** What the student told of the address: `{country, postal_code}`, without hidden fields. */
  get address() {
    return {
      country: byId('country-field').hidden ? undefined : this.#country.value,
      postal_code: byId('postal-code-field').hidden ? undefined : this.#text('postalCode').trim(),
    };
  }

  /** Show every problem, move to the first, and return it: `{code, message}`, or null. */
  reveal() {
    const wrong = this.#all().filter(({ problem }) => problem());
    for (const field of wrong) this.#show(field, field.problem());
    wrong[0]?.input.focus();
    return wrong[0]?.problem() ?? null;
  }

  /** Show the bank's refusal at the field it is about, where Stripe does so. */
  showRefusal({ code, decline_code: declineCode, message }) {
    const name = FIELD_OF_REFUSAL[declineCode] ?? FIELD_OF_REFUSAL[code];
    if (name) this.#show(this.#fields[name], { message });
  }

  /** Hide what the page says it knows: `fields.billingDetails` of elements.create(). */
  setHidden({ country, postalCode }) {
    byId('country-field').hidden = country;
    byId('postal-code-field').hidden = postalCode;
  }

  setCountry(code) {
    this.#country.value = code;
    if (this.#country.selectedIndex < 0) this.#country.value = 'US';
    this.#countryChosen();
  }

  setPostalCode(text) {
    this.#fields.postalCode.input.value = formatPostalCode(text);
  }

  focus() {
    this.#fields.number.input.focus();
  }

  blur() {
    document.activeElement?.blur();
  }

  clear() {
    for (const field of this.#all()) {
      field.input.value = '';
      this.#hide(field);
    }
    this.#showBrand();
    this.#onChange(this);
  }

  #all() {
    return Object.values(this.#fields);
  }

  #text(name) {
    return this.#fields[name].input.value;
  }

  #postalCodeProblem() {
    if (byId('postal-code-field').hidden) return null;
    return postalCodeProblem(this.#text('postalCode'), this.#country.value);
  }

  #countryChosen() {
    const { postalCode } = this.#fields;
    const required = isPostalCodeRequired(this.#country.value);
    byId('postal-code-label').textContent = postalCodeLabel(this.#country.value);
    postalCode.input.placeholder = required ? '' : 'Optional';
    postalCode.input.inputMode = this.#country.value === 'US' ? 'numeric' : 'text';
    this.#hide(postalCode);
    this.#onChange(this);
  }

  #edited(field, event) {
    reformat(field, event.inputType?.startsWith('delete'));
    this.#hide(field);
    if (field === this.#fields.number) this.#showBrand();
    if (event.inputType?.startsWith('insert')) this.#advance(field);
    this.#onChange(this);
  }

  /** Go on to the next field once this one can take no more and the next is still to be filled. */
  #advance({ input, isFull, problem, next }) {
    const atEnd = input.selectionStart === input.value.length;
    if (!next || !atEnd || !isFull() || problem()) return;
    const target = this.#fields[next].input;
    if (target.value === '') target.focus();
  }

  #left(field) {
    const problem = field.problem();
    if (problem && field.input.value !== '') this.#show(field, problem);
  }

  #show({ input }, { message }) {
    const error = byId(`${input.id}-error`);
    error.textContent = message;
    error.hidden = false;
    input.classList.add('Input--invalid');
    input.setAttribute('aria-invalid', 'true');
  }

  #hide({ input }) {
    byId(`${input.id}-error`).hidden = true;
    input.classList.remove('Input--invalid');
    input.removeAttribute('aria-invalid');
  }

  #showBrand() {
    const brand = brandOf(this.#text('number'));
    const marks = byId('marks');
    for (const mark of marks.children) {
      const isCommon = ['visa', 'mastercard', 'amex', 'discover'].includes(mark.dataset.brand);
      mark.toggleAttribute('hidden', brand ? mark.dataset.brand !== brand : !isCommon);
    }
    marks.classList.toggle('marks--known', brand !== null);
    byId('brand').textContent = BRAND_NAMES[brand] ?? '';
    reformat(this.#fields.cvc);
  }
}

/** Format in place and keep the caret behind the same digit. */
function reformat({ input, format }, deleting = false) {
  const formatted = format(input.value, deleting);
  if (formatted === input.value) return;
  const caret = input.selectionStart;
  const atEnd = caret === input.value.length;
  const before = input.value.slice(0, caret).replace(/\W/g, '').length;
  input.value = formatted;
  if (document.activeElement !== input) return;
  const position = atEnd ? formatted.length : positionAfter(formatted, before);
  input.setSelectionRange(position, position);
}

/** Where `count` letters or digits of the text are over. */
function positionAfter(text, count) {
  let position = 0;
  for (let seen = 0; seen < count && position < text.length; position += 1) {
    if (/\w/.test(text[position])) seen += 1;
  }
  return position;
}
