/** The lesson book after an action, until the shop's own next answer; and payments out of answers. */

const NEVER = '9999';
const STATES = { requires_capture: 'held', succeeded: 'captured', canceled: 'released' };

/**
 * @param {string} action
 * @param {import('./instructor-actions.js').Subject} subject
 * @param {object} answer  of the action's route
 * @param {import('./instructor-actions.js').Values} values
 * @returns {object} the payment as the answer tells, in the lesson book's form
 */
export function paymentAfter(action, { student, payment }, answer, { amount }) {
  if (action === 'refund' && answer.refund !== null) {
    const field = answer.status === 'succeeded' ? 'refunded' : 'refund_pending';
    return answer.status === 'failed' ? payment : { ...payment, [field]: payment[field] + amount };
  }
  return asPayment(answer.payment, { student, payment: action === 'hold' ? null : payment });
}

/** A PaymentIntent of Stripe's in the lesson book's form. */
function asPayment(intent, { student, payment }) {
  const isSame = payment?.id === intent.id;
  return {
    id: intent.id,
    student: { id: student.id, name: student.name, email: student.email },
    state: STATES[intent.status] ?? 'failed',
    amount: intent.amount,
    captured: intent.amount_received ?? 0,
    refunded: 0,
    refund_pending: 0,
    fee: null,
    currency: intent.currency,
    description: intent.description ?? null,
    instructor: intent.metadata?.instructor ?? null,
    created: new Date(intent.created * 1000).toISOString(),
    capture_before: isSame ? payment.capture_before : null,
    card: payment?.card ?? student.card ?? null,
    problem: null,
    refunds: [],
    dispute: null,
  };
}

/**
 * @param {object} book  `GET /lesson-book`
 * @param {object} payment  as it is now
 * @param {string} [replaced]  id of the payment whose place it takes
 * @returns {object} the book with that payment in every list where it belongs
 */
export function withPayment(book, payment, replaced = payment.id) {
  const isOld = ({ id }) => id === payment.id || id === replaced;
  const isOpen = payment.state === 'held';
  const stands = isOpen || payment.state === 'captured';
  const isTheirs = ({ student }) => student.id === payment.student.id;
  return {
    ...book,
    lessons: book.lessons.map((lesson) => {
      const belongs = lesson.payment ? isOld(lesson.payment) || (isOpen && isTheirs(lesson)) : isTheirs(lesson);
      return belongs ? { ...lesson, payment, needs_hold: lesson.needs_hold && !stands } : lesson;
    }),
    holds: [...book.holds.filter((hold) => !isOld(hold)), ...(isOpen ? [payment] : [])].sort(byEnd),
    failed: book.failed.filter((failed) => !(stands && isTheirs(failed)) && !isOld(failed)),
    attention: book.attention.filter(({ kind, payment: old }) => kind !== 'hold_expires_soon' || !isOld(old)),
  };
}

/** A hold whose end is not known yet comes last. */
function byEnd(one, other) {
  return (one.capture_before ?? NEVER).localeCompare(other.capture_before ?? NEVER);
}
