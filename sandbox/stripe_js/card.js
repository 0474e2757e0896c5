/** What a browser can know about a card by itself. Pure: text in, text or a problem out. */

const FOURS = [4, 4, 4, 4];

/** Ranges of numbers, the first that matches wins. `lengths` and `cvc` count digits. */
const RANGES = [
  { brand: 'amex', starts: /^3[47]/, lengths: [15], cvc: 4, groups: [4, 6, 5] },
  { brand: 'diners', starts: /^36/, lengths: [14], cvc: 3, groups: [4, 6, 4] },
  { brand: 'diners', starts: /^3(0[0-5]|[89])/, lengths: [14, 16], cvc: 3, groups: FOURS },
  { brand: 'jcb', starts: /^35(2[89]|[3-8])/, lengths: [16], cvc: 3, groups: FOURS },
  { brand: 'visa', starts: /^4/, lengths: [16], cvc: 3, groups: FOURS },
  {
    brand: 'mastercard',
    starts: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    lengths: [16],
    cvc: 3,
    groups: FOURS,
  },
  { brand: 'discover', starts: /^(6011|64[4-9]|65)/, lengths: [16], cvc: 3, groups: FOURS },
  {
    brand: 'unionpay',
    starts: /^(62|81)/,
    lengths: [16, 17, 18, 19],
    cvc: 3,
    groups: [...FOURS, 3],
  },
];
const UNKNOWN = { brand: null, lengths: [16], cvc: 4, groups: FOURS };

/** Every range shows itself within this many digits. */
const LONGEST_START = 4;

/** Years ahead that a card may still be valid. */
const LONGEST_VALIDITY = 50;

/** Stripe's words for what is wrong with a field, by Stripe's code. */
const PROBLEMS = {
  incomplete_number: 'Your card number is incomplete.',
  invalid_number: 'Your card number is invalid.',
  incomplete_expiry: "Your card's expiration date is incomplete.",
  invalid_expiry_month: "Your card's expiration month is invalid.",
  invalid_expiry_month_past: "Your card's expiration date is in the past.",
  invalid_expiry_year_past: "Your card's expiration year is in the past.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
  incomplete_cvc: "Your card's security code is incomplete.",
};

export const digitsOf = (text) => text.replace(/\D/g, '');

/** The card's brand in Stripe's spelling, null while it is not known. */
export const brandOf = (number) => rangeOf(digitsOf(number)).brand;

/** The digits in the groups that stand on the card: `4242 4242 …`, Amex `3782 822463 10005`. */
export function formatNumber(text) {
  const { groups, lengths } = rangeOf(digitsOf(text));
  const digits = digitsOf(text).slice(0, Math.max(...lengths));
  let end = 0;
  const parts = groups.map((size) => digits.slice(end, (end += size)));
  return parts.filter(Boolean).join(' ');
}

/** True once no further digit fits. */
export const isNumberFull = (text) =>
  digitsOf(text).length >= Math.max(...rangeOf(digitsOf(text)).lengths);

/**
 * `MM / YY` out of whatever was typed, pasted or filled in: `0430`, `4/30`, `04 / 2030`.
 * While `deleting`, nothing is added, so that the separator can be erased.
 */
export function formatExpiry(text, deleting = false) {
  const [, head, gap, tail] = text.match(/^\D*(\d{0,2})(\D*)(.*)$/s);
  let month = head;
  let year = digitsOf(tail);
  if (Number(month) > 12) {
    year = month[1] + year;
    month = month[0];
  }
  const monthIsOver = year || (!deleting && (gap || month > '1'));
  if (month.length === 1 && monthIsOver) month = `0${month}`;
  if (month.length < 2 || (deleting && !year)) return month;
  year = year.slice(0, year.startsWith('20') ? 4 : 2);
  return `${month} / ${year.length === 4 ? year.slice(2) : year}`;
}

/** The month (1 to 12) and the four-digit year of `MM / YY`. */
export function parseExpiry(text) {
  const digits = digitsOf(text);
  return { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2)) };
}

export const formatCvc = (text, number) => digitsOf(text).slice(0, rangeOf(digitsOf(number)).cvc);

/** @returns {{code: string, message: string}|null} */
export function numberProblem(text) {
  const digits = digitsOf(text);
  const { brand, lengths } = rangeOf(digits);
  if (!brand && digits.length >= LONGEST_START) return problem('invalid_number');
  if (lengths.includes(digits.length) && passesLuhn(digits)) return null;
  return problem(isNumberFull(text) ? 'invalid_number' : 'incomplete_number');
}

/** @returns {{code: string, message: string}|null} */
export function expiryProblem(text, now = new Date()) {
  if (digitsOf(text).length !== 4) return problem('incomplete_expiry');
  const { month, year } = parseExpiry(text);
  const thisYear = now.getFullYear();
  if (month < 1 || month > 12) return problem('invalid_expiry_month');
  if (year < thisYear) return problem('invalid_expiry_year_past');
  if (year === thisYear && month <= now.getMonth()) return problem('invalid_expiry_month_past');
  return year > thisYear + LONGEST_VALIDITY ? problem('invalid_expiry_year') : null;
}

/** @returns {{code: string, message: string}|null} */
export function cvcProblem(text, number) {
  const { brand, cvc } = rangeOf(digitsOf(number));
  const enough = brand ? cvc : 3;
  return digitsOf(text).length < enough ? problem('incomplete_cvc') : null;
}

const problem = (code) => ({ code, message: PROBLEMS[code] });

const rangeOf = (digits) => RANGES.find(({ starts }) => starts.test(digits)) ?? UNKNOWN;

/** The check digit of ISO/IEC 7812: every second digit from the right counts double. */
function passesLuhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
