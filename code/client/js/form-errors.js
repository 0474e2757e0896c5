/** The place below a form where errors are said. An alert that is added is read out at once. */

import { element } from './templates.js';

/**
 * Shows one message as `#card-errors > .card-error`, in place of any before.
 *
 * @param {HTMLElement} slot
 * @param {string} message
 */
export function showCardError(slot, message) {
  const alert = document.createElement('div');
  alert.id = 'card-errors';
  alert.className = 'sr-field-error';
  alert.setAttribute('role', 'alert');
  alert.append(element('div', message, 'card-error'));
  showError(slot, alert);
}

/**
 * @param {HTMLElement} slot
 * @param {HTMLElement} alert
 */
export function showError(slot, alert) {
  slot.replaceChildren(alert);
  alert.scrollIntoView({ block: 'nearest' });
}

/** @param {HTMLElement} slot */
export function clearErrors(slot) {
  slot.replaceChildren();
}
