/** Money is integer minor units (cents) with a currency until the moment it is shown. */

/**
 * @param {number} amount  in minor units: 123456 is $1,234.56
 * @param {string} currency  ISO 4217, in either letter case
 * @returns {string}
 */
export function formatMoney(amount, currency) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return format.format(amount / 10 ** digits);
}
