// Makes asking quicker: the answer is written into this page. Everything works without it.
"use strict";

(() => {
  // The menu is folded where there is no room for it.
  const wide = matchMedia("(min-width: 46rem)");
  const fold = () => {
    const menu = document.querySelector(".top nav details");
    if (!menu) return;
    menu.open = wide.matches;
    menu.dataset.folded = "";
  };
  fold();
  wide.addEventListener("change", fold);

  // Text that must be copied by hand is marked whole when it is clicked.
  document.querySelectorAll("input.link").forEach((field) => field.addEventListener("focus", () => field.select()));

  // Files are sent one by one, each with its own progress; the list of those that are read keeps itself up to date.
  const publish = document.querySelector("[data-publish]");
  if (publish) {
    const [list, jobs] = [document.querySelector("[data-sent]"), document.querySelector("[data-jobs]")];
    const input = publish.querySelector("input[type=file]");
    const send = (file) => new Promise((done) => {
      const line = document.createElement("li");
      line.textContent = `${file.name}: ${publish.dataset.sending}`;
      list.append(line);
      const form = new FormData();
      form.append("collection", publish.querySelector("[name=collection]").value);
      form.append("file", file);
      const request = new XMLHttpRequest();
      request.open("POST", "/publish");
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) line.textContent = `${file.name}: ${publish.dataset.sending} (${Math.floor((100 * event.loaded) / event.total)}%)`;
      };
      const failed = (reason) => { line.className = "wrong"; line.textContent = `${file.name}: ${reason}`; done(); };
      request.onload = () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { return failed(publish.dataset.lost); }
        if (answer.refused && answer.refused.length) return failed(answer.refused[0].reason);
        line.remove();
        done();
      };
      request.onerror = () => failed(publish.dataset.lost);
      request.send(form);
    });
    const refresh = async () => {
      const response = await fetch("/publish/jobs").catch(() => null);
      if (response && response.ok) jobs.innerHTML = await response.text();
      if (jobs.querySelector("[data-unfinished]")) setTimeout(refresh, 1000);
    };
    if (jobs.querySelector("[data-unfinished]")) setTimeout(refresh, 1000);
    publish.addEventListener("submit", async (event) => {
      event.preventDefault();
      const files = [...input.files];
      publish.reset();
      for (const file of files) { await send(file); refresh(); }
    });
    for (const name of ["dragover", "drop"]) {
      document.addEventListener(name, (event) => {
        if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        if (name === "drop") { input.files = event.dataTransfer.files; publish.requestSubmit(); }
      });
    }
  }

  // A footnote opens its document beside the answer, where there is room; elsewhere, and with a key held, it is a link like any other.
  const roomy = window.matchMedia("(min-width: 64rem)");
  let beside = null;
  let opener = null;
  let asked = 0;
  const closeBeside = () => {
    if (!beside) return;
    beside.remove();
    beside = null;
    document.body.classList.remove("has-beside");
    if (opener && opener.isConnected) opener.focus();
  };
  const openBeside = async (address) => {
    const nth = ++asked;
    const response = await fetch(address).catch(() => null);
    const text = response && response.ok && !response.redirected ? await response.text() : null;
    // Of two that were opened quickly the last counts.
    if (nth !== asked) return;
    if (text === null) { location.href = address; return; }
    const page = new DOMParser().parseFromString(text, "text/html");
    const content = page.querySelector("main");
    if (!content) { location.href = address; return; }
    content.querySelectorAll(".crumb, .danger, .jump").forEach((part) => part.remove());
    if (!beside) {
      beside = document.createElement("aside");
      beside.className = "beside-answer reading";
      beside.tabIndex = -1;
      document.body.append(beside);
      document.body.classList.add("has-beside");
    }
    beside.setAttribute("aria-label", (content.querySelector("h1") || { textContent: "" }).textContent);
    const bar = document.createElement("p");
    bar.className = "bar";
    const alone = document.createElement("a");
    alone.href = address;
    alone.textContent = document.body.dataset.alone;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "plain";
    close.textContent = document.body.dataset.close;
    close.addEventListener("click", closeBeside);
    bar.append(alone, close);
    beside.replaceChildren(bar, ...content.childNodes);
    beside.focus({ preventScroll: true });
    const passage = beside.querySelector("#passage");
    if (passage) passage.scrollIntoView({ block: "center" });
    else beside.scrollTop = 0;
  };
  const isDocument = (address) => /^\/documents\/[^/]+$/.test(new URL(address, location.href).pathname);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const within = beside && beside.contains(link);
    const isSource = link.matches(".quotes a.source, a.mark, .conflict a");
    if (!roomy.matches || !(isSource || (within && !link.closest(".bar"))) || !isDocument(link.href)) return;
    event.preventDefault();
    if (!within) opener = link;
    openBeside(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!beside || !beside.contains(form) || form.method !== "get" || !isDocument(form.action)) return;
    event.preventDefault();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    openBeside(address.href);
  });
  document.addEventListener("keydown", (event) => {
    const writes = event.target.matches && event.target.matches("input, textarea, select");
    if (event.key === "Escape" && !event.isComposing && !writes) closeBeside();
  });

  const thread = document.querySelector("[data-thread]");
  if (!thread) return;

  // Copies an answer with its sources, as plain text.
  const copied = (exchange) => {
    const lines = [exchange.querySelector(".question").textContent, ""];
    for (const sentence of exchange.querySelectorAll(".sentence")) {
      const copy = sentence.cloneNode(true);
      copy.querySelectorAll("sup").forEach((mark) => mark.replaceWith(` [${mark.textContent.trim()}]`));
      lines.push(copy.textContent.trim());
    }
    for (const item of exchange.querySelectorAll(".quotes li")) {
      // A sentence or a list over two pages has two.
      const sources = [...item.querySelectorAll("a.source")];
      const quote = [...item.querySelectorAll("blockquote p")].map((line) => line.textContent.trim()).join("\n");
      const head = (source) => {
        const text = (css) => (source.querySelector(css) || { textContent: "" }).textContent.trim();
        return `[${text(".n")}] ${text(".name")}${text(".place") ? ", " + text(".place") : ""}`;
      };
      lines.push("", ...sources.map(head), quote, ...sources.map((source) => source.href));
    }
    return lines.join("\n");
  };

  const showTools = (root) => {
    if (!navigator.clipboard) return;
    root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  };
  showTools(document);

  const form = document.querySelector("[data-ask]");
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    navigator.clipboard.writeText(copied(button.closest(".exchange"))).then(() => { button.textContent = form ? form.dataset.copied : "\u2713"; });
  });

  // Pointing at a footnote lights up its source.
  const light = (event, on) => {
    const mark = event.target.closest && event.target.closest(".mark");
    const source = mark && document.getElementById(mark.dataset.source);
    if (source) source.closest("li").classList.toggle("lit", on);
  };
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    thread.addEventListener(name, (event) => light(event, on));
  }

  if (!form || !window.EventSource) return;
  const field = form.querySelector("textarea");
  let source = null;
  let answer = null;

  const add = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    answer.append(holder.content);
  };

  const waiting = () => answer && answer.querySelector(".waiting");

  const stop = (note) => {
    if (source) source.close();
    source = null;
    if (!answer) return;
    answer.removeAttribute("aria-busy");
    const line = waiting();
    if (!line) return;
    if (note) line.textContent = note;
    else line.remove();
  };

  // The place in line is told anew each time it changes.
  const unqueue = () => answer.querySelectorAll(".queued").forEach((line) => line.remove());

  const begin = (question) => {
    stop();
    const exchange = document.createElement("section");
    exchange.className = "exchange";
    const heading = document.createElement("h2");
    heading.className = "question";
    heading.textContent = question;
    answer = document.createElement("div");
    answer.className = "answer";
    answer.setAttribute("aria-busy", "true");
    answer.setAttribute("aria-live", "polite");
    exchange.append(heading, answer);
    thread.append(exchange);
    document.body.classList.add("asked");
    const line = document.createElement("p");
    line.className = "waiting";
    const dots = document.createElement("span");
    dots.className = "dots";
    dots.textContent = form.dataset.looking;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = form.dataset.stop;
    button.addEventListener("click", () => stop(form.dataset.stopped));
    line.append(dots, " ", button);
    answer.append(line);
    exchange.scrollIntoView({ block: "start" });
  };

  const listen = (conversation) => {
    source = new EventSource(`/conversations/${conversation}/events`);
    source.addEventListener("quotes", (event) => {
      add(event.data);
      const dots = waiting() && waiting().querySelector(".dots");
      if (dots) dots.textContent = form.dataset.reading;
    });
    source.addEventListener("waiting", (event) => { unqueue(); add(event.data); });
    source.addEventListener("sentence", (event) => { unqueue(); add(event.data); });
    source.addEventListener("abstained", (event) => add(event.data));
    source.addEventListener("done", (event) => { unqueue(); stop(); add(event.data); showTools(answer); });
    source.addEventListener("failed", (event) => { stop(); add(event.data); });
    source.onerror = () => {
      // Without this the browser would ask again.
      if (source) stop(form.dataset.lost);
    };
  };

  const ask = async (data) => {
    const question = String(data.get("q") || "").trim();
    if (!question) return;
    begin(question);
    let response = null;
    try {
      response = await fetch("/ask", { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" } });
    } catch {
      stop(form.dataset.lost);
      return;
    }
    if (!response.ok) {
      // The page that says what is wrong.
      document.documentElement.innerHTML = await response.text();
      fold();
      return;
    }
    const { conversation } = await response.json();
    let hidden = form.querySelector("[name=conversation]");
    if (!hidden) {
      hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = "conversation";
      form.append(hidden);
    }
    hidden.value = conversation;
    history.pushState({}, "", `/conversations/${conversation}`);
    document.title = `${question} \u00b7 Footnote`;
    field.value = "";
    listen(conversation);
  };

  document.addEventListener("submit", (event) => {
    const asked = event.target.closest("[data-ask], [data-again]");
    if (!asked) return;
    event.preventDefault();
    ask(new FormData(asked));
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // Back and forward between conversations: the server renders them as pages.
  window.addEventListener("popstate", () => location.reload());
})();
