// The context tree as a treemap that is zoomed by choosing a domain. Squarified (Bruls, Huizing, van Wijk 2000).
(() => {
  const root = dataOf("tree-data");
  const section = document.getElementById("tree");
  const map = section.querySelector(".map");
  const trail = section.querySelector(".trail");
  const grown = root.t > 0;
  const sizeOf = (node) => Math.max(grown ? node.t : node.a, 0.3);

  function childrenOf(node) {
    const leaves = node.l.map(([name, apis]) => ({ n: name, t: 1, c: apis ? 1 : 0, a: apis, k: [], l: [] }));
    const hidden = node.t - leaves.length - node.k.reduce((sum, child) => sum + child.t, 0);
    const rest = hidden > 0 ? [{ n: `and ${hidden} more`, t: hidden, c: 0, a: 0, k: [], l: [] }] : [];
    return [...node.k, ...leaves, ...rest].sort((one, other) => sizeOf(other) - sizeOf(one));
  }

  function squarified(nodes, box) {
    const placed = [];
    let { x, y, w, h } = box;
    let left = nodes.reduce((sum, node) => sum + sizeOf(node), 0);
    const scale = (w * h) / left;
    let at = 0;
    while (at < nodes.length) {
      const side = Math.min(w, h);
      let row = [], area = 0, worst = Infinity;
      for (let next = at; next < nodes.length; next++) {
        const size = sizeOf(nodes[next]) * scale;
        const sizes = [...row, size], sum = area + size;
        const ratio = Math.max((side * side * Math.max(...sizes)) / (sum * sum), (sum * sum) / (side * side * Math.min(...sizes)));
        if (ratio > worst) break;
        row = sizes; area = sum; worst = ratio;
      }
      const thick = side ? area / side : 0;
      let offset = 0;
      for (const size of row) {
        const long = thick ? size / thick : 0;
        placed.push(w >= h ? { x, y: y + offset, w: thick, h: long } : { x: x + offset, y, w: long, h: thick });
        offset += long;
      }
      if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
      at += row.length;
    }
    return placed;
  }

  function described(node) {
    const covered = grown ? `${node.c.toLocaleString("en")} of ${plural(node.t, "functionality").replace("functionalitys", "functionalities")} covered, ` : "";
    return `${node.n.replaceAll("_", " ")}: ${covered}${plural(node.a, "API")}`;
  }

  function cell(node, box, path) {
    const opens = node.k.length + node.l.length > 0;
    const made = element(opens ? "button" : "div", { title: described(node) });
    if (opens) { made.type = "button"; made.onclick = () => show([...path, node]); }
    const part = grown ? node.c / Math.max(node.t, 1) : 0.3;
    Object.assign(made.style, {
      left: `${box.x}px`, top: `${box.y}px`, width: `${Math.max(box.w - 2, 1)}px`, height: `${Math.max(box.h - 2, 1)}px`,
      background: `color-mix(in oklab, var(--accent) ${Math.round(part * 70)}%, var(--card))`,
    });
    if (box.w > 34 && box.h > 17) made.append(node.n.replaceAll("_", " "));
    if (box.w > 60 && box.h > 46) made.append(element("small", { textContent: opens && grown ? `${node.c} of ${node.t}` : node.a ? plural(node.a, "API") : "" }));
    return made;
  }

  function show(path) {
    const node = path[path.length - 1];
    const nodes = childrenOf(node);
    const boxes = squarified(nodes, { x: 0, y: 0, w: map.clientWidth, h: map.clientHeight });
    map.replaceChildren(...nodes.map((child, at) => cell(child, boxes[at], path)));
    trail.replaceChildren(...path.map((step, at) => element("button", {
      type: "button", textContent: step.n.replaceAll("_", " "), disabled: at === path.length - 1, title: described(step),
      onclick: () => show(path.slice(0, at + 1)),
    })));
    trail.append(element("span", { className: "note", textContent: described(node).split(": ").slice(1).join(": "), style: "margin: 0" }));
    current = path;
  }

  let current = [root];
  if (!root.k.length && !root.l.length) hide(section);
  else {
    section.querySelector(".legend").hidden = !grown;
    new ResizeObserver(() => show(current)).observe(map);
    addEventListener("keydown", (event) => { if (event.key === "Escape" && current.length > 1) show(current.slice(0, -1)); });
  }
})();
