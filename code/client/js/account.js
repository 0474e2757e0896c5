/**
 * The account page: reads whose account it is from the address, shows it, lets it be changed, and
 * tells what was held and charged.
 */

import { showDetails, showNotFound, showUnavailable } from './account-details.js';
import { AccountForm } from './account-form.js';
import { AccountHistory } from './account-history.js';
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
    const history = new AccountHistory(customerId);
    const form = new AccountForm(account, {
      onChange: (changed) => showDetails(section, changed),
      onCardSaved: () => history.load(),
    });
    section.after(form.element, history.element);
    await history.load();
  } catch (error) {
    if (error.status === 404) showNotFound(section);
    else showUnavailable(section, explain(error), showAccount);
  }
}
