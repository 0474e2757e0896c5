/** Money is integer minor units (cents) with a currency until the moment it is shown. */

/**
 * How many decimals Stripe's amounts have, where it is not two. Written down here because some
 * currencies have other decimals on paper than at Stripe (https://docs.stripe.com/currencies).
 */
const DECIMALS = new Map([
  ...'bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' ').map((code) => [code, 0]),
  ...'bhd jod kwd omr tnd'.split(' ').map((code) => [code, 3]),
]);

/**
 * @param {number} amount  in minor units: 123456 is $1,234.56
 * @param {string} currency  ISO 4217, in either letter case
 * @returns {string}
 */
export function formatMoney(amount, currency) {
  const digits = decimals(currency);
  return formatter(currency, digits).format(amount / 10 ** digits);
}

/**
 * The same for the axis of a chart, where round amounts need no cents.
 *
 * @param {number[]} amounts  in minor units
 * @param {string} currency
 * @returns {string[]}
 */
export function formatAxisMoney(amounts, currency) {
  const unit = 10 ** decimals(currency);
  const areWhole = amounts.every((amount) => amount % unit === 0);
  const format = formatter(currency, areWhole ? 0 : decimals(currency));
  return amounts.map((amount) => format.format(amount / unit));
}

function decimals(currency) {
  return DECIMALS.get(currency.toLowerCase()) ?? 2;
}

function formatter(currency, digits) {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
