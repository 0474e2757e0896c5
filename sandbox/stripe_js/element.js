/** Inside the Payment Element's frame: the card's fields, and every call that carries the card. */

import { apiClient } from './api.js';
import { applyAppearance } from './appearance.js';
import { reportHeight, serve } from './channel.js';
import { CardForm } from './form.js';
import { challengeOutcome, confirmIntent, pageError, retrieveIntent } from './intents.js';

const TERMINAL = ['succeeded', 'canceled'];

/**
 * @param {string} key      the publishable key
 * @param {object} group    the options of stripe.elements()
 * @param {object} options  the options of elements.create('payment')
 */
function start({ key, group, options }, emit) {
  const api = apiClient(key);
  const form = new CardForm(reportChange(emit));

  function applyGroup(changed) {
    group = changed;
    applyAppearance(group.appearance);
  }

  function applyOptions({ fields, terms }) {
    form.setHidden(hiddenFields(fields?.billingDetails));
    document.getElementById('terms').hidden = terms?.card === 'never' || !isForLater(group);
  }

  function paymentMethodData(billingDetails = {}) {
    const address = { ...form.address, ...billingDetails.address };
    return { type: 'card', card: form.card, billing_details: { ...billingDetails, address } };
  }

  /** Run a call that sends the card; wrong fields and refusals show at the fields. */
  async function withCard(call) {
    const problem = form.reveal();
    if (problem) return { error: { type: 'validation_error', ...problem } };
    return showingRefusal(await call());
  }

  function showingRefusal(result) {
    if (result.error?.type === 'card_error') form.showRefusal(result.error);
    return result;
  }

  /** Read the intent, if there is one: `{}` or `{error}`. */
  async function load() {
    if (!group.clientSecret) return {};
    const object = group.clientSecret.startsWith('seti_') ? 'setup_intent' : 'payment_intent';
    const { intent, error } = await retrieveIntent(api, { object, clientSecret: group.clientSecret });
    if (error) return { error };
    return TERMINAL.includes(intent.status) ? { error: alreadyOver(intent) } : {};
  }

  async function loadFirst() {
    const { error } = await load();
    if (!error) return emit('ready');
    document.getElementById('fields').hidden = true;
    document.getElementById('terms').hidden = true;
    const notice = document.getElementById('load-error');
    notice.textContent = 'The card form could not be loaded.';
    notice.hidden = false;
    return emit('loaderror', { error });
  }

  applyGroup(group);
  applyOptions(options);
  applyDefaults(form, options.defaultValues?.billingDetails?.address);
  document.body.hidden = false;
  reportHeight(emit);
  reportFocus(emit);
  loadFirst();

  return {
    load,
    submit: () => withCard(() => ({})),
    confirm: (intent) =>
      withCard(() =>
        confirmIntent(api, intent, { payment_method_data: paymentMethodData(intent.billingDetails) }),
      ),
    outcome: async (intent) => showingRefusal(await challengeOutcome(api, intent)),
    createPaymentMethod: ({ billingDetails }) =>
      withCard(async () => {
        const data = paymentMethodData(billingDetails);
        const { body, error } = await api('POST', '/v1/payment_methods', data);
        return error ? { error: pageError(error) } : { paymentMethod: body };
      }),
    update(changed) {
      if (changed.group) applyGroup(changed.group);
      if (changed.options) applyOptions(changed.options);
    },
    focus: () => form.focus(),
    blur: () => form.blur(),
    clear: () => form.clear(),
  };
}

/** Tell the page when the form becomes complete, incomplete, empty or not empty. */
function reportChange(emit) {
  let reported = 'false true';
  return ({ isComplete: complete, isEmpty: empty }) => {
    if (`${complete} ${empty}` === reported) return;
    reported = `${complete} ${empty}`;
    emit('change', { complete, empty, collapsed: false, value: { type: 'card' } });
  };
}

/** The element has the focus as long as any of its fields has. */
function reportFocus(emit) {
  let focused = false;
  function report() {
    const hasFocus = document.hasFocus() && document.activeElement.closest('.Input') !== null;
    if (hasFocus !== focused) emit(hasFocus ? 'focus' : 'blur');
    focused = hasFocus;
  }
  const reportSettled = () => setTimeout(report);
  document.addEventListener('focusin', reportSettled);
  document.addEventListener('focusout', reportSettled);
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && emit('escape'));
}

/** @param {'auto'|'never'|object} [billingDetails]  fields.billingDetails of elements.create() */
function hiddenFields(billingDetails) {
  const address = billingDetails?.address ?? billingDetails;
  return {
    country: address === 'never' || address?.country === 'never',
    postalCode: address === 'never' || address?.postalCode === 'never',
  };
}

function applyDefaults(form, { country, postal_code: postalCode } = {}) {
  if (country) form.setCountry(country);
  if (postalCode) form.setPostalCode(postalCode);
}

/** Whether the card is kept for payments that the shop starts by itself. */
function isForLater({ clientSecret, mode, setupFutureUsage }) {
  return clientSecret?.startsWith('seti_') || mode === 'setup' || setupFutureUsage === 'off_session';
}

function alreadyOver(intent) {
  return {
    type: 'invalid_request_error',
    code: `${intent.object}_unexpected_state`,
    message: `The ${intent.object} cannot take a card any more: its status is ${intent.status}.`,
    [intent.object]: intent,
  };
}

serve(start);
