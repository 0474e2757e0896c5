/** What is asked of the audit trail: in the address, so that it can be kept and handed on. */

const NAMES = ['from', 'to', 'who', 'action', 'result', 'subject'];

/** @returns {URLSearchParams} what the address asks for */
export function fromAddress() {
  return known(new URLSearchParams(location.search));
}

/**
 * @param {HTMLFormElement} form
 * @returns {URLSearchParams} what the form asks for
 */
export function queryOf(form) {
  return known(new URLSearchParams(new FormData(form)));
}

/**
 * @param {HTMLFormElement} form
 * @param {URLSearchParams} query
 */
export function showInForm(form, query) {
  for (const name of NAMES) form.elements[name].value = query.get(name) ?? '';
}

function known(query) {
  const given = NAMES.map((name) => [name, query.get(name)?.trim()]);
  return new URLSearchParams(given.filter(([, value]) => value));
}
