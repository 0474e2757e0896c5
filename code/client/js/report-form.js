/** The form that starts a report. */

import { Attempt } from './api.js';
import { clearErrors, showCardError } from './form-errors.js';
import { explain } from './problem.js';

/**
 * @param {HTMLFormElement} form
 * @param {(request: object) => Promise<void>} send
 */
export function runReportForm(form, send) {
  const errors = form.querySelector('.form-errors');
  const button = form.querySelector('button[type="submit"]');
  const custom = form.querySelector('#custom-window');

  form.addEventListener('change', () => {
    custom.hidden = form.elements.window.value !== 'custom';
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    clearErrors(errors);
    const problem = problemWith(form);
    if (problem) {
      showCardError(errors, problem);
      return;
    }
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try {
      await send(requestFrom(form));
    } catch (error) {
      showCardError(errors, explain(error));
    } finally {
      button.disabled = false;
      button.removeAttribute('aria-busy');
    }
  });
}

/** @returns {(request: object) => Promise<object>} sends `POST /reports`, safe to repeat */
export function reportSender() {
  const attempt = new Attempt('/reports');
  return (request) => attempt.post(request);
}

function problemWith(form) {
  const { window, from, to } = form.elements;
  if (window.value !== 'custom') return null;
  const start = new Date(from.value);
  const end = to.value === '' ? new Date() : new Date(to.value);
  if (from.value === '') return 'Please say from when.';
  if (start >= end) return to.value === '' ? '"From" must be in the past.' : '"From" must be before "To".';
  return null;
}

/** The fields speak the reader's local time, the server UTC. */
function requestFrom(form) {
  const { kind, window, from, to } = form.elements;
  const request = { kind: kind.value };
  if (window.value === 'custom') {
    request.from = new Date(from.value).toISOString();
    if (to.value !== '') request.to = new Date(to.value).toISOString();
  }
  return request;
}
