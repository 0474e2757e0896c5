/** The figures of an action as lines with a label: what staff look at before they send it. */

/** Which figures each action shows, and under which words; those of an estimate say "about". */
const LINES = {
  hold: [
    ['Held on the card', 'pays'],
    ['The student pays now', null],
    ["Stripe's fee once captured", 'fee'],
    ['The shop then nets', 'nets'],
  ],
  capture: [
    ['The student pays', 'pays'],
    ["Stripe's fee", 'fee'],
    ['The shop nets', 'nets'],
    ['Released on the card', 'released'],
  ],
  release: [
    ['The student pays', 'pays'],
    ["Stripe's fee", 'fee'],
    ['The shop nets', 'nets'],
    ['Released on the card', 'released'],
  ],
  refund: [
    ['The student gets back', 'back'],
    ['The student has paid in the end', 'pays'],
    ['Stripe keeps its fee', 'fee'],
    ['The shop nets in the end', 'nets'],
  ],
  holdAgain: [
    ['Held anew on the card', 'pays'],
    ['Released of the old hold', 'released'],
    ["Stripe's fee once captured", 'fee'],
    ['The shop then nets', 'nets'],
  ],
};
LINES.half = LINES.capture;

const ESTIMATED = ['fee', 'nets'];

/**
 * @param {string} action
 * @param {import('./instructor-figures.js').Figures|null} figures  null while no amount is known
 * @returns {{label: string, amount: number|null, isNet: boolean}[]} amounts in cents
 */
export function figureLines(action, figures) {
  return LINES[action].map(([label, name]) => ({
    label: ESTIMATED.includes(name) && !figures?.feeIsKnown ? `${label}, about` : label,
    amount: figures && (name === null ? 0 : figures[name]),
    isNet: name === 'nets',
  }));
}
