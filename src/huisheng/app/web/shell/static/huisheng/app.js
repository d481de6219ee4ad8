// Small conveniences; every page works without them.
document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-theme-toggle]");
  if (!toggle) return;
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch (error) { /* not kept */ }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
// A double click sends a form once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.menu[open]")) open.open = false;
  }
});
// A page that takes longer than a moment shows where its parts will stand.
const MOMENT_MS = 300;
let soon = 0;
function awaitPage() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const main = document.getElementById("main");
    if (!main || main.hasAttribute("aria-busy")) return;
    main.setAttribute("aria-busy", "true");
    main.append(document.getElementById("skeleton").content.cloneNode(true));
    document.getElementById("said").textContent = "正在打开…";
    scrollTo(0, 0);
  }, MOMENT_MS);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented) return;
  const stays = link.pathname === location.pathname && link.search === location.search;
  if (link.origin === location.origin && !stays && !link.target && !link.hasAttribute("download")) awaitPage();
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.method === "get") awaitPage();
});
// Whoever comes back, or calls it off, finds the page as it was left.
function showPage() {
  clearTimeout(soon);
  document.getElementById("main")?.removeAttribute("aria-busy");
  document.querySelector("main > .skeleton")?.remove();
}
addEventListener("pageshow", showPage);
addEventListener("keydown", (event) => { if (event.key === "Escape") showPage(); });
// Files: say which were chosen, and how much of them has gone out.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".drop input")) return;
  const files = [...event.target.files];
  const size = files.reduce((sum, file) => sum + file.size, 0) / 1048576;
  const names = files.slice(0, 3).map((file) => file.name).join("、");
  event.target.closest(".drop").querySelector(".chosen").textContent = files.length
    ? `${names}${files.length > 3 ? ` 等 ${files.length} 个` : ""}，${size.toFixed(1)} MB` : "";
});
for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    event.target.closest?.(".drop")?.classList.toggle("over", over);
  });
}
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.closest?.("[data-upload]")?.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = event.detail.loaded / event.detail.total;
});

// Any chart as a picture: the drawing with the colours it has on the page.
const PAINTED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin",
  "opacity", "font-family", "font-size", "font-weight", "text-anchor", "paint-order", "display"];
function standingAlone(svg) {
  const copy = svg.cloneNode(true);
  const drawn = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, at) => {
    const style = getComputedStyle(drawn[at]);
    for (const name of PAINTED) node.setAttribute(name, style.getPropertyValue(name));
    node.removeAttribute("class");
  });
  const box = svg.viewBox.baseVal;
  const ground = document.createElementNS(svg.namespaceURI, "rect");
  const paper = getComputedStyle(document.body).backgroundColor;
  Object.entries({ x: box.x, y: box.y, width: box.width, height: box.height, fill: paper })
    .forEach(([name, value]) => ground.setAttribute(name, value));
  copy.prepend(ground);
  copy.setAttribute("xmlns", svg.namespaceURI);
  copy.setAttribute("width", box.width);
  copy.setAttribute("height", box.height);
  return new XMLSerializer().serializeToString(copy);
}
function handOver(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
function asPicture(svg, kind) {
  const text = standingAlone(svg);
  const named = svg.querySelector(":scope > title") || svg.parentElement.querySelector("figcaption b");
  const name = (named?.textContent || svg.getAttribute("aria-label") || document.title).slice(0, 60).replace(/[\\/:*?"<>|]/g, " ");
  const drawing = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  if (kind === "svg") { handOver(drawing, `${name}.svg`); return; }
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    handOver(canvas.toDataURL("image/png"), `${name}.png`);
  };
  image.src = drawing;
}
document.querySelectorAll("figure > svg").forEach((svg) => {
  if (svg.closest("article, .points")) return;
  const bar = document.createElement("span");
  bar.className = "pictures";
  for (const kind of ["svg", "png"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linkish";
    button.textContent = kind.toUpperCase();
    button.title = `把这张图存成 ${kind.toUpperCase()}`;
    button.addEventListener("click", () => asPicture(svg, kind));
    bar.append(button);
  }
  svg.parentElement.append(bar);
});
