/** What an action comes to, in integer cents: before it is sent, and so partly an estimate. */

/**
 * @typedef {object} Fees  Stripe's price, from `GET /lesson-book`
 * @property {number} basis_points  290 is 2.9 %
 * @property {number} fixed  cents for every capture
 */

/**
 * @typedef {object} Figures
 * @property {number} pays  what is on the student's bill in the end
 * @property {number} fee  Stripe's fee
 * @property {boolean} feeIsKnown  false for an estimate
 * @property {number} nets  what the shop is left with
 * @property {number} released  what is let go of on the card
 * @property {number} back  what the student gets back of what was captured
 */

/** @returns {number} half of the hold; the odd cent is the student's */
export function halfOf(amount) {
  return (amount - (amount % 2)) / 2;
}

/** @returns {number} what is reserved on the card: nothing of a payment that waits for the student */
export function heldOf({ state, amount }) {
  return state === 'held' ? amount : 0;
}

/** @returns {number} what can still be refunded of a payment */
export function refundable({ captured, refunded, refund_pending: pending }) {
  return captured - refunded - pending;
}

/**
 * @param {number} amount  to be captured
 * @param {Fees} fees
 * @returns {number} the share rounded half up, and the fixed part; only Stripe knows the true one
 */
export function estimatedFee(amount, { basis_points: points, fixed }) {
  const share = amount * points + 5_000;
  return (share - (share % 10_000)) / 10_000 + fixed;
}

/**
 * @param {number} amount  to be captured
 * @param {number} held
 * @param {Fees} fees
 * @returns {Figures}
 */
export function captureFigures(amount, held, fees) {
  const fee = estimatedFee(amount, fees);
  return { pays: amount, fee, feeIsKnown: false, nets: amount - fee, released: held - amount, back: 0 };
}

/** @returns {Figures} of letting go: Stripe takes no fee for a hold */
export function releaseFigures(held) {
  return { pays: 0, fee: 0, feeIsKnown: true, nets: 0, released: held, back: 0 };
}

/**
 * Stripe keeps its fee for what was captured, however much of it is refunded.
 *
 * @param {number} amount  to be refunded
 * @param {object} payment
 * @param {Fees} fees
 * @returns {Figures}
 */
export function refundFigures(amount, payment, fees) {
  const fee = payment.fee ?? estimatedFee(payment.captured, fees);
  const pays = refundable(payment) - amount;
  return { pays, fee, feeIsKnown: payment.fee !== null, nets: pays - fee, released: 0, back: amount };
}

/**
 * @param {Figures[]} several
 * @returns {Figures} all of them together
 */
export function sumOf(several) {
  const total = (name) => several.reduce((sum, figures) => sum + figures[name], 0);
  return {
    pays: total('pays'),
    fee: total('fee'),
    feeIsKnown: several.every(({ feeIsKnown }) => feeIsKnown),
    nets: total('nets'),
    released: total('released'),
    back: total('back'),
  };
}
