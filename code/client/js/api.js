/** Speaks JSON with the shop's server. Every failure leaves here as an `ApiError`. */

import { Problem } from './problem.js';

/**
 * How long an answer is waited for. The server gives up an action after 100 seconds, but may have
 * waited for its turn before: an answer that comes later than this counts as lost.
 */
const LIMIT_MS = 110_000;

const NO_CONTENT = 204;

/** Stripe itself failed, and would say the same again to whoever asks with the same key. */
const STRIPE_FAILED = 'stripe_failed';

/** Somebody else had the student's account in hand; nothing was decided about the request. */
const BUSY = 'busy';

/** The same request is still at work, sent by an earlier press of the button. */
const KEY_IN_USE = 'idempotency_key_in_use';

/** How long to wait each time before the answer of a request that is still at work is asked for. */
const ASK_AGAIN_MS = [500, 1000, 2000, 4000];

/** A request that did not end in a usable answer. */
export class ApiError extends Problem {
  /**
   * @param {string} message
   * @param {object} [about]
   * @param {number|null} [about.status]  HTTP status; null when no whole answer arrived
   * @param {string|null} [about.code]  the server's or Stripe's error code
   * @param {object} [about.body]  the answer itself, for what else it says
   */
  constructor(message, { status = null, code = null, body = {} } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
  }

  /** Whether the server has said for certain what became of the request. */
  get definite() {
    return this.refused || this.code === STRIPE_FAILED;
  }

  /** Whether the same request would be turned down again. */
  get refused() {
    const aboutRequest = this.status !== null && this.status < 500;
    return aboutRequest && this.code !== BUSY && !this.inProgress;
  }

  /** Whether the answer can be had by asking again in a moment. */
  get inProgress() {
    return this.code === KEY_IN_USE;
  }
}

/**
 * @param {string} path
 * @returns {Promise<object>}
 * @throws {ApiError}
 */
export function getJson(path) {
  return request(path, { headers: { Accept: 'application/json' } });
}

/**
 * Deletes what is there. What is gone already counts as deleted.
 *
 * @param {string} path
 * @throws {ApiError}
 */
export async function deleteAt(path) {
  try {
    await request(path, { method: 'DELETE' });
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}

/**
 * One POST route, safe to repeat. The Idempotency-Key stays the same until the server has
 * answered for certain, so sending again after a lost answer never does the work twice.
 * Another body is another attempt.
 */
export class Attempt {
  #path;
  #text = null;
  #key = null;

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  /**
   * @param {object} body
   * @returns {Promise<object>}
   * @throws {ApiError}
   */
  async post(body) {
    const text = JSON.stringify(body);
    if (text !== this.#text) {
      this.#text = text;
      this.#key = newKey();
    }
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': this.#key };
    try {
      const answer = await patiently(() =>
        request(this.#path, { method: 'POST', headers, body: text }),
      );
      this.#text = null;
      return answer;
    } catch (error) {
      if (error.definite) this.#text = null;
      throw error;
    }
  }
}

/** 128 random bits. Not `crypto.randomUUID`: that is missing where a page is served by plain http. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends the same request again while the first one with its key is still at work. */
async function patiently(send) {
  for (const pause of ASK_AGAIN_MS) {
    try {
      return await send();
    } catch (error) {
      if (!error.inProgress) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return send();
}

async function request(path, options) {
  const { response, body } = await exchange(path, options);
  if (response.ok) return body;
  const { code = null, message } = body.error ?? {};
  throw new ApiError(message ?? `The shop answered with an error (${response.status}).`, {
    status: response.status,
    code,
    body,
  });
}

async function exchange(path, options) {
  try {
    const response = await fetch(path, { ...options, signal: AbortSignal.timeout(LIMIT_MS) });
    return { response, body: response.status === NO_CONTENT ? {} : await response.json() };
  } catch (cause) {
    // No connection, no answer in time, or an answer cut short: nobody knows what was done.
    console.warn(`${path}: ${cause}`);
    throw new ApiError('We could not reach the shop. Please check your connection and try again.');
  }
}
