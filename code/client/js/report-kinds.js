/** The kinds of report there are, as a choice. */

import { fromTemplate } from './templates.js';

/**
 * @typedef {object} Kind  one entry of `GET /report-kinds`
 * @property {string} kind  such as "lesson-totals"
 * @property {string} title
 * @property {string} about  one sentence
 */

/**
 * @param {Kind[]} kinds
 * @returns {HTMLElement[]} a radio button each, the first one chosen
 */
export function kindChoices(kinds) {
  return kinds.map(({ kind, title, about }, place) => {
    const choice = fromTemplate('kind', { '.kind-title': title, '.kind-about': about });
    const input = choice.querySelector('input');
    input.value = kind;
    input.checked = place === 0;
    name(input, 'aria-labelledby', choice.querySelector('.kind-title'), `${kind}-title`);
    name(input, 'aria-describedby', choice.querySelector('.kind-about'), `${kind}-about`);
    return choice;
  });
}

function name(input, relation, words, id) {
  words.id = id;
  input.setAttribute(relation, id);
}
