/** Asks once more before a report is deleted. */

import { formatWindow } from './wording.js';

/**
 * @param {HTMLDialogElement} dialog
 * @param {import('./report-item.js').Report} report
 * @returns {Promise<boolean>}
 */
export function confirmDelete(dialog, { title, window }) {
  dialog.querySelector('.dialog-title').textContent = `Delete “${title}”?`;
  dialog.querySelector('.dialog-window').textContent = formatWindow(window);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
