"use strict";

// Makes an element. Text is only ever set as text, never as markup: it comes from models and documents.
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function dataOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Takes a section with nothing to show, and its link, out of the page.
function hide(section) {
  section.hidden = true;
  document.querySelector(`nav a[href="#${section.id}"]`).hidden = true;
}

const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
