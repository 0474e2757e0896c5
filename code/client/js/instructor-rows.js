/** What a row says of a lesson, a hold, a refusal or a trouble, before it is drawn. */

import { actionsFor } from './instructor-actions.js';
import { accountPage, nameOf, studentHash } from './instructor-students.js';
import { clockOf, dayOf, isWithinDay, momentOf, shortDay, timeLeftUntil } from './instructor-times.js';
import {
  amountWords,
  cardWords,
  disputeWords,
  expiryWords,
  problemWords,
  refundWords,
  stateWords,
} from './instructor-words.js';

/**
 * @typedef {object} Row
 * @property {string} key  its own in the list
 * @property {{text: string, title: string}} when  short, and to the minute
 * @property {import('./instructor-actions.js').Subject} subject
 * @property {string} name  the student's, or what was paid for where the student is known
 * @property {string|null} href  of the name
 * @property {string} about  below it
 * @property {import('./instructor-words.js').Tone} tone
 * @property {string} state
 * @property {string} amount
 * @property {string[]} notes
 * @property {{text: string, href: string}[]} links
 * @property {string[]} buttons  actions to be seen
 * @property {string[]} menu  actions behind "More"
 * @property {boolean} isDue  the first button is what to do now
 *
 * @typedef {{zone: string, now: string}} Clock
 */

/**
 * @param {object} lesson
 * @param {Clock} clock
 * @returns {Row}
 */
export function lessonRow(lesson, clock) {
  const { student, payment, at, needs_hold: needsHold } = lesson;
  const state = payment ? stateWords(payment) : nothingYet(lesson, clock);
  const isToday = dayOf(at, clock.zone) === dayOf(clock.now, clock.zone);
  const lapsesBefore = payment?.state === 'held' && payment.capture_before?.localeCompare(at) < 0;
  const row = {
    ...base(`${student.id} ${at}`, { student, payment }, clock),
    when: { text: clockOf(at, clock.zone), title: momentOf(at, clock.zone) },
    about: cardAndExpiry(student.card, dayOf(at, clock.zone)),
    ...(payment ? {} : { state: state.text, tone: state.tone }),
    isDue: payment?.state === 'held' ? isToday : needsHold && payment?.state !== 'needs_confirmation',
  };
  if (payment && needsHold) row.notes.unshift('Needs a hold.');
  if (needsHold && row.tone === 'plain') row.tone = 'warn';
  if (lapsesBefore) {
    row.notes.push('Lapses before the lesson.');
    row.tone = 'warn';
  }
  if (!student.card || payment?.problem) row.links.push({ text: 'Account page', href: accountPage(student) });
  return isExpiring(payment, clock) && !isToday ? withHoldAgainFirst(row) : row;
}

/** @returns {Row} of an open hold, named by the time that is left */
export function holdRow(payment, clock) {
  const { capture_before: end } = payment;
  const row = base(payment.id, { student: payment.student, payment }, clock);
  row.notes = [
    ...(end ? [`Lapses ${momentOf(end, clock.zone)}.`] : []),
    ...notesOn({ ...payment, capture_before: null }, clock),
  ];
  row.when = end
    ? { text: timeLeftUntil(end, clock.now), title: `Lapses ${momentOf(end, clock.zone)}` }
    : { text: 'Open', title: 'Stripe has not said when it lapses' };
  if (!isExpiring(payment, clock)) return row;
  return { ...withHoldAgainFirst(row), state: 'About to lapse', tone: 'bad' };
}

/** @returns {Row} of a payment that was refused or waits for the student */
export function failedRow(payment, clock) {
  const row = paymentRow(payment, clock);
  row.links.push({ text: 'Account page', href: accountPage(payment.student) });
  return row;
}

/** @returns {Row} of any payment, named by when it was made */
export function paymentRow(payment, clock) {
  const row = base(payment.id, { student: payment.student, payment }, clock);
  return { ...row, when: whenOf(payment.created, clock) };
}

