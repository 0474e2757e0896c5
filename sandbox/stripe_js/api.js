/** Stripe's API as a browser may use it: with the publishable key, and form-encoded. */

/**
 * @param {string} key  the publishable key
 * @returns {(method: string, path: string, params?: object) => Promise<object>}
 *   resolves with `{body}`, or with `{error}` in the shape that Stripe.js gives to pages
 */
export function apiClient(key) {
  return async (method, path, params = {}) => {
    const url = new URL(path, window.location.origin);
    const form = new URLSearchParams(formPairs(params));
    if (method === 'GET') url.search = form;
    const request = {
      method,
      headers: { Authorization: `Bearer ${key}` },
      body: method === 'GET' ? undefined : form,
    };
    try {
      const response = await fetch(url, request);
      const body = await response.json();
      return response.ok ? { body } : { error: typedByStatus(response.status, body.error) };
    } catch (failure) {
      return { error: { type: 'api_connection_error', message: unreachable(failure) } };
    }
  };
}

/** Stripe's bracket notation: `{card: {cvc: '123'}}` is `card[cvc]=123`. Leaves out what is empty. */
function formPairs(params, prefix = '') {
  return Object.entries(params).flatMap(([name, value]) => {
    const key = prefix ? `${prefix}[${name}]` : name;
    if (value === undefined || value === null || value === '') return [];
    return typeof value === 'object' ? formPairs(value, key) : [[key, String(value)]];
  });
}

/** Types that exist in Stripe.js only: the wire calls them all invalid_request_error. */
function typedByStatus(status, error) {
  if (status === 401) return { ...error, type: 'authentication_error' };
  if (status === 429) return { ...error, type: 'rate_limit_error' };
  return error;
}

function unreachable(failure) {
  return failure instanceof SyntaxError
    ? 'The payment service gave an answer that could not be read. Try again.'
    : 'The payment service could not be reached. Check your connection and try again.';
}
