/** The page in place of a student's: lets them ask for the link that opens it. */

import { Attempt } from './api.js';
import { explain } from './problem.js';

const form = document.querySelector('#ask-for-link');
const button = document.querySelector('#send-link');
const status = document.querySelector('#link-status');
const problem = document.querySelector('#link-problem');

const [, page, customerId] = window.location.pathname.split('/');
const back = encodeURIComponent(window.location.pathname);
document.querySelector('#staff-sign-in').href = `/sign-in?next=${back}`;

/** Only account pages have a student in their address, to whom a link can be sent. */
form.hidden = page !== 'account-update';
document.querySelector('#newest-letter').hidden = !form.hidden;
const attempt = new Attempt('/account-link');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.textContent = '';
  try {
    await attempt.post({ customer_id: decodeURIComponent(customerId) });
    status.textContent = 'If this is your page, a letter with the link is on its way to you.';
  } catch (error) {
    problem.textContent = explain(error);
    button.disabled = false;
  }
});
