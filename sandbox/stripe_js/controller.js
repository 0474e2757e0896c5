/** The hidden frame: the calls of Stripe.js that need no card fields. */

import { apiClient } from './api.js';
import { serve } from './channel.js';
import { challengeOutcome, confirmIntent, retrieveIntent } from './intents.js';

serve(({ key }) => {
  const api = apiClient(key);
  return {
    confirm: (intent) => confirmIntent(api, intent, { payment_method: intent.paymentMethod }),
    retrieve: (intent) => retrieveIntent(api, intent),
    outcome: (intent) => challengeOutcome(api, intent),
  };
});
