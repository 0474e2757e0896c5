/** The account page: reads whose account it is from the address, shows it, lets it be changed. */

import { showDetails, showNotFound, showUnavailable } from './account-details.js';
import { AccountForm } from './account-form.js';
import { getJson } from './api.js';
import { explain } from './problem.js';

const section = document.querySelector('#account-information');
/** Still percent-encoded, as in the address of this page: /account-update/<customer id>. */
const customerId = window.location.pathname.split('/')[2];

await showAccount();

async function showAccount() {
  try {
    const account = await getJson(`/payment-method/${customerId}`);
    showDetails(section, account);
    const form = new AccountForm(account, (changed) => showDetails(section, changed));
    section.after(form.element);
  } catch (error) {
    if (error.status === 404) showNotFound(section);
    else showUnavailable(section, explain(error), showAccount);
  }
}
