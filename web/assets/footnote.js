// Makes asking quicker: the answer is written into this page. Everything works without it.
"use strict";

(() => {
  const form = document.querySelector("[data-ask]");
  const answer = document.querySelector("[data-answer]");
  if (!form || !answer || !window.EventSource) return;
  const field = form.querySelector("textarea");
  let source = null;

  const add = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    answer.append(holder.content);
  };

  const waiting = () => answer.querySelector(".waiting");

  const stop = (note) => {
    if (source) source.close();
    source = null;
    answer.removeAttribute("aria-busy");
    const line = waiting();
    if (!line) return;
    if (note) line.textContent = note;
    else line.remove();
  };

  // The place in line is told anew each time it changes.
  const unqueue = () => answer.querySelectorAll(".queued").forEach((line) => line.remove());

  const say = (text) => {
    const dots = waiting() && waiting().querySelector(".dots");
    if (dots) dots.textContent = text;
  };

  const ask = (query) => {
    stop();
    answer.replaceChildren();
    answer.hidden = false;
    answer.setAttribute("aria-busy", "true");
    answer.setAttribute("aria-live", "polite");
    document.body.classList.add("asked");
    add('<p class="waiting"><span class="dots">Looking through the documents</span> <button type="button" class="quiet">Stop</button></p>');
    waiting().querySelector("button").addEventListener("click", () => stop("Stopped."));

    source = new EventSource("/ask/events?" + query);
    source.addEventListener("quotes", (event) => {
      add(event.data);
      const count = answer.querySelectorAll(".quotes li").length;
      say(`Reading ${count} ${count === 1 ? "passage" : "passages"}`);
    });
    source.addEventListener("waiting", (event) => {
      unqueue();
      add(event.data);
    });
    source.addEventListener("sentence", (event) => { unqueue(); add(event.data); });
    source.addEventListener("abstained", (event) => add(event.data));
    source.addEventListener("done", (event) => { unqueue(); stop(); add(event.data); });
    source.addEventListener("failed", (event) => { stop(); add(event.data); });
    source.onerror = () => {
      // Without this the browser would ask again, and start another answer.
      if (source) stop("The connection was lost. Please ask again.");
    };
  };

  // The form at the top and, below an answer, the one that follows it up.
  document.addEventListener("submit", (event) => {
    const asked = event.target.closest("[data-ask]");
    if (!asked) return;
    event.preventDefault();
    const data = new FormData(asked);
    const question = String(data.get("q") || "").trim();
    if (!question) return;
    if (asked !== form) {
      // It is asked of the same documents as the answer before it.
      for (const [name, value] of new FormData(form)) if (name !== "q") data.append(name, value);
      field.value = question;
    }
    const query = new URLSearchParams(data).toString();
    history.pushState({ query }, "", "/ask?" + query);
    document.title = question + " \u00b7 Footnote";
    ask(query);
    scrollTo({ top: 0 });
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // Back and forward between answers: the server renders them as pages.
  window.addEventListener("popstate", () => location.reload());

  // Pointing at a footnote lights up its source.
  const light = (event, on) => {
    const mark = event.target.closest && event.target.closest(".mark");
    const item = mark && document.getElementById("source-" + mark.textContent.trim());
    if (item) item.classList.toggle("lit", on);
  };
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    answer.addEventListener(name, (event) => light(event, on));
  }
})();
