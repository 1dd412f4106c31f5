// The page as it is played: it follows the world without being loaded again, and sends what a person does.
"use strict";

const find = (selector) => document.querySelector(selector);

// --- Following the world -------------------------------------------------------------------------------------------

let following = null;
let loading = null;
let isStale = false;

function follow() {
  following?.close();
  following = new EventSource("/-/live");
  following.onmessage = () => refresh();
  following.onerror = () => document.body.classList.add("stopped");
  following.onopen = () => document.body.classList.remove("stopped");
}

// A browser keeps only a few connections to one server: pages that nobody sees give theirs back.
document.addEventListener("visibilitychange", () => (document.hidden ? following?.close() : follow()));

// Changes that come while the page is being loaded make one more load, not many.
function refresh() {
  isStale = true;
  loading ??= (async () => {
    while (isStale) {
      isStale = false;
      await load();
    }
  })().finally(() => (loading = null));
  return loading;
}

async function load() {
  let text;
  try {
    text = await (await fetch(location.href)).text();
  } catch {
    return document.body.classList.add("stopped");
  }
  const next = new DOMParser().parseFromString(text, "text/html");
  const before = whereInMessages();
  const read = find("[id^='report-']")?.id;
  document.title = next.title;
  morph(find("#desk"), next.querySelector("#desk"));
  find("#me").value = find("#me").dataset.me;
  stayInMessages(before);
  const report = find("[id^='report-']");
  if (report && report.id !== read) report.open = true;
}

// Who reads the newest message goes on to read the newest; who reads an older one stays there.
function whereInMessages() {
  const box = find("#messages");
  return box && { channel: box.dataset.channel, atEnd: box.scrollHeight - box.scrollTop - box.clientHeight < 40 };
}

function stayInMessages(before) {
  const box = find("#messages");
  if (box && (before?.atEnd ?? true) || box?.dataset.channel !== before?.channel) box.scrollTop = box.scrollHeight;
}

// --- Making a part of the page the same as a new one ----------------------------------------------------------------
// What is there already stays in its place, and so do typed text, the focus, scrolling and what was opened or shut.

function morph(old, wanted) {
  copyAttributes(old, wanted);
  const ids = new Set([...wanted.children].map((each) => each.id).filter(Boolean));
  for (const each of [...old.children]) if (each.id && !ids.has(each.id)) each.remove();
  let at = old.firstChild;
  for (const want of wanted.childNodes) {
    const have = counterpart(old, at, want);
    if (!have) {
      old.insertBefore(document.importNode(want, true), at);
    } else {
      if (have === at) at = at.nextSibling;
      else old.insertBefore(have, at);
      if (have.nodeType === Node.ELEMENT_NODE) morph(have, want);
      else if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
    }
  }
  while (at) [at] = [at.nextSibling, at.remove()];
}

function counterpart(parent, at, want) {
  if (want.id) return [...parent.children].find((each) => each.id === want.id && each.nodeName === want.nodeName);
  return at && !at.id && at.nodeName === want.nodeName ? at : null;
}

function copyAttributes(old, wanted) {
  const isOwn = (name) => name === "open" && ["DETAILS", "DIALOG"].includes(old.nodeName);
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name) && !isOwn(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value && !isOwn(name)) old.setAttribute(name, value);
  }
}

// --- Going from page to page ----------------------------------------------------------------------------------------

async function go(address) {
  const isOther = new URL(address, location.href).pathname !== location.pathname;
  history.pushState(null, "", address);
  await refresh();
  if (!isOther) return;
  scrollTo(0, 0);
  find(".tracker").scrollTop = 0;
}

addEventListener("popstate", () => refresh());

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.origin !== location.origin) return;
  event.preventDefault();
  go(withPlayer(link.href));
});

// A link in a message knows neither who plays nor which channel is open.
function withPlayer(address) {
  const there = new URL(address, location.href);
  for (const name of ["as", "channel"]) {
    const kept = new URLSearchParams(location.search).get(name);
    if (kept && !there.searchParams.has(name)) there.searchParams.set(name, kept);
  }
  return there.href;
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "me") return;
  const there = new URL(location.href);
  there.searchParams.set("as", event.target.value);
  go(there.href);
});

// --- Playing --------------------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-play]")) return;
  event.preventDefault();
  play(event.target, event.submitter);
});

async function play(form, button, more = {}) {
  const fields = new URLSearchParams(new FormData(form, button));
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  const answer = await send(form.getAttribute("action"), fields);
  if (answer.done) {
    form.reset();
    if ("shuts" in form.dataset) form.closest("details").open = false;
  }
  say(answer.said, !answer.done);
  await (answer.go ? go(withPlayer(answer.go)) : refresh());
}

async function send(address, fields) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "X-Sandbox-Page": "yes" }, body: fields });
    return { ...(await answer.json()), done: answer.ok };
  } catch {
    return { said: "The sandbox does not answer: is it still running?", done: false };
  }
}

let hiding = null;

function say(text, isBad) {
  const place = find("#said");
  place.textContent = text;
  place.className = isBad ? "bad" : "";
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.textContent = ""), 8000);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("[data-enter]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// One dialog asks for any other emoji, whichever message it is for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-other]");
  if (!button) return;
  const dialog = find("#emoji");
  dialog.returnValue = "";
  dialog.onclose = () => {
    const name = dialog.querySelector("input").value;
    if (dialog.returnValue === "react" && name) play(button.form, null, { emoji: name });
    dialog.querySelector("form").reset();
  };
  dialog.showModal();
});

stayInMessages(null);
follow();
