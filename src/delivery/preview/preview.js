// Puts the answer to a number beside the page without loading it anew, and says when a build has changed what is shown. All links
// work without it, too.
"use strict";

const answer = document.getElementById("answer");
const note = document.getElementById("note");
const { state, build } = document.body.dataset;

addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-number]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById("answer");
    if (!response.ok || !found || page.body.dataset.build !== build) {
      location.assign(link.href);
      return;
    }
    answer.replaceChildren(...found.childNodes);
  } catch {
    ended();
    return;
  }
  for (const marked of document.querySelectorAll("a[data-number]")) {
    if (marked.dataset.number === link.dataset.number) marked.setAttribute("aria-current", "true");
    else marked.removeAttribute("aria-current");
  }
  history.replaceState(null, "", link.href);
  if (answer.getBoundingClientRect().top > innerHeight * 0.7) answer.scrollIntoView();
});

function say(words) {
  if (note.textContent !== words) note.textContent = words;
  note.hidden = words === "";
}

function ended() {
  say("The preview has ended: run `tipbrief preview` again, and open the address that it prints.");
}

async function look() {
  if (document.hidden) return;
  try {
    const [now, ...words] = (await (await fetch(state)).text()).split("\n");
    if (now !== build) location.reload();
    else say(words.join(" ").trim());
  } catch {
    ended();
  }
}

setInterval(look, 2000);
