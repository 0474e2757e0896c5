/** Cards as people name them. */

/** Brands as Stripe writes them, where a capital letter is not all that is missing. */
const BRANDS = new Map([
  ['amex', 'American Express'],
  ['diners', 'Diners Club'],
  ['eftpos_au', 'Eftpos'],
  ['jcb', 'JCB'],
  ['unionpay', 'UnionPay'],
  ['unknown', 'Card'],
]);

/**
 * @param {{brand: string|null, last4: string|null}} card
 * @returns {string} such as "Visa ending in 4242"
 */
export function cardName({ brand, last4 }) {
  const name = brandName(brand ?? 'unknown');
  return last4 ? `${name} ending in ${last4}` : name;
}

function brandName(brand) {
  return BRANDS.get(brand) ?? brand.charAt(0).toUpperCase() + brand.slice(1).replaceAll('_', ' ');
}
