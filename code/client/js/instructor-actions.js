/** What staff can do with a student's payment: what is sent, what it comes to, how it is said. */

import { captureFigures, halfOf, heldOf, refundable, refundFigures, releaseFigures } from './instructor-figures.js';
import { isChargedBack } from './instructor-words.js';
import { formatMoney } from './money.js';

/**
 * @typedef {object} Subject  whom and what an action is about
 * @property {{id: string, name: string|null, email: string|null}} student
 * @property {object|null} payment
 *
 * @typedef {object} Values  what was typed
 * @property {number} [amount]  in cents
 * @property {string} [description]
 * @property {string} [instructor]
 *
 * @typedef {object} Action
 * @property {string} path  of the route
 * @property {string} word  on buttons
 * @property {string} title  of the dialog
 * @property {string} about  what it does, in a sentence or two
 * @property {string[]} fields  what is typed when it is done for one student
 * @property {string[]} fieldsOfMany  and when for several at once
 * @property {(subject: Subject, values: Values) => object} body
 * @property {(subject: Subject, values: Values, fees: object) => object} figures
 * @property {(answer: object, subject: Subject, values: Values) => string} done
 */

/** @type {Record<string, Action>} */
export const ACTIONS = {
  hold: {
    path: '/schedule-lesson',
    word: 'Hold',
    title: 'Place a hold',
    about: 'The amount is reserved on the saved card. Nothing is charged until you capture it.',
    fields: ['amount', 'description', 'instructor'],
    fieldsOfMany: ['amount', 'description', 'instructor'],
    body: ({ student }, { amount, description, instructor }) => ({
      customer_id: student.id,
      amount,
      description,
      ...(instructor ? { instructor } : {}),
    }),
    figures: (_, { amount }, fees) => captureFigures(amount, amount, fees),
    done: ({ payment }) => overSince(payment) ?? `Held ${money(payment.amount, payment)}.`,
  },
  capture: {
    path: '/complete-lesson-payment',
    word: 'Capture',
    title: 'Capture',
    about: 'The card is charged. What you leave out is released.',
    fields: ['amount'],
    fieldsOfMany: [],
    body: ({ payment }, { amount = payment.amount }) => ({ payment_intent_id: payment.id, amount }),
    figures: ({ payment }, { amount = payment.amount }, fees) => captureFigures(amount, payment.amount, fees),
    done: captured,
  },
  half: {
    path: '/complete-lesson-payment',
    word: 'Late cancellation: half',
    title: 'Late cancellation: capture half',
    about: 'Half of the hold is charged, the other half is released. An odd cent is left to the student.',
    fields: [],
    fieldsOfMany: [],
    body: ({ payment }) => ({ payment_intent_id: payment.id, amount: halfOf(payment.amount) }),
    figures: ({ payment }, _, fees) => captureFigures(halfOf(payment.amount), payment.amount, fees),
    done: captured,
  },
  release: {
    path: '/release-lesson',
    word: 'Release',
    title: 'Release the hold',
    about: 'The whole hold is let go of. What waits for the student is called off. Nothing is charged.',
    fields: [],
    fieldsOfMany: [],
    body: ({ payment }) => ({ payment_intent_id: payment.id }),
    figures: ({ payment }) => releaseFigures(heldOf(payment)),
    done: (_, { payment }) =>
      heldOf(payment) ? `Released ${money(payment.amount, payment)}.` : 'Called off: it can no longer be confirmed.',
  },
  refund: {
    path: '/refund-lesson',
    word: 'Refund',
    title: 'Refund',
    about: 'The money goes back to the card it came from, which takes some days.',
    fields: ['amount'],
    fieldsOfMany: [],
    body: ({ payment }, { amount }) => ({ payment_intent_id: payment.id, amount }),
    figures: ({ payment }, { amount }, fees) => refundFigures(amount, payment, fees),
    done: refunded,
  },
  holdAgain: {
    path: '/hold-lesson-again',
    word: 'Hold again',
    title: 'Hold again',
    about:
      'A new hold of the same amount is placed, then the old one is released: for a moment the card ' +
      'carries both. If the new one is declined, the old one stays. One that waits for the student is called off ' +
      'likewise.',
    fields: [],
    fieldsOfMany: [],
    body: ({ payment }) => ({ payment_intent_id: payment.id }),
    figures: ({ payment }, _, fees) => ({
      ...captureFigures(payment.amount, payment.amount, fees),
      released: heldOf(payment),
    }),
    done: ({ payment, released }, { payment: old }) => {
      if (overSince(payment)) return `${overSince(payment)} Please look at the student's history.`;
      return `Held ${money(payment.amount, payment)} anew. ${becameOf(old, released)}`;
    },
  },
};

/** @returns {string} the id of what an action changes: a new hold is the student's */
export function targetOf(name, { student, payment }) {
  return name === 'hold' ? student.id : payment.id;
}

/**
 * Beside a payment that waits for the student no plain hold is offered: confirmed later, it would
 * be a second one.
 *
 * @returns {string[]} what can be done with a hold, one that waits, a captured payment, or none
 */
export function actionsFor(payment, { canHold }) {
  if (payment?.state === 'held') {
    return halfOf(payment.amount) > 0
      ? ['capture', 'half', 'release', 'holdAgain']
      : ['capture', 'release', 'holdAgain'];
  }
  if (payment?.state === 'captured') {
    return refundable(payment) > 0 && !isChargedBack(payment) ? ['refund'] : [];
  }
  if (payment?.state === 'needs_confirmation') return ['holdAgain', 'release'];
  return canHold ? ['hold'] : [];
}

/** Of a hold whose first answer was lost: it may be over when it is asked for again. */
function overSince({ status, amount, currency }) {
  return status === 'canceled' ? `${formatMoney(amount, currency)} was held, and is over by now.` : null;
}

function becameOf(old, released) {
  if (!released) return 'The old hold was over already.';
  return heldOf(old) ? 'The old hold is released.' : 'The old one can no longer be confirmed.';
}

function captured({ payment: intent }) {
  const rest = intent.amount - intent.amount_received;
  const charged = `Captured ${money(intent.amount_received, intent)}`;
  return rest ? `${charged}, released ${money(rest, intent)}.` : `${charged}.`;
}

function refunded({ refund, status }, { payment }, { amount }) {
  const sum = money(amount, payment);
  if (refund === null) return `The hold of ${sum} was released.`;
  if (status === 'failed') return `Stripe says that the refund of ${sum} failed.`;
  return status === 'succeeded' ? `Refunded ${sum}.` : `A refund of ${sum} is on its way.`;
}

function money(amount, { currency }) {
  return formatMoney(amount, currency);
}
