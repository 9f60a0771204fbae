// The sample browser: search and filters over the dialogs that travel with the page.
(() => {
  const samples = dataOf("samples-data");
  const section = document.getElementById("samples");
  const form = section.querySelector("form");
  const list = section.querySelector(".list");
  const shown = section.querySelector(".dialog");
  const texts = new Map();
  let current = null;

  const labelsOf = (sample) => [...sample.findings.map((finding) => finding.check), ...sample.situations];
  const verdictOf = (sample) => (sample.accepted ? "accepted" : "rejected");
  const textOf = (sample) => {
    if (!texts.has(sample)) texts.set(sample, JSON.stringify(sample).toLowerCase());
    return texts.get(sample);
  };

  function fill(select, all, values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    select.append(element("option", { value: "", textContent: all }));
    for (const [value, count] of [...counts].sort()) select.append(element("option", { value, textContent: `${value} (${count})` }));
    select.hidden = counts.size < 2;
  }

  function firstWords(sample) {
    return sample.messages.find((message) => message.role === "user")?.content ?? "(no user message)";
  }

  function item(sample) {
    const button = element("button", { type: "button", onclick: () => show(sample) },
      element("b", { textContent: firstWords(sample).slice(0, 120) }),
      element("small", {}, `${sample.kind} · `, element("span", { className: verdictOf(sample), textContent: verdictOf(sample) }), ` · ${sample.id}`));
    button.sample = sample;
    return element("li", {}, button);
  }

  function message(one, at, places) {
    const body = element("div");
    if (one.thought) body.append(element("details", {}, element("summary", { textContent: "thinking" }), element("pre", { textContent: one.thought })));
    if (one.content) body.append(element("p", { textContent: one.content }));
    for (const call of one.calls ?? []) body.append(element("code", { textContent: `${call.name}(${JSON.stringify(call.arguments, null, 1).replaceAll(/\n\s*/g, " ")})` }));
    const found = places.some((place) => place === `/messages/${at}` || place.startsWith(`/messages/${at}/`));
    return element("div", { className: `message ${one.role}${found ? " found" : ""}` }, element("span", { textContent: one.role }), body);
  }

  function tools(sample) {
    const listed = sample.tools.map((tool) => element("details", {},
      element("summary", { textContent: `${tool.name}: ${tool.description}` }), element("pre", { textContent: JSON.stringify(tool.parameters, null, 2) })));
    return element("details", {}, element("summary", { textContent: plural(sample.tools.length, "candidate tool") }), ...listed);
  }

  function show(sample) {
    current = sample;
    const places = sample.findings.map((finding) => finding.where);
    const facts = [sample.kind, ...sample.situations, verdictOf(sample)];
    if (sample.complexity !== null) facts.push(`complexity ${sample.complexity}`);
    const findings = sample.findings.map((one) => element("li", { textContent: `${one.check} (${one.severity}${one.blame ? `, ${one.blame}` : ""}) ${one.where}: ${one.message}` }));
    shown.replaceChildren(
      element("h3", { textContent: sample.id }), element("p", { className: "note", textContent: facts.join(" · ") }),
      findings.length ? element("ul", { className: "findings" }, ...findings) : "", tools(sample),
      ...sample.messages.map((one, at) => message(one, at, places)));
    shown.scrollTop = 0;
    for (const button of list.querySelectorAll("button")) button.toggleAttribute("aria-current", button.sample === sample);
  }

  function filter() {
    const words = form.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const { kind, verdict, check } = form.elements;
    const found = samples.filter((sample) =>
      (!kind.value || sample.kind === kind.value) && (!verdict.value || verdictOf(sample) === verdict.value)
      && (!check.value || labelsOf(sample).includes(check.value)) && words.every((word) => textOf(sample).includes(word)));
    list.replaceChildren(...found.map(item));
    form.querySelector("output").textContent = `${found.length} of ${plural(samples.length, "sample")}`;
    if (found.length) show(found.includes(current) ? current : found[0]);
    else shown.replaceChildren(element("p", { className: "note", textContent: "No sample holds all of that; use fewer words or filters." }));
  }

  fill(form.elements.kind, "every kind", samples.map((sample) => sample.kind));
  fill(form.elements.verdict, "every verdict", samples.map(verdictOf));
  fill(form.elements.check, "every check and situation", samples.flatMap((sample) => [...new Set(labelsOf(sample))]));
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  if (samples.length) filter();
  else hide(section);
})();
