/** Pieces of a page are `<template>`s in its HTML; scripts copy them and fill in text. */

/**
 * @param {string} id  of a `<template>` that holds one element
 * @param {Record<string, string|number>} [texts]  text by selector, put into the copy
 * @returns {HTMLElement}
 */
export function fromTemplate(id, texts = {}) {
  const copy = document.getElementById(id).content.firstElementChild.cloneNode(true);
  for (const [selector, text] of Object.entries(texts)) {
    copy.querySelector(selector).textContent = text;
  }
  return copy;
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
