/** Asks once more before a report is deleted. */

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} title  of the report
 * @returns {Promise<boolean>}
 */
export function confirmDelete(dialog, title) {
  dialog.querySelector('.dialog-title').textContent = `Delete “${title}”?`;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