/** @returns {Row} of a payment where the student is known; a new hold has its place above them */
export function ownPaymentRow(payment, clock) {
  const row = paymentRow(payment, clock);
  const actions = actionsFor(payment, { canHold: false });
  return {
    ...row,
    name: payment.description ?? 'Lesson',
    href: null,
    about: cardWords(payment.card),
    buttons: actions.slice(0, 1),
    menu: actions.slice(1),
  };
}

/** @returns {Row} of what somebody has to look at */
export function attentionRow({ kind, payment, at }, clock) {
  if (kind === 'hold_expires_soon') return holdRow(payment, clock);
  const row = paymentRow(payment, clock);
  row.key = `${kind} ${payment.id}`;
  row.when = whenOf(at, clock);
  if (kind === 'dispute') return { ...row, state: 'Disputed', tone: 'bad', when: dueWhen(payment, row, clock) };
  if (kind === 'refund_failed') return { ...row, state: 'Refund failed', tone: 'bad' };
  return { ...row, notes: ['It lapsed before it was captured. Nothing was charged.'] };
}

function dueWhen({ dispute }, { when }, clock) {
  if (!dispute?.due_by) return when;
  const { text, title } = whenOf(dispute.due_by, clock);
  return { text: `By ${text}`, title: `Answer by ${title}` };
}

function whenOf(iso, { zone }) {
  return { text: shortDay(iso, zone), title: momentOf(iso, zone) };
}

function base(key, subject, clock) {
  const { student, payment } = subject;
  const actions = actionsFor(payment, { canHold: student.card !== null });
  const state = payment ? stateWords(payment) : { text: '', tone: 'plain' };
  return {
    key,
    when: { text: '', title: '' },
    subject,
    name: nameOf(student),
    href: studentHash(student.id),
    about: payment ? [cardWords(payment.card), payment.description].filter(Boolean).join(' · ') : '',
    tone: state.tone,
    state: state.text,
    amount: payment ? amountWords(payment) : '',
    notes: payment ? notesOn(payment, clock) : [],
    links: payment?.state === 'needs_confirmation' ? confirmationLinks(payment) : [],
    buttons: actions.slice(0, 1),
    menu: actions.slice(1),
    isDue: false,
  };
}

function notesOn(payment, { zone, now }) {
  const { state, capture_before: end, dispute, problem, instructor, currency } = payment;
  return [
    ...(state === 'held' && end ? [`${timeLeftUntil(end, now)} to capture.`] : []),
    ...(problem ? problemWords(problem) : []),
    ...refundWords(payment),
    ...(dispute ? [disputeWords(dispute, currency, zone)] : []),
    ...(instructor ? [`With ${instructor}.`] : []),
  ];
}

/** The page for it, and an e-mail to the student that names it. */
function confirmationLinks({ confirmation_url: url, student }) {
  const page = { text: 'Confirmation page', href: url };
  if (!student.email) return [page];
  const subject = encodeURIComponent('Please confirm your payment');
  const body = encodeURIComponent(
    `Please confirm the payment for your lesson with your bank: ${url}`,
  );
  const href = `mailto:${encodeURIComponent(student.email)}?subject=${subject}&body=${body}`;
  return [{ text: 'Ask to confirm', href }, page];
}

function nothingYet({ needs_hold: needsHold, hold_from: from, student }, { zone }) {
  if (!needsHold) return { text: `Hold from ${shortDay(from, zone)}`, tone: 'plain' };
  return student.card ? { text: 'Needs a hold', tone: 'warn' } : { text: 'Needs a card', tone: 'bad' };
}

function cardAndExpiry(card, day) {
  if (!card) return cardWords(null);
  const { text, tone } = expiryWords(card, day);
  return tone === 'bad' ? `${cardWords(card)}, ${text}` : cardWords(card);
}

function isExpiring(payment, { now }) {
  if (payment?.state !== 'held' || payment.capture_before === null) return false;
  return isWithinDay(payment.capture_before, now);
}

function withHoldAgainFirst(row) {
  const others = row.menu.filter((name) => name !== 'holdAgain');
  return { ...row, isDue: true, buttons: ['holdAgain'], menu: ['capture', ...others] };
}
