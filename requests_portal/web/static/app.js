// Progressive enhancement only: every page works without this file.

const LIVE_DELAY = 350;
const POLL_EVERY = 2000;
const KEYS_SETTING = "keyboard-shortcuts";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// ── A form that is checked while it is typed ─────────────────────────────
// <form data-live="#findings" data-live-url="/new/check"> posts itself, without
// its files, and puts the answer into the region, which is aria-live.

function checkWhileTyping(form) {
  const region = document.querySelector(form.dataset.live);
  let timer;
  let latest;

  async function check() {
    latest?.abort();
    latest = new AbortController();
    const typed = new FormData(form);
    for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
    try {
      const answer = await fetch(form.dataset.liveUrl, {
        method: "POST",
        body: typed,
        signal: latest.signal,
        headers: { "X-Fragment": "1" },
      });
      if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
      region.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      // Findings for what was typed before would mislead, so they go.
      region.innerHTML = '<p class="pad small quiet">The check cannot be reached now. Its answer comes with the next page.</p>';
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, LIVE_DELAY);
  });
}

// ── A fragment that follows work in progress ─────────────────────────────
// <div data-poll="/productions/7/progress"> is fetched until X-Done is sent.
// Keep buttons outside of it: what is inside is replaced. With data-poll-reload
// the whole page is loaded once more at the end.

function follow(region) {
  let shown = null;

  async function look() {
    if (!region.isConnected) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    const answer = await fetch(region.dataset.poll, { headers: { "X-Fragment": "1" } }).catch(() => null);
    if (answer?.redirected) {
      location.reload(); // signed out meanwhile
      return;
    }
    if (answer?.ok) {
      const text = await answer.text();
      if (text !== shown) region.innerHTML = text;
      shown = text;
      if (answer.headers.has("X-Done")) {
        if ("pollReload" in region.dataset) location.reload();
        return;
      }
    }
    setTimeout(look, POLL_EVERY);
  }

  setTimeout(look, POLL_EVERY);
}

// ── Upload with progress ─────────────────────────────────────────────────
// The answer, an error page or the page after a redirect, replaces this one.

function showUploadProgress(form) {
  form.addEventListener("submit", (event) => {
    const chosen = all("input[type=file]", form).some((input) => input.files.length);
    const bar = form.querySelector("progress");
    if (!chosen || !bar) return;
    event.preventDefault();

    const request = new XMLHttpRequest();
    const holder = bar.closest("[hidden]") ?? bar;
    holder.hidden = false;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
    });
    request.addEventListener("load", () => showPage(request.responseText, request.responseURL));
    request.addEventListener("error", () => form.submit());
    request.open("POST", form.action);
    request.send(new FormData(form, event.submitter));
  });
}

function showPage(text, address) {
  const page = new DOMParser().parseFromString(text, "text/html");
  history.replaceState(null, "", address);
  document.title = page.title;
  document.body.replaceWith(page.body);
  scrollTo(0, 0);
  enhance();
}

// ── Keyboard shortcuts ───────────────────────────────────────────────────
// Staff pages only; each does what a link on the page does too. They can be
// switched off on the keyboard page (WCAG 2.1.4).

const keysAreOn = () => localStorage.getItem(KEYS_SETTING) !== "off";

function moveInList(step) {
  const links = all("[data-row] th a, a[data-row]");
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
}

const open = (selector) => document.querySelector(selector)?.click();

const SHORTCUTS = {
  j: () => moveInList(1),
  k: () => moveInList(-1),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  "?": () => open("a[data-keys-help]"),
  "g q": () => open("a[data-home]"),
};

// On the page of one recording, where it can be heard.
const REVIEW_SHORTCUTS = {
  " ": () => playOrPause(),
  "[": () => open("[data-set=start]"),
  "]": () => open("[data-set=end]"),
  s: () => open("[data-add]"),
  u: () => open("[data-undo]"),
};

let previousKey = "";

