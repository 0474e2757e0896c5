/**
 * Stripe's Appearance API, as far as a card needs it: theme, variables, labels and rules.
 *
 * https://docs.stripe.com/elements/appearance-api
 */

const THEMES = ['stripe', 'night', 'flat', 'none'];

/** A rule of the page may style these classes of element.html, in these states. */
const RULE_SELECTOR = /^\.(Input|Label|Error|Text)(--invalid|::placeholder|:focus|:hover)*$/;

const variableName = /^[a-z][A-Za-z]+$/;

/**
 * Dress the fields as the page asks. Works through the style objects only, so that the
 * frame's Content-Security-Policy needs no inline styles.
 *
 * @param {{theme?: string, variables?: object, labels?: string, rules?: object}} [appearance]
 */
export function applyAppearance({ theme, variables = {}, labels, rules = {} } = {}) {
  const root = document.documentElement;
  root.dataset.theme = THEMES.includes(theme) ? theme : 'stripe';
  root.dataset.labels = labels === 'floating' ? 'floating' : 'above';
  root.removeAttribute('style');
  for (const [name, value] of Object.entries(variables)) {
    if (variableName.test(name)) root.style.setProperty(`--${name}`, value);
  }
  document.adoptedStyleSheets = [sheetOf(rules)];
}

function sheetOf(rules) {
  const sheet = new CSSStyleSheet();
  for (const [selector, declarations] of Object.entries(rules)) {
    if (!RULE_SELECTOR.test(selector)) continue;
    sheet.insertRule(`${selector} {}`, sheet.cssRules.length);
    Object.assign(sheet.cssRules[sheet.cssRules.length - 1].style, declarations);
  }
  return sheet;
}
