/** The framed end of the private channel that stripe.js opens to each of its frames. */

/**
 * Wait for the page, then answer its calls.
 *
 * @param {(greeting: object, emit: (event: string, detail?: object) => void) => object} start
 *   called once with what the page says first; returns the methods the page may call
 */
export function serve(start) {
  window.addEventListener('message', function connect({ data, source, ports: [port] }) {
    if (source !== window.parent || data?.type !== 'stripe:connect') return;
    window.removeEventListener('message', connect);
    const emit = (event, detail = {}) => port.postMessage({ event, detail });
    const methods = start(data.greeting, emit);
    port.onmessage = (message) => answer(port, methods, message.data);
    port.postMessage({ event: 'connected' });
  });
}

async function answer(port, methods, { id, method, params }) {
  try {
    port.postMessage({ id, result: await methods[method](params) });
  } catch (fault) {
    port.postMessage({ id, fault: String(fault) }); // a bug here: stripe.js rejects the call
    throw fault;
  }
}

/** Report the height of this page's content, now and whenever it changes. */
export function reportHeight(emit) {
  const report = () => {
    const { height } = document.body.getBoundingClientRect();
    emit('height', { height: Math.ceil(height) });
  };
  new ResizeObserver(report).observe(document.body);
}
