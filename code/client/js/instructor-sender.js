/** Sends actions to the shop, a few at once, each under a key that it keeps until it is decided. */

import { Attempt, getJson } from './api.js';
import { ACTIONS, targetOf } from './instructor-actions.js';
import { paymentAfter } from './instructor-changes.js';
import { accountPage } from './instructor-students.js';
import { explain } from './problem.js';

const AT_ONCE = 3;
const NO_ANSWER =
  'No answer came, so it may have been done or not. Try again: nothing is done twice.';
const UNDER_WAY = { outcome: 'refused', sentence: 'Something is being done with it just now.', links: [] };

/**
 * @typedef {object} Job
 * @property {string} action
 * @property {import('./instructor-actions.js').Subject} subject
 * @property {import('./instructor-actions.js').Values} values
 *
 * @typedef {object} Result
 * @property {"done"|"refused"|"undecided"} outcome  undecided: to be sent again under the same key
 * @property {string} sentence
 * @property {{text: string, href: string}[]} links  where the trouble can be mended
 */

export class Sender {
  #onPayment;
  #onChange;
  #attempts = new Map();
  #busy = new Set();
  #undecided = new Map();

  /**
   * @param {object} listener
   * @param {(payment: object, replaced?: string) => void} listener.onPayment  one has changed
   * @param {() => void} listener.onChange  of what is under way or undecided
   */
  constructor({ onPayment, onChange }) {
    this.#onPayment = onPayment;
    this.#onChange = onChange;
  }

  /** @returns {boolean} whether something is being done with the student's payment */
  isBusy({ student, payment }) {
    return this.#busy.has(student.id) || this.#busy.has(payment?.id);
  }

  /** @returns {Job|null} what was sent and never answered, unless the payment has changed since */
  undecided({ student, payment }) {
    const job = this.#undecided.get(payment?.id) ?? this.#undecided.get(student.id);
    return job && mark(job.subject) === mark({ payment }) ? job : null;
  }

  /**
   * Three at once. What is under way already is not sent a second time.
   *
   * @param {Job[]} jobs
   * @param {(job: Job, result: Result) => void} onResult
   */
  async send(jobs, onResult) {
    const waiting = [];
    for (const job of jobs) {
      if (this.isBusy(job.subject)) {
        onResult(job, UNDER_WAY);
      } else {
        waiting.push(job);
        this.#busy.add(target(job));
      }
    }
    this.#onChange();
    const line = async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) onResult(job, await this.#do(job));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
  }

  async #do(job) {
    const { body, done } = ACTIONS[job.action];
    try {
      const answer = await this.#attempt(job).post(body(job.subject, job.values));
      this.#undecided.delete(target(job));
      this.#tell(job, answer);
      return { outcome: 'done', sentence: done(answer, job.subject, job.values), links: [] };
    } catch (error) {
      return this.#failed(job, error);
    } finally {
      this.#busy.delete(target(job));
      this.#onChange();
    }
  }

  #failed(job, error) {
    if (error.refused) {
      this.#undecided.delete(target(job));
      return { outcome: 'refused', sentence: explain(error), links: linksFor(job, error) };
    }
    this.#undecided.set(target(job), job);
    return { outcome: 'undecided', sentence: undecidedWords(error), links: [] };
  }

  /** The row changes at once from the answer, then once more from what Stripe says of it. */
  async #tell({ action, subject, values }, answer) {
    const payment = paymentAfter(action, subject, answer, values);
    const takesNoPlace = action === 'hold' || payment.state === 'released';
    const replaced = takesNoPlace ? undefined : subject.payment.id;
    this.#onPayment(payment, replaced);
    try {
      const read = await getJson(`/lesson-book/payments/${encodeURIComponent(payment.id)}`);
      this.#onPayment(read.payment, replaced);
    } catch (error) {
      console.warn(explain(error)); // the next reading of the book has it
    }
  }

  #attempt(job) {
    const { path } = ACTIONS[job.action];
    const name = `${path} ${target(job)}`;
    if (!this.#attempts.has(name)) this.#attempts.set(name, new Attempt(path));
    return this.#attempts.get(name);
  }
}

function target({ action, subject }) {
  return targetOf(action, subject);
}

/** The same key goes with what is sent again, but after a failure of Stripe's own. */
function undecidedWords(error) {
  if (error.status === null) return NO_ANSWER;
  return error.definite ? explain(error) : `${explain(error)} Nothing is done twice.`;
}

function mark({ payment }) {
  return payment ? [payment.id, payment.state, payment.refunded, payment.refund_pending].join() : '';
}

function linksFor({ action, subject }, { body }) {
  const confirm = body.confirmation_url && { text: 'Confirmation page', href: body.confirmation_url };
  const account = ['hold', 'holdAgain'].includes(action) && { text: 'Account page', href: accountPage(subject.student) };
  return [confirm, account].filter(Boolean);
}