function onKey(event) {
  const typing = event.target.closest?.("input, textarea, select, audio, [contenteditable]");
  // Space presses what has the focus.
  if (event.key === " " && event.target.closest?.("button, a, summary")) return;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.body.classList.contains("desk") || !keysAreOn()) return;

  const known = document.querySelector("[data-review]") ? { ...SHORTCUTS, ...REVIEW_SHORTCUTS } : SHORTCUTS;
  const shortcut = known[`${previousKey} ${event.key}`] ?? known[event.key];
  previousKey = event.key;
  if (!shortcut) return;
  event.preventDefault();
  shortcut();
}

function offerKeysSwitch(holder) {
  const box = holder.querySelector("input");
  box.checked = keysAreOn();
  box.addEventListener("change", () => localStorage.setItem(KEYS_SETTING, box.checked ? "on" : "off"));
  holder.hidden = false;
}

// ── Review of a recording ────────────────────────────────────────────────
// The place where it plays is drawn on the waveform, can be put into the form,
// and is kept while the page is sent and comes back. Nothing is fetched before
// somebody presses play.

const playOrPause = () => {
  const player = document.querySelector("[data-player]");
  // Who presses again before it has begun wants no sound; a refused sound is said by the player itself.
  if (player?.paused) player.play().catch(() => {});
  else player?.pause();
};

function review(page) {
  const player = page.querySelector("[data-player]");
  const figure = page.querySelector("[data-seconds]");
  if (!player || !figure) return;
  const box = figure.querySelector(".wave-box");
  const playhead = figure.querySelector("[data-playhead]");
  const place = page.querySelector("[data-at-playhead]");
  const seconds = Number(figure.dataset.seconds);
  const kept = `played ${location.pathname}`;

  function show() {
    const at = player.currentTime;
    playhead.hidden = at === 0;
    playhead.style.left = `${Math.min(100, (100 * at) / seconds)}%`;
    if (place) place.querySelector("[data-where]").textContent = `at ${at.toFixed(2)} s`;
    sessionStorage.setItem(kept, String(at));
  }

  player.addEventListener("timeupdate", show);
  player.addEventListener("seeking", show);
  // While it plays, the line moves with each frame that is drawn.
  const glide = () => {
    show();
    if (!player.paused) requestAnimationFrame(glide);
  };
  player.addEventListener("play", glide);
  box.addEventListener("click", (event) => {
    const { left, width } = box.getBoundingClientRect();
    player.currentTime = seconds * Math.max(0, Math.min(1, (event.clientX - left) / width));
    show();
  });
  if (place) place.hidden = false;
  all("[data-set]", page).forEach((button) => {
    button.addEventListener("click", () => {
      page.querySelector(`[name=new-${button.dataset.set}]`).value = player.currentTime.toFixed(2);
    });
  });
  player.currentTime = Number(sessionStorage.getItem(kept)) || 0;
  show();
}

// ── Start ────────────────────────────────────────────────────────────────

// ── Passkeys ─────────────────────────────────────────────────────────────
// <form data-passkey="create" or "get" data-passkey-options="/…"> asks the server what to ask the authenticator, and
// sends what that says in the field "answer".

function usePasskey(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  const parsed = {
    create: (options) => PublicKeyCredential.parseCreationOptionsFromJSON(options),
    get: (options) => PublicKeyCredential.parseRequestOptionsFromJSON(options),
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const asked = await fetch(form.dataset.passkeyOptions, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Fragment": "1" },
      });
      if (asked.status === 401) {
        location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
        return;
      }
      const publicKey = parsed[form.dataset.passkey](await asked.json());
      const answer = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}

function enhance() {
  all("form[data-passkey]").forEach(usePasskey);
  all("form[data-live]").forEach(checkWhileTyping);
  all("[data-poll]").forEach(follow);
  all("form[data-upload]").forEach(showUploadProgress);
  all("[data-keys-switch]").forEach(offerKeysSwitch);
  all("[data-review]").forEach(review);
  document.querySelector("[data-error-summary]")?.focus();
}

document.addEventListener("keydown", onKey);
enhance();
