/*
 * The local double of Stripe.js: the one script a page loads.
 *
 * Like the real one it draws nothing into the page itself. Every field and every call to the
 * API lives in an iframe of the sandbox's origin, so that card data never reaches the page:
 *
 *   page ── Stripe() ─┬─ Elements ── PaymentElement ──> element.html     the card's fields
 *                     ├─ retrieve…, confirmCard… ─────> controller.html  calls without fields
 *                     └─ 3-D Secure ──────────────────> challenge.html   the bank's question
 *
 * Each arrow is a Frame: an iframe with a private MessageChannel. Calls answer with
 * `{…}` or `{error}` and never reject; a mistake in the page's own code throws an
 * IntegrationError, as Stripe.js does.
 *
 * In this file, from the parts to the whole, so that whatever is used stands above:
 *
 *   Words       the two kinds of intent, and the errors of pages and of the network
 *   Frames      an iframe one can call, and the hidden one for calls without fields
 *   Challenge   the dialog with the bank's question
 *   Elements    the card's fields, and the group that a form confirms with
 *   Stripe()    what a page calls; its methods tell which of the parts above do the work
 *
 * Members that begin with `_` are for the other classes here, not for the page.
 *
 * Reference: https://docs.stripe.com/js
 */
(() => {
  'use strict';

  if (window.Stripe) return;

  // ── Words ─────────────────────────────────────────────────────────────────────────────────

  const HOME = new URL('./', document.currentScript.src);

  /** How long a frame that has loaded may take to answer, in milliseconds. */
  const CONNECT_TIMEOUT = 3000;

  const CONNECTION_ERROR = {
    type: 'api_connection_error',
    message: 'The payment service could not be reached. Check your connection and try again.',
  };

  const SETUP = {
    object: 'setup_intent',
    result: 'setupIntent',
    confirm: 'confirmSetup',
    secret: /^seti_\w+_secret_\w+$/,
  };
  const PAYMENT = {
    object: 'payment_intent',
    result: 'paymentIntent',
    confirm: 'confirmPayment',
    secret: /^pi_\w+_secret_\w+$/,
  };

  /** The page uses this library wrongly. */
  class IntegrationError extends Error {
    name = 'IntegrationError';
  }

  function require(condition, message) {
    if (!condition) throw new IntegrationError(message);
  }

  function requireSecret(kind, clientSecret) {
    require(
      typeof clientSecret === 'string' && kind.secret.test(clientSecret),
      `Expected the client secret of a ${kind.object}, not ${JSON.stringify(clientSecret)}.`,
    );
  }

  function kindOfSecret(clientSecret) {
    const kind = [SETUP, PAYMENT].find(({ secret }) => secret.test(clientSecret));
    require(kind, `Not a client secret: ${JSON.stringify(clientSecret)}.`);
    return kind;
  }

  function styledNode(tag, style, properties = {}) {
    const node = Object.assign(document.createElement(tag), properties);
    Object.assign(node.style, style);
    return node;
  }

  // ── Frames ────────────────────────────────────────────────────────────────────────────────

  let frameCount = 1000;

  /** One of the sandbox's pages in an iframe, with a private channel to it. */
  class Frame {
    #greeting;
    #onEvent;
    #port = null;
    #calls = new Map();
    #callCount = 0;
    #connection = Promise.withResolvers();

    /**
     * @param {URL} url       the framed page
     * @param {object} style  CSS properties of the iframe
     * @param {object} attributes  its name, title and the like
     * @param {object} greeting    what the framed page is told first
     * @param {(event: string, detail: object) => void} onEvent  what it reports later
     */
    constructor(url, style, attributes, greeting, onEvent = () => {}) {
      this.#greeting = greeting;
      this.#onEvent = onEvent;
      this.iframe = styledNode('iframe', { border: '0', display: 'block', ...style }, attributes);
      this.iframe.addEventListener('load', () => this.#connect(url.origin));
      this.iframe.src = url.href;
    }

    /** True once the framed page answered; false if it never loaded or was removed. */
    get connected() {
      return this.#connection.promise;
    }

    /** Ask the framed page. Resolves with its answer, `{error}` where it cannot be asked. */
    async call(method, params = {}) {
      if (!(await this.connected)) return { error: CONNECTION_ERROR };
      const { promise, resolve, reject } = Promise.withResolvers();
      this.#callCount += 1;
      this.#calls.set(this.#callCount, { resolve, reject });
      this.#port.postMessage({ id: this.#callCount, method, params });
      return promise;
    }

    remove() {
      this.iframe.remove();
      this.#port?.close();
      this.#connection.resolve(false);
      this.#abandonCalls();
    }

    #connect(origin) {
      this.#abandonCalls();
      const channel = new MessageChannel();
      this.#port = channel.port1;
      this.#port.onmessage = ({ data }) => this.#receive(data);
      this.iframe.contentWindow.postMessage(
        { type: 'stripe:connect', greeting: this.#greeting }, origin, [channel.port2],
      );
      setTimeout(() => this.#connection.resolve(false), CONNECT_TIMEOUT);
    }

    #receive({ id, result, fault, event, detail }) {
      if (event === 'connected') this.#connection.resolve(true);
      else if (event) this.#onEvent(event, detail);
      else if (fault) this.#take(id)?.reject(new Error(fault));
      else this.#take(id)?.resolve(result);
    }

    #take(id) {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      return call;
    }

    #abandonCalls() {
      for (const { resolve } of this.#calls.values()) resolve({ error: CONNECTION_ERROR });
      this.#calls.clear();
    }
  }

  /** A hidden frame for calls to the API that need no card fields. */
  function controllerFrame(key) {
    frameCount += 1;
    const frame = new Frame(
      new URL('controller.html', HOME),
      { display: 'none' },
      { name: `__privateStripeController${frameCount}`, tabIndex: -1 },
      { key },
    );
    frame.iframe.setAttribute('aria-hidden', 'true');
    document.body.append(frame.iframe);
    return frame;
  }

  // ── Challenge ─────────────────────────────────────────────────────────────────────────────

  const OVERLAY_STYLE = {
    position: 'fixed', inset: '0', width: '100%', height: '100%', margin: '0', border: '0',
    maxWidth: 'none', maxHeight: 'none', padding: '16px', boxSizing: 'border-box', overflow: 'auto',
    display: 'grid', placeItems: 'center', background: 'rgb(16 24 40 / 60%)',
  };
  const PANEL_STYLE = {
    position: 'relative', width: '100%', maxWidth: '420px', boxSizing: 'border-box',
    background: '#fff', borderRadius: '14px', overflow: 'hidden',
    boxShadow: '0 24px 64px rgb(16 24 40 / 35%), 0 2px 8px rgb(16 24 40 / 20%)',
  };
  const CLOSE_STYLE = {
    position: 'absolute', top: '10px', right: '10px', width: '36px', height: '36px',
    minWidth: '0', margin: '0', padding: '0', border: '0', borderRadius: '50%',
    background: 'transparent', boxShadow: 'none', color: '#475467', cursor: 'pointer',
    font: '26px/32px system-ui, sans-serif',
  };

  /** The dialog around the bank's frame. Escape and the close button call `onClose`. */
  function challengeDialog(frame, onClose) {
    const close = styledNode('button', CLOSE_STYLE, { type: 'button', textContent: '\u00d7' });
    close.setAttribute('aria-label', 'Cancel');
    close.addEventListener('click', onClose);
    const panel = styledNode('div', PANEL_STYLE);
    panel.append(frame.iframe, close);
    const dialog = styledNode('dialog', OVERLAY_STYLE);
    dialog.setAttribute('aria-label', 'Confirm with your bank');
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      onClose();
    });
    dialog.append(panel);
    return dialog;
  }

  /**
   * Let the bank ask its question over the page. Closing the dialog means "no".
   * Resolves true once the bank has its answer, false if it could not be asked.
   */
  async function showChallenge(url, greeting) {
    const answer = Promise.withResolvers();
    const onEvent = (event, { height }) => {
      if (event === 'height') frame.iframe.style.height = `${height}px`;
      else if (event === 'cancel') refuse();
      else if (event === 'answered') answer.resolve(true);
    };
    const attributes = { name: 'acsFrame', title: 'Your bank' };
    const frame = new Frame(url, { width: '100%', height: '360px' }, attributes, greeting, onEvent);
    async function refuse() {
      const { error } = await frame.call('answer', { outcome: 'fail' });
      answer.resolve(!error);
    }

    const dialog = challengeDialog(frame, refuse);
    document.body.append(dialog);
    dialog.showModal();
    frame.iframe.focus();
    frame.connected.then((connected) => connected || answer.resolve(false));

    const answered = await answer.promise;
    dialog.close(); // gives the focus back to where it was
    frame.remove();
    dialog.remove();
    return answered;
  }

  /** The bank's page, fetched while the card is typed: a challenge then opens at once. */
  function prefetchChallenge() {
    const link = document.createElement('link');
    link.rel = 'prefetch';
    link.href = new URL('challenge.html', HOME).href;
    document.head.append(link);
  }

  // ── Elements ──────────────────────────────────────────────────────────────────────────────

  /** Fields a page may hide, by their path in the options, and the parameter to give instead. */
  const HIDEABLE_DETAILS = {
    name: 'name',
    email: 'email',
    phone: 'phone',
    'address.country': 'address.country',
    'address.postalCode': 'address.postal_code',
  };

  /** True where `fields`, or anything on the way to the path, is "never". */
  function isHidden(fields, [first, ...rest]) {
    if (fields === 'never') return true;
    return first !== undefined && isHidden(fields?.[first], rest);
  }

  function valueAt(details, path) {
    return path.reduce((part, name) => part?.[name], details);
  }

  /** The Payment Element: the card's fields in a frame inside the page's own node. */
  class PaymentElement {
    #key;
    #group;
    #options;
    #listeners = new Map();
    #holder = null;
    _frame = null;

    constructor(key, group, options) {
      this.#key = key;
      this.#group = group;
      this.#options = options;
    }

    mount(target) {
      const node = typeof target === 'string' ? document.querySelector(target) : target;
      require(
        node instanceof Element,
        `mount() found nothing at ${JSON.stringify(target)}. Is it on the page yet?`,
      );
      this.unmount();
      frameCount += 1;
      this._frame = new Frame(
        new URL('element.html', HOME),
        // The frame is 4 px larger on each side, so that focus rings are not cut off.
        {
          width: 'calc(100% + 8px)', height: '0', margin: '-4px',
          background: 'transparent', colorScheme: 'light',
        },
        {
          name: `__privateStripeFrame${frameCount}`,
          title: 'Secure payment input frame',
          allow: 'payment',
          scrolling: 'no',
        },
        { key: this.#key, group: this.#group._options, options: this.#options },
        (event, detail) => this.#receive(event, detail),
      );
      this.#holder = styledNode('div', { position: 'relative', background: 'transparent' });
      this.#holder.className = '__PrivateStripeElement';
      this.#holder.append(this._frame.iframe);
      node.classList.add('StripeElement');
      node.replaceChildren(this.#holder);
      this.#reportFailedLoad(this._frame);
    }

    unmount() {
      if (!this._frame) return;
      this.#holder.parentElement?.classList.remove('StripeElement');
      this.#holder.remove();
      this._frame.remove();
      this._frame = null;
    }

    destroy() {
      this.unmount();
      this.#listeners.clear();
      this.#group._forget(this);
    }

    on(event, handler) {
      const handlers = this.#listeners.get(event) ?? [];
      this.#listeners.set(event, [...handlers, handler]);
      return this;
    }

    once(event, handler) {
      const first = (payload) => {
        this.off(event, first);
        handler(payload);
      };
      return this.on(event, first);
    }

    off(event, handler) {
      const handlers = this.#listeners.get(event) ?? [];
      this.#listeners.set(event, handler ? handlers.filter((kept) => kept !== handler) : []);
      return this;
    }

    update(options) {
      this.#options = { ...this.#options, ...options };
      this._frame?.call('update', { options: this.#options });
    }

    focus() {
      this._frame?.iframe.focus();
      this._frame?.call('focus');
    }

    blur() {
      this._frame?.call('blur');
    }

    clear() {
      this._frame?.call('clear');
    }

    /** Folds an accordion of payment methods; a card alone has nothing to fold. */
    collapse() {}

    /** Throws where the page hid a field and does not give its value (Stripe.js does). */
    _requireHiddenDetails(method, given) {
      const hidden = this.#options.fields?.billingDetails;
      for (const [path, parameter] of Object.entries(HIDEABLE_DETAILS)) {
        require(
          !isHidden(hidden, path.split('.')) || valueAt(given, parameter.split('.')) !== undefined,
          `fields.billingDetails.${path} is "never", so ${method}() must be given ` +
            `billing_details.${parameter}.`,
        );
      }
    }

    async #reportFailedLoad(frame) {
      if ((await frame.connected) || this._frame !== frame) return;
      this.#dispatch('loaderror', { error: CONNECTION_ERROR });
    }

    #receive(event, detail) {
      if (event === 'ready') prefetchChallenge();
      if (event === 'height') this._frame.iframe.style.height = `${detail.height}px`;
      else this.#dispatch(event, detail);
    }

    #dispatch(event, detail) {
      for (const handler of this.#listeners.get(event) ?? []) {
        handler({ elementType: 'payment', ...detail });
      }
    }
  }

  /** The elements of one form: for a known intent (clientSecret), or before there is one (mode). */
  class Elements {
    #key;
    #payment = null;
    #submitted = false;

    constructor(key, options) {
      const { clientSecret, mode } = options;
      require(
        clientSecret ? !mode : ['setup', 'payment'].includes(mode),
        'stripe.elements() needs either a clientSecret or a mode ("setup" or "payment").',
      );
      if (clientSecret) kindOfSecret(clientSecret);
      else requireDeferred(options);
      this.#key = key;
      this._options = options;
    }

    create(type, options = {}) {
      require(type === 'payment', `This local Stripe has no "${type}" element, only "payment".`);
      require(!this.#payment, 'There is already a payment element in this group of elements.');
      this.#payment = new PaymentElement(this.#key, this, options);
      return this.#payment;
    }

    getElement(type) {
      return type === 'payment' ? this.#payment : null;
    }

    /** Change the appearance, or amount and currency of the deferred form. */
    update(options) {
      this._options = { ...this._options, ...options };
      this.#payment?._frame?.call('update', { group: this._options });
    }

    /** Read the intent again, after the server changed it. */
    async fetchUpdates() {
      return this._mountedFrame('fetchUpdates').call('load');
    }

    /** Check the fields and show what is wrong with them: `{}` or `{error}`. */
    async submit() {
      const result = await this._mountedFrame('elements.submit').call('submit');
      this.#submitted = !result.error;
      return result;
    }

    _forget() {
      this.#payment = null;
    }

    _mountedFrame(method) {
      require(this.#payment?._frame, `${method}() needs a mounted payment element.`);
      return this.#payment._frame;
    }

    /** The frame to confirm in, once every precondition of Stripe.js holds. */
    _confirmingFrame(method, billingDetails) {
      const frame = this._mountedFrame(method);
      require(
        this._options.clientSecret || this.#submitted,
        `elements.submit() must be called before stripe.${method}().`,
      );
      this.#payment._requireHiddenDetails(method, billingDetails);
      this.#submitted = false;
      return frame;
    }

    /** The client secret to confirm: the group's own, or the one given to the deferred form. */
    _clientSecret(given) {
      const own = this._options.clientSecret;
      require(!own || !given || own === given, 'The elements belong to another client secret.');
      return own ?? given;
    }
  }

  function requireDeferred({ mode, currency, amount }) {
    require(/^[a-z]{3}$/.test(currency), 'Elements with a mode need a currency, such as "usd".');
    require(
      mode === 'setup' || (Number.isInteger(amount) && amount >= 0),
      `Elements with mode "${mode}" need an amount, a whole number of cents.`,
    );
  }

  // ── Stripe() ──────────────────────────────────────────────────────────────────────────────

  class StripeClient {
    #key;
    #sharedController = null;

    constructor(publishableKey) {
      require(
        typeof publishableKey === 'string' && publishableKey !== '',
        'Stripe() needs your publishable key.',
      );
      require(
        !/^[sr]k_/.test(publishableKey),
        'A secret key must never reach a browser. Give Stripe() the publishable key.',
      );
      this.#key = publishableKey;
    }

    elements(options = {}) {
      return new Elements(this.#key, options);
    }

    confirmSetup(options) {
      return this.#confirm(SETUP, options);
    }

    confirmPayment(options) {
      return this.#confirm(PAYMENT, options);
    }

    retrieveSetupIntent(clientSecret) {
      return this.#retrieve(SETUP, clientSecret);
    }

    retrievePaymentIntent(clientSecret) {
      return this.#retrieve(PAYMENT, clientSecret);
    }

    confirmCardSetup(clientSecret, data, options) {
      return this.#confirmCard(SETUP, clientSecret, data, options);
    }

    confirmCardPayment(clientSecret, data, options) {
      return this.#confirmCard(PAYMENT, clientSecret, data, options);
    }

    /** Take the student through the 3-D Secure challenge an intent is waiting for. */
    async handleNextAction({ clientSecret }) {
      const kind = kindOfSecret(clientSecret);
      const frame = this.#controller();
      const current = await frame.call('retrieve', { object: kind.object, clientSecret });
      if (current.error) return current;
      if (current.intent.status !== 'requires_action') return nothingToHandle(kind, current.intent);
      return named(kind, await this.#authenticate(kind, frame, clientSecret, current));
    }

    /** Turn the fields into a payment method without an intent. */
    async createPaymentMethod({ elements, params = {} }) {
      require(elements instanceof Elements, 'createPaymentMethod() needs elements.');
      const billingDetails = params.billing_details;
      const frame = elements._confirmingFrame('createPaymentMethod', billingDetails);
      return frame.call('createPaymentMethod', { billingDetails });
    }

    #controller() {
      this.#sharedController ??= controllerFrame(this.#key);
      return this.#sharedController;
    }

    async #confirm(kind, { elements, clientSecret, confirmParams = {}, redirect = 'always' }) {
      const secret = elements ? elements._clientSecret(clientSecret) : clientSecret;
      requireSecret(kind, secret);
      require(
        redirect === 'if_required' || confirmParams.return_url,
        `stripe.${kind.confirm}() needs confirmParams.return_url unless redirect is "if_required".`,
      );
      const billingDetails = confirmParams.payment_method_data?.billing_details;
      const frame = elements
        ? elements._confirmingFrame(kind.confirm, billingDetails)
        : this.#controller();

      const confirmed = await frame.call('confirm', {
        object: kind.object,
        clientSecret: secret,
        billingDetails,
        paymentMethod: confirmParams.payment_method,
        returnUrl: confirmParams.return_url,
      });
      const result = await this.#authenticate(kind, frame, secret, confirmed);
      if (result.error || redirect === 'if_required') return named(kind, result);
      return leaveFor(returnAddress(kind, confirmParams.return_url, secret));
    }

    async #confirmCard(kind, clientSecret, data = {}, { handleActions = true } = {}) {
      requireSecret(kind, clientSecret);
      const { payment_method: paymentMethod, return_url: returnUrl } = data;
      require(
        paymentMethod === undefined || typeof paymentMethod === 'string',
        "This local Stripe takes a payment method's id here; cards belong in a payment element.",
      );
      const frame = this.#controller();
      const intent = { object: kind.object, clientSecret };
      let result = paymentMethod ? null : await frame.call('retrieve', intent);
      if (!result?.error && result?.intent.status !== 'requires_action') {
        result = await frame.call('confirm', { ...intent, paymentMethod, returnUrl });
      }
      if (handleActions) result = await this.#authenticate(kind, frame, clientSecret, result);
      return named(kind, result);
    }

    async #retrieve(kind, clientSecret) {
      requireSecret(kind, clientSecret);
      const params = { object: kind.object, clientSecret };
      return named(kind, await this.#controller().call('retrieve', params));
    }

    /** If the bank wants to ask, let it, and see what became of the intent. */
    async #authenticate(kind, frame, clientSecret, result) {
      if (result.intent?.status !== 'requires_action') return result;
      const { redirect_to_url: redirect, use_stripe_sdk: challenge } = result.intent.next_action;
      if (redirect) return leaveFor(redirect.url);
      const answered = await showChallenge(new URL(challenge.stripe_js), { key: this.#key });
      if (!answered) return { error: CONNECTION_ERROR };
      return frame.call('outcome', { object: kind.object, clientSecret });
    }
  }

  /** The public name of a result: `{intent}` becomes `{setupIntent}` or `{paymentIntent}`. */
  function named(kind, { error, intent }) {
    return error ? { error } : { [kind.result]: intent };
  }

  function nothingToHandle(kind, intent) {
    return {
      error: {
        type: 'invalid_request_error',
        code: `${kind.object}_unexpected_state`,
        message: `Nothing to do: the ${kind.object} has the status ${intent.status}.`,
        [kind.object]: intent,
      },
    };
  }

  /** The page's return_url with what Stripe.js adds to it once all went well. */
  function returnAddress(kind, returnUrl, clientSecret) {
    const url = new URL(returnUrl);
    url.searchParams.set(kind.object, clientSecret.split('_secret_')[0]);
    url.searchParams.set(`${kind.object}_client_secret`, clientSecret);
    url.searchParams.set('redirect_status', 'succeeded');
    return url;
  }

  /** Go to another page. The promise stays open: this page is about to be left. */
  function leaveFor(url) {
    window.location.assign(url);
    return new Promise(() => {});
  }

  window.Stripe = function Stripe(publishableKey) {
    return new StripeClient(publishableKey);
  };
})();
