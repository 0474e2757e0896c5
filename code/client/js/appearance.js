/** Dresses Stripe's Payment Element in the shop's colours and type. */

/** @returns {object} the `appearance` option of `stripe.elements` */
export function appearance() {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name) => tokens.getPropertyValue(name).trim();
  return {
    theme: 'stripe',
    labels: 'above',
    variables: {
      colorPrimary: token('--enamel'),
      colorBackground: '#ffffff',
      colorText: token('--ink'),
      colorTextSecondary: token('--ink-soft'),
      colorDanger: token('--bad'),
      fontFamily: token('--font-text'),
      fontSizeBase: '16px',
      borderRadius: token('--radius-small'),
      spacingUnit: '4px',
    },
    rules: {
      '.Input': { border: '1.5px solid #a89a80', boxShadow: 'none' },
      '.Label': { fontWeight: '600' },
    },
  };
}
