/** Students: what they are called, and where they are shown. */

/** @returns {string} somebody without a name is called by their e-mail or id */
export function nameOf({ id, name, email }) {
  return name || email || id;
}

/** @returns {string} where the instructor's page shows the student */
export function studentHash(id) {
  return `#student/${encodeURIComponent(id)}`;
}

/** @returns {string} where the student changes the card */
export function accountPage({ id }) {
  return `/account-update/${encodeURIComponent(id)}`;
}
