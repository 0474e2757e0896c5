/**
 * SetupIntents and PaymentIntents, confirmed and read by client secret.
 *
 * The API shows the publishable key a reduced intent; pages get it as it comes.
 */

const PATHS = { setup_intent: '/v1/setup_intents', payment_intent: '/v1/payment_intents' };

const AUTHENTICATION_FAILED =
  'We are unable to authenticate your payment method. ' +
  'Please choose a different payment method and try again.';

/** Where Stripe.js speaks to the student in other words than the API, by (decline) code. */
const PAGE_MESSAGES = {
  generic_decline: 'Your card has been declined.',
  insufficient_funds: 'Your card has insufficient funds. Try a different card.',
  setup_intent_authentication_failure: AUTHENTICATION_FAILED,
  payment_intent_authentication_failure: AUTHENTICATION_FAILED,
};

/**
 * Confirm an intent.
 *
 * @param {Function} api  from apiClient()
 * @param {{object: string, clientSecret: string, returnUrl?: string}} intent
 * @param {{payment_method?: string, payment_method_data?: object}} payment
 * @returns {Promise<{intent: object}|{error: object}>}
 */
export async function confirmIntent(api, { object, clientSecret, returnUrl }, payment) {
  const { body, error } = await api('POST', `${pathTo(object, clientSecret)}/confirm`, {
    client_secret: clientSecret,
    return_url: returnUrl,
    ...payment,
  });
  return error ? { error: pageError(error) } : { intent: body };
}

/** Read an intent: `{intent}` or `{error}`. */
export async function retrieveIntent(api, { object, clientSecret }) {
  const path = pathTo(object, clientSecret);
  const { body, error } = await api('GET', path, { client_secret: clientSecret });
  return error ? { error: pageError(error) } : { intent: body };
}

/** Read an intent after its challenge: a card that was refused there is an `{error}`. */
export async function challengeOutcome(api, { object, clientSecret }) {
  const { intent, error } = await retrieveIntent(api, { object, clientSecret });
  if (error) return { error };
  const refusal = intent.last_setup_error ?? intent.last_payment_error;
  if (!refusal || intent.status !== 'requires_payment_method') return { intent };
  return { error: pageError({ ...refusal, [object]: intent }) };
}

/** An error of the API in the words that pages show. */
export function pageError(error) {
  const message = PAGE_MESSAGES[error.decline_code] ?? PAGE_MESSAGES[error.code] ?? error.message;
  return { ...error, message };
}

function pathTo(object, clientSecret) {
  return `${PATHS[object]}/${encodeURIComponent(clientSecret.split('_secret_')[0])}`;
}
