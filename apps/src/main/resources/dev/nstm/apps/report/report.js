"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const ratio = Math.min(2, window.devicePixelRatio || 1);
function bytes(text) { const s = atob(text), a = new Uint8Array(s.length); for (let i = 0; i < s.length; i++) a[i] = s.charCodeAt(i); return a; }
function lut(stops) {
  const table = new Uint8Array(768);
  for (let i = 0; i < 256; i++) {
    const at = i / 255 * (stops.length - 1), k = Math.min(stops.length - 2, Math.floor(at)), f = at - k;
    for (let c = 0; c < 3; c++) table[3 * i + c] = Math.round(stops[k][c] * (1 - f) + stops[k + 1][c] * f);
  }
  return table;
}
const MAPS = {
  grey: lut([[0, 0, 0], [255, 255, 255]]),
  magma: lut([[0, 0, 4], [24, 15, 62], [69, 16, 119], [114, 31, 129], [159, 47, 127], [205, 64, 113], [241, 96, 93], [253, 149, 103], [254, 202, 141], [252, 253, 191]]),
  viridis: lut([[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37]]),
  // 16 hues from blue (low planes) to red (high planes), 16 brightnesses each.
  depth: (() => { const t = new Uint8Array(768); for (let i = 0; i < 256; i++) { const k = (15 - (i >> 4)) / 15 * 240 / 60, v = (i & 15) / 15, x = 1 - Math.abs(k % 2 - 1), c = [[1, x, 0], [x, 1, 0], [0, 1, x], [0, x, 1], [x, 0, 1]][Math.floor(k)]; for (let j = 0; j < 3; j++) t[3 * i + j] = Math.round(255 * v * (0.15 + 0.85 * c[j])); } return t; })(),
  balance: lut([[23, 60, 130], [80, 140, 200], [170, 205, 230], [245, 245, 245], [240, 190, 160], [205, 100, 80], [130, 20, 35]])
};
const HUES = (() => { const t = new Uint8Array(768); for (let i = 0; i < 256; i++) t.set(MAPS.depth.subarray(3 * ((i & 240) + 15), 3 * ((i & 240) + 16)), 3 * i); return t; })();
function samples(stack) { return stack.map === "rgb" ? 3 : 1; }
// lo and hi: the part of the stored shades that is spread over all colours.
function picture(stack, index, width, height, map, lo = 0, hi = 255) {
  const c = document.createElement("canvas"); c.width = width; c.height = height;
  const g = c.getContext("2d"), image = g.createImageData(width, height), table = MAPS[map], first = index * width * height * samples(stack);
  const spread = new Uint8ClampedArray(256);
  for (let v = 0; v < 256; v++) spread[v] = 255 * (v - lo) / Math.max(1, hi - lo);
  if (map === "rgb") for (let i = 0; i < width * height; i++) for (let k = 0; k < 4; k++) image.data[4 * i + k] = k < 3 ? spread[stack.data[first + 3 * i + k]] : 255;
  else for (let i = 0; i < width * height; i++) {
    const v = 3 * spread[stack.data[first + i]];
    image.data[4 * i] = table[v]; image.data[4 * i + 1] = table[v + 1]; image.data[4 * i + 2] = table[v + 2]; image.data[4 * i + 3] = 255;
  }
  g.putImageData(image, 0, 0);
  return c;
}
function number(v) { if (v === 0) return "0"; const a = Math.abs(v); return a >= 1000 || a < 0.001 ? v.toExponential(1) : v.toPrecision(a < 1 ? 2 : 3).replace(/\.?0+$/, m => m.includes(".") ? "" : m); }
for (const s of [...D.views, ...(D.raw ? [D.raw] : []), ...(D.transfer ? [D.transfer] : []), ...(D.remainder ? [D.remainder] : [])]) s.data = bytes(s.pixels);
const zoom = { scale: 1, x: 0, y: 0 };
let now = 0, playing = false, plane = 0, blinking = false, wipe = 0.5;
const planes = Math.max(1, D.planes.length), coloured = D.planes.indexOf("depth-coloured projection");
function nearest(times) { let best = 0; times.forEach((t, i) => { if (Math.abs(t - D.times[now]) < Math.abs(times[best] - D.times[now])) best = i; }); return best; }
// A stack has one moment, those of the movie, or moments of its own.
function frameOf(stack) { return (stack.frames === planes ? 0 : stack.times ? nearest(stack.times) : now) * planes + plane; }
function mapOf(stack) { return plane === coloured ? "depth" : stack.map; }
function figure(parent, title, className, aspect) {
  const f = document.createElement("figure"), cap = document.createElement("figcaption"), b = document.createElement("b"), s = document.createElement("span"), c = document.createElement("canvas");
  b.textContent = title; c.className = className; cap.append(b, s); f.append(cap, c); parent.append(f);
  return { figure: f, canvas: c, title: b, note: s, aspect };
}
// Colour map, darkest and brightest shade, and the panel as a PNG.
function tools(view) {
  const bar = document.createElement("div"), s = view.stack; bar.className = "tools"; view.figure.append(bar);
  const add = (text, input) => { const l = document.createElement("label"); l.append(text, input); bar.append(l); return input; };
  if (s.map !== "rgb") {
    const maps = add("colours", document.createElement("select"));
    for (const name of ["grey", "viridis", "magma", "balance"]) maps.add(new Option(name, name, name === s.map, name === s.map));
    maps.addEventListener("change", () => { s.map = maps.value; drawViews(); });
    view.maps = maps;
  }
  view.sliders = ["dark", "bright"].map((name, end) => {
    const slider = document.createElement("input"); Object.assign(slider, { type: "range", min: 0, max: 255, value: 255 * end, title: `${name}est shade` });
    slider.addEventListener("input", () => { if (end) s.hi = Math.max(s.lo + 1, +slider.value); else s.lo = Math.min(s.hi - 1, +slider.value); slider.value = end ? s.hi : s.lo; drawViews(); });
    return add(name, slider);
  });
  const save = document.createElement("button"); save.textContent = "Save PNG";
  save.addEventListener("click", () => savePng(view)); bar.append(save);
}
function stamp() { return D.times.length === 1 ? "" : timeText(D.times[now]); }
function savePng(view) {
  const c = document.createElement("canvas"), g = c.getContext("2d"), head = Math.round(26 * ratio); c.width = view.canvas.width; c.height = view.canvas.height + head;
  g.fillStyle = "#10151c"; g.fillRect(0, 0, c.width, c.height); g.drawImage(view.canvas, 0, head);
  g.fillStyle = "white"; g.font = `600 ${13 * ratio}px system-ui, sans-serif`; g.textBaseline = "middle"; g.fillText(view.title.textContent, 10 * ratio, head / 2);
  g.textAlign = "right"; g.fillText(stamp(), c.width - 10 * ratio, head / 2);
  c.toBlob(blob => { const a = document.createElement("a"); a.href = URL.createObjectURL(blob); a.download = view.title.textContent.replace(/ *\u00b7.*/, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") + ".png"; a.click(); setTimeout(() => URL.revokeObjectURL(a.href), 1000); });
}
function fit(f, extra) {
  const w = Math.max(60, Math.round(f.canvas.clientWidth * ratio)), bar = extra ? Math.round(70 * ratio) : 0;
  const h = Math.round((w - bar) * f.aspect);
  if (f.canvas.width !== w || f.canvas.height !== h) { f.canvas.width = w; f.canvas.height = h; f.canvas.style.height = h / ratio + "px"; }
  return { g: f.canvas.getContext("2d"), w: w - bar, h, bar };
}
function colourBar(g, x, h, bar, map, min, max, unit) {
  const table = map === "hues" ? HUES : MAPS[map], top = (unit ? 30 : 14) * ratio, bottom = h - 14 * ratio, wide = 12 * ratio, ticks = h > 150 * ratio ? 4 : 2;
  for (let y = top; y < bottom; y++) {
    const v = 3 * Math.round(255 * (bottom - y) / (bottom - top));
    g.fillStyle = `rgb(${table[v]},${table[v + 1]},${table[v + 2]})`; g.fillRect(x + 8 * ratio, y, wide, 1);
  }
  g.fillStyle = "#e8edf2"; g.font = `${11 * ratio}px system-ui, sans-serif`; g.textAlign = "left"; g.textBaseline = "middle";
  for (let k = 0; k <= ticks; k++) {
    const y = bottom - (bottom - top) * k / ticks;
    g.fillText(number(min + (max - min) * k / ticks), x + 8 * ratio + wide + 4 * ratio, y);
  }
  g.textBaseline = "alphabetic"; g.fillText(unit, x + 8 * ratio, 15 * ratio);
}
function scaleBar(g, w, h) {
  const field = D.width * D.pixelSize / zoom.scale, target = field / 5, power = 10 ** Math.floor(Math.log10(target));
  const length = [5, 2, 1].map(k => k * power).find(v => v <= target) || power, px = length / field * w, x = 12 * ratio, y = h - 12 * ratio;
  g.fillStyle = "rgba(0,0,0,.45)"; g.fillRect(x - 6 * ratio, y - 22 * ratio, px + 12 * ratio, 30 * ratio);
  g.fillStyle = "white"; g.fillRect(x, y - 3 * ratio, px, 3 * ratio);
  g.font = `600 ${12 * ratio}px system-ui, sans-serif`; g.textAlign = "left"; g.textBaseline = "alphabetic"; g.fillText(`${number(length)} ${D.lengthUnit}`, x, y - 7 * ratio);
}
function hue(dy, dx, largest) {
  const size = Math.min(1, Math.hypot(dy, dx) / (largest || 1)), angle = (Math.atan2(dy, dx) * 180 / Math.PI + 360) % 360;
  return `hsla(${angle},90%,55%,${0.55 * size})`;
}
// Two digits, and no minus before a zero.
function fixed(value) { return (Math.abs(value) < 0.005 ? 0 : value).toFixed(2); }
// In the unit of the data where that is known.
function timeText(t) {
  const C = D.clock; if (!C) return `t = ${fixed(t)}`;
  // As many digits as tell neighbouring frames apart.
  const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10(Math.max(1e-3, Math.abs(C.last - C.first) / D.times.length)))));
  return `${(C.first + (C.last - C.first) * (t + 1) / 2).toFixed(digits)} ${C.unit}`.trim();
}
function drawWheel() {
  const c = $("wheel"), size = Math.round(64 * ratio), g = c.getContext("2d");
  c.hidden = !D.motion.rows || $("overlay").value !== "colour"; c.width = c.height = size; c.style.width = c.style.height = "64px";
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    const dy = 2 * y / size - 1, dx = 2 * x / size - 1; if (Math.hypot(dy, dx) > 1) continue;
    g.fillStyle = "#10151c"; g.fillRect(x, y, 1, 1); g.fillStyle = hue(dy, dx, 1); g.fillRect(x, y, 1, 1);
  }
}
function motionOverlay(g, w, h) {
  const m = D.motion; if (!m.rows || $("overlay").value === "none") return;
  const cell = m.step * w / D.width * zoom.scale, span = m.largest || 1;
  for (let r = 0; r < m.rows; r++) for (let c = 0; c < m.columns; c++) {
    const at = ((now * m.rows + r) * m.columns + c) * 2, dy = m.values[at], dx = m.values[at + 1];
    g.globalAlpha = m.certainty[r * m.columns + c];
    const x = ((c + 0.5) * m.step - zoom.x) * w / D.width * zoom.scale, y = ((r + 0.5) * m.step - zoom.y) * w / D.width * zoom.scale;
    if ($("overlay").value === "colour") { const left = Math.round(x - cell / 2), upper = Math.round(y - cell / 2); g.fillStyle = hue(dy, dx, span); g.fillRect(left, upper, Math.round(x + cell / 2) - left, Math.round(y + cell / 2) - upper); continue; }
    const k = 0.95 * cell / span, ex = x + dx * k, ey = y + dy * k, angle = Math.atan2(ey - y, ex - x), head = Math.min(5 * ratio, 0.45 * Math.hypot(ex - x, ey - y));
    g.strokeStyle = "rgba(0,0,0,.55)"; g.lineWidth = 3.2 * ratio; line(); g.strokeStyle = "#ffd43b"; g.lineWidth = 1.5 * ratio; line();
    function line() {
      g.beginPath(); g.moveTo(x, y); g.lineTo(ex, ey);
      g.moveTo(ex, ey); g.lineTo(ex - head * Math.cos(angle - 0.5), ey - head * Math.sin(angle - 0.5));
      g.moveTo(ex, ey); g.lineTo(ex - head * Math.cos(angle + 0.5), ey - head * Math.sin(angle + 0.5)); g.stroke();
    }
  }
  g.globalAlpha = 1;
}
const cache = new Map();
function cached(key, make) { if (!cache.has(key)) { if (cache.size > 240) cache.clear(); cache.set(key, make()); } return cache.get(key); }
const views = D.views.map((v, index) => Object.assign(figure($("views"), v.title, "view", D.height / D.width), { stack: Object.assign(v, { index, lo: 0, hi: 255, ownMap: v.map }) }));
views.forEach(tools);
// A row for each group; a single group with many panels has two in a row, or three with the truth.
const groups = new Set(views.map(v => v.stack.group)).size;
$("views").style.setProperty("--columns", groups > 1 ? Math.max(2, views.length / groups) : views.some(v => v.stack.role === "truth") ? 3 : 2);
// What a model's picture is blinked with or wiped against.
for (const v of views) v.partner = v.stack.role === "model" ? views.find(o => o.stack.group === v.stack.group && o.stack.role === "conventional") : undefined;
const raws = (D.raw ? D.raw.titles : []).map(title => figure($("raw"), title, "", D.raw.height / D.raw.width));
const transfers = (D.transfer ? D.transfer.titles : []).map(title => figure($("transfer"), title, "", D.transfer.height / D.transfer.width));
const remainders = Array.from({ length: D.remainder ? D.remainder.frames : 0 }, (_, i) => figure($("remainder"), `shot ${i + 1}`, "", D.remainder.height / D.remainder.width));
function drawViews() {
  for (const v of views) {
    const { g, w, h, bar } = fit(v, v.stack.map !== "rgb");
    g.fillStyle = "#10151c"; g.fillRect(0, 0, w + bar, h);
    const mode = v.partner ? $("compare").value : "beside", other = mode === "blink" && blinking ? v.partner : v, s = other.stack;
    g.save(); g.beginPath(); g.rect(0, 0, w, h); g.clip();
    g.imageSmoothingEnabled = zoom.scale < 4;
    drawStack(g, s, w, h);
    if (mode === "wipe") {
      const at = Math.round(wipe * w);
      g.save(); g.beginPath(); g.rect(0, 0, at, h); g.clip(); drawStack(g, v.partner.stack, w, h); g.restore();
      g.fillStyle = "#ffd43b"; g.fillRect(at - ratio, 0, 2 * ratio, h); g.font = `600 ${12 * ratio}px system-ui, sans-serif`; g.textBaseline = "top";
      g.textAlign = "right"; shadowed(g, "conventional", at - 8 * ratio, 8 * ratio); g.textAlign = "left"; shadowed(g, "model", at + 8 * ratio, 8 * ratio);
    }
    v.title.textContent = other.stack.title + rating(other.stack);
    if (s.moving) motionOverlay(g, w, h);
    dimMargin(g, w, h); scaleBar(g, w, h); g.restore();
    if (plane === coloured) colourBar(g, w, h, bar, "hues", 1, planes - 2, "plane");
    else if (s.map !== "rgb") colourBar(g, w, h, bar, s.map, shade(s, s.lo), shade(s, s.hi), s.unit);
  }
  $("time").textContent = `${timeText(D.times[now])} of ${timeText(D.times[0]).replace("t = ", "")} to ${timeText(D.times[D.times.length - 1]).replace("t = ", "")}`;
  const shot = nearest(D.shotTimes);
  if (D.raw && D.raw.timed) raws.forEach((r, i) => r.canvas.classList.toggle("now", i === shot));
}
function shade(stack, v) { return stack.min + (stack.max - stack.min) * v / 255; }
function shadowed(g, text, x, y) { g.fillStyle = "black"; g.fillText(text, x + ratio, y + ratio); g.fillStyle = "white"; g.fillText(text, x, y); }
function drawStack(g, s, w, h) {
  const frame = frameOf(s), map = mapOf(s), lo = plane === coloured ? 0 : s.lo, hi = plane === coloured ? 255 : s.hi;
  g.drawImage(cached([s.index, frame, map, lo, hi].join(), () => picture(s, frame, D.width, D.height, map, lo, hi)), zoom.x, zoom.y, D.width / zoom.scale, D.height / zoom.scale, 0, 0, w, h);
}
// How near to the truth, at the shot nearest in time or at the frame.
function rating(stack) {
  if (!stack.psnr) return "";
  const i = stack.ratedShots ? nearest(D.shotTimes) : now, decibels = stack.psnr[i];
  return `  \u00b7  PSNR ${decibels === null ? "not defined" : decibels.toFixed(1) + " dB"}` + (stack.ratedShots ? ` at shot ${i + 1}` : "");
}
function dimMargin(g, w, h) {
  const m = D.margin; if (!m) return;
  const X = x => (x - zoom.x) * w / D.width * zoom.scale, Y = y => (y - zoom.y) * w / D.width * zoom.scale, l = X(m), r = X(D.width - m), t = Y(m), b = Y(D.height - m);
  g.fillStyle = "rgba(16,21,28,.5)"; g.beginPath(); g.rect(X(0), Y(0), X(D.width) - X(0), Y(D.height) - Y(0)); g.rect(l, t, r - l, b - t); g.fill("evenodd");
}
function drawOnce() {
  raws.forEach((r, i) => { const { g, w, h, bar } = fit(r, D.raw.timed); g.fillStyle = "#10151c"; g.fillRect(0, 0, w + bar, h);
    g.drawImage(picture(D.raw, i, D.raw.width, D.raw.height, D.raw.map), 0, 0, w, h); if (!D.raw.timed) return;
    r.note.textContent = timeText(D.shotTimes[i]); colourBar(g, w, h, bar, D.raw.map, D.raw.min, D.raw.max, D.raw.unit); });
  remainders.forEach((r, i) => { const { g, w, h, bar } = fit(r, true), R = D.remainder; g.fillStyle = "#10151c"; g.fillRect(0, 0, w + bar, h);
    g.drawImage(picture(R, i, R.width, R.height, R.map), 0, 0, w, h); colourBar(g, w, h, bar, R.map, R.min, R.max, R.unit); });
  transfers.forEach((f, i) => { const { g, w, h, bar } = fit(f, true), T = D.transfer, scale = T.scales[i]; g.fillStyle = "#10151c"; g.fillRect(0, 0, w + bar, h);
    g.drawImage(picture(T, i, T.width, T.height, T.map), 0, 0, w, h); f.note.textContent = `\u00b1${number(T.limit)} /${D.lengthUnit}`; colourBar(g, w, h, bar, T.map, scale.min, scale.max, scale.unit); });
  drawLoss();
}
function drawLoss() {
  const c = $("loss"), w = c.width = Math.round(c.clientWidth * ratio), h = c.height = Math.round(260 * ratio), g = c.getContext("2d"), L = D.losses;
  c.style.height = "260px";
  const left = 70 * ratio, bottom = h - 42 * ratio, top = 14 * ratio, right = w - 20 * ratio, logs = L.map(v => Math.log10(Math.max(v, 1e-30)));
  const lo = Math.floor(Math.min(...logs)), hi = Math.max(lo + 1, Math.ceil(Math.max(...logs))), X = i => left + (right - left) * (L.length > 1 ? i / (L.length - 1) : 0.5), Y = v => bottom - (bottom - top) * (v - lo) / (hi - lo);
  g.font = `${12 * ratio}px system-ui, sans-serif`; g.fillStyle = "#5d6b7c"; g.strokeStyle = "#e3e8ee"; g.lineWidth = ratio;
  for (let e = lo; e <= hi; e++) { g.beginPath(); g.moveTo(left, Y(e)); g.lineTo(right, Y(e)); g.stroke(); g.textAlign = "right"; g.textBaseline = "middle"; g.fillText(`1e${e}`, left - 8 * ratio, Y(e)); }
  g.textAlign = "center"; g.textBaseline = "top";
  for (let k = 0; k <= 5; k++) { const i = Math.round((L.length - 1) * k / 5); g.fillText(String(i + 1), X(i), bottom + 6 * ratio); }
  g.fillText("epoch", (left + right) / 2, bottom + 23 * ratio);
  g.save(); g.translate(14 * ratio, (top + bottom) / 2); g.rotate(-Math.PI / 2); g.fillText("loss", 0, 0); g.restore();
  g.strokeStyle = "#0b7285"; g.lineWidth = 1.6 * ratio; g.beginPath(); logs.forEach((v, i) => i ? g.lineTo(X(i), Y(v)) : g.moveTo(X(i), Y(v))); g.stroke();
}
function show(index) { now = Math.max(0, Math.min(D.times.length - 1, index)); $("slider").value = now; drawViews(); }
$("slider").max = D.times.length - 1;
$("slider").addEventListener("input", e => show(+e.target.value));
$("overlay").addEventListener("change", () => { drawViews(); drawWheel(); });
$("overlaylabel").hidden = !D.motion.rows;
if (D.times.length === 1) for (const name of ["play", "slider", "time", "timehint"]) $(name).hidden = true;
D.planes.forEach((name, i) => $("plane").add(new Option(name, i)));
$("planelabel").hidden = planes < 2;
$("plane").addEventListener("change", e => { plane = +e.target.value; drawViews(); });
$("comparelabel").hidden = !views.some(v => v.partner);
$("compare").addEventListener("change", drawViews);
setInterval(() => { if ($("compare").value !== "blink") return; blinking = !blinking; drawViews(); }, 700);
$("reset").addEventListener("click", () => {
  Object.assign(zoom, { scale: 1, x: 0, y: 0 });
  for (const v of views) { Object.assign(v.stack, { lo: 0, hi: 255, map: v.stack.ownMap }); v.sliders.forEach((slider, end) => { slider.value = 255 * end; }); if (v.maps) v.maps.value = v.stack.ownMap; }
  drawViews();
});
$("play").addEventListener("click", () => { playing = !playing; $("play").textContent = playing ? "Pause" : "Play"; });
setInterval(() => { if (playing) show((now + 1) % D.times.length); }, 90);
document.addEventListener("keydown", e => {
  if (e.target.tagName === "SELECT" || e.target.type === "range" && e.target.id !== "slider") return;
  if (e.key === "ArrowRight") { show(now + 1); e.preventDefault(); }
  if (e.key === "ArrowLeft") { show(now - 1); e.preventDefault(); }
  if (e.key === " " && e.target.tagName !== "BUTTON" && D.times.length > 1) { $("play").click(); e.preventDefault(); }
});
function clampZoom() {
  zoom.scale = Math.max(1, Math.min(40, zoom.scale));
  zoom.x = Math.max(0, Math.min(D.width * (1 - 1 / zoom.scale), zoom.x)); zoom.y = Math.max(0, Math.min(D.height * (1 - 1 / zoom.scale), zoom.y));
}
for (const v of views) {
  const c = v.canvas; let drag = null;
  const at = e => { const b = c.getBoundingClientRect(), w = b.width - (v.stack.map === "rgb" ? 0 : 70); return { x: (e.clientX - b.left) / w * D.width / zoom.scale, y: (e.clientY - b.top) / w * D.width / zoom.scale }; };
  c.addEventListener("wheel", e => { if (!e.ctrlKey && !e.metaKey) return; e.preventDefault(); const p = at(e), f = Math.exp(-e.deltaY / 400), old = zoom.scale; zoom.scale = Math.max(1, Math.min(40, old * f)); zoom.x += p.x * (1 - old / zoom.scale); zoom.y += p.y * (1 - old / zoom.scale); clampZoom(); drawViews(); }, { passive: false });
  c.addEventListener("pointerdown", e => { drag = at(e); c.setPointerCapture(e.pointerId); });
  c.addEventListener("pointerup", () => { drag = null; });
  c.addEventListener("pointermove", e => {
    const p = at(e);
    if (drag) { zoom.x += drag.x - p.x; zoom.y += drag.y - p.y; clampZoom(); drag = at(e); drawViews(); return; }
    if (v.partner && $("compare").value === "wipe") { wipe = Math.max(0, Math.min(1, (p.x * zoom.scale) / D.width)); drawViews(); }
    const x = Math.floor(zoom.x + p.x), y = Math.floor(zoom.y + p.y);
    for (const o of views) {
      if (x < 0 || y < 0 || x >= D.width || y >= D.height) { o.note.textContent = ""; continue; }
      const s = o.stack, n = samples(s), first = n * ((plane === coloured ? frameOf(s) - 1 : frameOf(s)) * D.width * D.height + y * D.width + x);
      const values = Array.from({ length: n }, (_, k) => number(shade(s, s.data[first + k])));
      o.note.textContent = `(${y}, ${x})  ${values.join(" ")} ${s.unit}`;
    }
  });
}
$("specimen").textContent = D.motion.rows ? "Moving specimen" : "Specimen";
$("shots").textContent = D.shotTimes.length === 1 ? "one shot" : `${D.shotTimes.length} shots`;
$("summary").textContent = D.summary;
$("marginhint").textContent = D.margin ? `Dimmed: the ${D.margin} pixels at the borders that are not compared with the shots.` : "";
$("truthsection").hidden = !D.truth;
function fill(table, { headings, rows }) { for (const [r, row] of [headings, ...rows].entries()) { const tr = table.insertRow(); for (const cell of row) { const td = document.createElement(r ? "td" : "th"); td.textContent = cell; tr.append(td); } } }
if (D.truth) fill($("truth"), D.truth);
$("remaindersection").hidden = !D.remainder;
if (D.remainder) { fill($("remaindertable"), D.remainder.table); for (const line of D.remainder.verdict) { const li = document.createElement("li"); li.textContent = line; $("verdict").append(li); } }
$("config").textContent = D.config;
$("rawsection").hidden = !D.raw;
if (D.raw) { $("rawhint").textContent = D.raw.hint; if (!D.raw.timed) $("rawheading").textContent = "Measurement"; }
$("transfersection").hidden = !D.transfer;
if (D.transfer) { $("transferheading").textContent = D.transfer.heading; $("transferhint").textContent = D.transfer.hint; }
$("motionlegend").textContent = D.motion.rows ? `Motion since the first shot: an arrow as long as the spacing of the arrows (or the full colour) is ${number(D.motion.largest)} px${D.lengthUnit === "px" ? "" : ` = ${number(D.motion.largest * D.pixelSize)} ${D.lengthUnit}`}. A point shows what lay there in the first shot, displaced by the arrow.${D.motion.certainty.some(c => c < 1) ? " Faint arrows are as uncertain as they are long." : ""}` : D.motion.still ? `No motion to speak of: ${number(D.motion.moved)} px at most at nine places of ten.` : "";
function all() { drawViews(); drawOnce(); drawWheel(); }
window.addEventListener("resize", all);
all();
