/** The step in which a student gives name and e-mail; shared by sign-up and account. */

import { clearErrors, showCardError } from './form-errors.js';
import { explain } from './problem.js';

/**
 * @typedef {object} Student
 * @property {string} name
 * @property {string} email  as typed
 */

/**
 * Runs the form's one button: `submit` is called with what was typed, once at a time.
 *
 * @param {object} options
 * @param {HTMLFormElement} options.form  holds `#name`, `#email` and `#checkout-btn`
 * @param {HTMLElement} options.errors
 * @param {Student} options.student  what to fill in
 * @param {(student: Student) => Promise<void>} options.submit
 * @param {(student: Student) => boolean} [options.ready]  whether the button may be pressed
 */
export function runStudentForm({ form, errors, student, submit, ready = () => true }) {
  const [name, email] = [form.querySelector('#name'), form.querySelector('#email')];
  const button = form.querySelector('#checkout-btn');
  let busy = false;

  const typed = () => ({ name: name.value.trim(), email: email.value.trim() });
  const showState = () => {
    button.disabled = busy || !ready(typed());
    button.setAttribute('aria-busy', String(busy));
  };

  [name.value, email.value] = [student.name, student.email];
  showState();
  form.addEventListener('input', showState);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    clearErrors(errors);
    busy = true;
    showState();
    try {
      await submit(typed());
    } catch (error) {
      showCardError(errors, explain(error));
    } finally {
      busy = false;
      showState();
    }
  });
}

/**
 * How a student reads in the card step: "Ada Reyes (ada@example.com)".
 *
 * @param {Student} student
 */
export function studentLine({ name, email }) {
  return name === '' ? email : `${name} (${email})`;
}
