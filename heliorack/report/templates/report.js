"use strict";
// The page's own program: unpacks numbers and plotly.js, draws, and answers the controls. Nothing is fetched.
(() => {
  const PLASMA = ["#0d0887", "#41049d", "#6a00a8", "#8f0da4", "#b12a90", "#cc4778", "#e16462", "#f2844b", "#fca636", "#fcce25", "#f0f921"];
  const SCALES = {plasma: PLASMA.map((c, i) => [i / 10, c]), viridis: "Viridis", cividis: "Cividis"};
  const HOLE = 65535;
  // nothing is sent anywhere: plotly's button that uploads a plot goes
  const QUIET = {responsive: true, displaylogo: false, displayModeBar: "hover", showSendToCloud: false, modeBarButtonsToRemove: ["sendChartToCloud", "lasso2d", "select2d", "zoomIn2d", "zoomOut2d", "tableRotation", "resetCameraLastSave3d"]};
  const at = (id) => document.getElementById(id);
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const make = (tag, more = {}, children = []) => { const e = Object.assign(document.createElement(tag), more); e.append(...children); return e; };

  async function unpacked(id) {
    const text = atob(at(id).textContent), bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    at(id).textContent = "";
    return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }

  function document_of(buffer) {
    const length = new DataView(buffer).getUint32(0, true), start = 4 + length;
    const kinds = {f4: Float32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array};
    return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)), (key, value) => {
      if (value && value.$) { const [first, count, kind] = value.$; return new kinds[kind](buffer, start + first, count); }
      return value;
    });
  }

  // colours that start with -- are variables of the page
  let printing = false;
  const PAPER = {"--ink": "#1c2733", "--soft": "#5b6675", "--line": "#dfe3e8", "--night": "#e4e7ec", "--sheet": "#ffffff"};
  const colour = (name) => printing && PAPER[name] ? PAPER[name] : getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const tinted = (value) => {
    if (typeof value === "string") return value.startsWith("--") ? colour(value) : value;
    if (Array.isArray(value)) return value.map(tinted);
    if (value && typeof value === "object" && !ArrayBuffer.isView(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, tinted(v)]));
    return value;
  };
  const dressed = (layout) => tinted({
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: {family: "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif", size: 13, color: "--ink"},
    hoverlabel: {bgcolor: "--sheet", bordercolor: "--soft", font: {color: "--ink"}, namelength: -1}, modebar: {bgcolor: "rgba(0,0,0,0)", color: "--soft", activecolor: "--ink"}, uirevision: "kept", ...layout});

  // ------------------------------------------------------------------------------------------------ plots that are drawn as they are
  function figures(all, first) {
    return [...document.querySelectorAll("[data-figure]")].map((place) => {
      const name = place.dataset.figure, choice = document.querySelector(`select[data-of="${name}"]`);
      if (choice) choice.value = String(Math.min(first, choice.options.length - 1));
      const draw = () => { if (printing && all[name][0].data[0].type === "sankey") return null;  // a band is redrawn by a movement, which a print would catch half way
        if (choice) document.querySelector(`[data-shown="${name}"]`).textContent = choice.options[choice.selectedIndex].text;
        const f = all[name][choice ? Number(choice.value) : 0]; return Plotly.react(place, tinted(f.data), dressed(f.layout), QUIET); };
      if (choice) choice.addEventListener("change", draw);
      return draw;
    });
  }

  // ------------------------------------------------------------------------------------------------ over time
  const tick = (text, checked, act, swatch) => {
    const box = make("input", {type: "checkbox", checked});
    box.addEventListener("change", () => act(box.checked));
    const label = make("label", {}, [box]);
    if (swatch) label.insertAdjacentHTML("beforeend", `<svg viewBox="0 0 26 8" aria-hidden="true"><line x1="0" y1="4" x2="26" y2="4" style="stroke:${swatch.colour.startsWith("--") ? `var(${swatch.colour})` : swatch.colour};stroke-width:2.5;stroke-dasharray:${swatch.dash || "none"}"/></svg>`);
    label.append(text);
    return label;
  };
  const DASH = {solid: "none", dash: "7 4", dot: "2 3", dashdot: "7 3 2 3", longdash: "12 4", longdashdot: "12 3 2 3"};

  function over_time(doc) {
    const place = at("time-plot"), form = at("time-choices"), ends = ["hottest point", "mean", "coldest point"];
    let end = 0;
    const draw = () => {
      const cases = doc.cases.filter((c) => c.shown), many = doc.cases.length > 1, data = [], shapes = [], notes = [];
      const rows = {y: true, y2: cases.some((c) => c.power.length), y3: cases.some((c) => c.charge)};
      const named = (words, c) => escaped(many ? `${words}, ${c.label}` : words);
      let low = Infinity, high = -Infinity;
      for (const c of cases) {
        doc.parts.forEach((part, i) => {
          if (!part.shown || !c.curves[i]) return;
          const y = c.curves[i][end];
          for (const v of y) { if (v < low) low = v; if (v > high) high = v; }
          data.push({type: "scatter", mode: "lines", x: c.t, y, name: named(part.label, c), line: {color: part.colour, dash: c.dash, width: 2}, hovertemplate: `%{y:.1f} degC at %{x:.1f} ${doc.unit}<extra>%{fullData.name}</extra>`});
        });
        for (const p of c.power) data.push({type: "scatter", mode: "lines", x: c.t, y: p.y, yaxis: "y2", name: named(p.label, c), line: {color: p.colour, dash: c.dash, width: 2}, hovertemplate: `%{y:.4~g} W at %{x:.1f} ${doc.unit}<extra>%{fullData.name}</extra>`});
        if (c.charge) data.push({type: "scatter", mode: "lines", x: c.t, y: c.charge, yaxis: "y3", name: named("battery", c), line: {color: "#009E73", dash: c.dash, width: 2}, hovertemplate: `%{y:.1f} % at %{x:.1f} ${doc.unit}<extra>%{fullData.name}</extra>`});
      }
      if (cases.length) for (const [a, b] of cases[0].night) shapes.push({type: "rect", layer: "below", xref: "x", x0: a, x1: b, yref: "paper", y0: 0, y1: 1, fillcolor: "--night", line: {width: 0}});
      const reach = Math.max(0.35 * (high - low), 15), known = new Map();
      if (end !== 1) for (const c of cases) for (const [i, side, value, level] of c.limits) {
        if (!doc.parts[i].shown || value < low - reach || value > high + reach || (end === 0) !== (side === "max")) continue;
        const key = `${side} ${value}`;
        known.set(key, {side, value, parts: new Set([...(known.get(key)?.parts ?? []), i]), level});
      }
      for (const {side, value, parts} of known.values()) {
        const [one] = parts, tint = parts.size === 1 ? doc.parts[one].colour : "--ink";
        const names = [...parts].map((i) => doc.parts[i].label), words = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
        shapes.push({type: "line", xref: "paper", x0: 0, x1: 1, yref: "y", y0: value, y1: value, line: {color: tint, width: 1.3, dash: "dash"}});
        notes.push({xref: "paper", x: 0.004, xanchor: "left", yref: "y", y: value, yanchor: side === "max" ? "bottom" : "top", text: escaped(`${side} ${value} degC  ${words}`), showarrow: false, font: {size: 11, color: tint}});
      }
      const axis = (title, domain) => ({title: {text: title, standoff: 6}, domain, gridcolor: "--line", zeroline: false, linecolor: "--soft", automargin: true});
      const count = 1 + rows.y2 + rows.y3, layout = {height: 300 + 130 * (count - 1), margin: {l: 66, r: 16, t: 12, b: 46}, showlegend: false, hovermode: "closest", shapes, annotations: notes};
      const bottom = rows.y3 ? 0.17 : 0, middle = rows.y2 ? bottom + (rows.y3 ? 0.05 : 0) + 0.24 : bottom;
      layout.yaxis = axis("temperature [degC]", [count > 1 ? middle + 0.05 : 0, 1]);
      if (rows.y2) layout.yaxis2 = {...axis("power [W]", [rows.y3 ? bottom + 0.05 : 0, middle]), rangemode: "tozero"};
      if (rows.y3) layout.yaxis3 = axis("charge [%]", [0, bottom]);
      layout.xaxis = {...axis(doc.label, [0, 1]), anchor: rows.y3 ? "y3" : rows.y2 ? "y2" : "y", showgrid: false};
      const thinned = cases.filter((c) => c.samples[0] < c.samples[1]).map((c) => `${c.label ? c.label + ": " : ""}${c.samples[0]} of ${c.samples[1]} samples are drawn, extremes among them`);
      at("time-note").textContent = [cases.length && cases[0].night.length ? `Grey: shadow and penumbra${many ? ` of ${cases[0].label}` : ""}.` : "", "Numbered siblings are drawn together, by the hottest or coldest of them.", ...thinned].filter(Boolean).join(" ");
      return Plotly.react(place, tinted(data), dressed(layout), QUIET);
    };
    const group = (words, boxes) => make("fieldset", {}, [make("legend", {textContent: words}), ...boxes]);
    if (doc.cases.length > 1) form.append(group("load cases", doc.cases.map((c) => tick(c.label, c.shown, (on) => { c.shown = on; draw(); }, {colour: "--soft", dash: DASH[c.dash]}))));
    const boxes = doc.parts.map((p) => tick(p.label, p.shown, (on) => { p.shown = on; draw(); }, p));
    const main = group("parts", boxes.slice(0, 12));
    form.append(main);
    if (boxes.length > 12) main.append(make("details", {}, [make("summary", {textContent: `${boxes.length - 12} more`}), make("fieldset", {}, boxes.slice(12))]));
    const which = make("select", {id: "time-end"}, ends.map((words, value) => make("option", {value: String(value), textContent: words})));
    which.addEventListener("change", () => { end = Number(which.value); draw(); });
    form.append(make("label", {}, ["of each part ", which]));
    const seen = doc.cases.flatMap((c) => c.power).filter((p, i, all) => all.findIndex((q) => q.label === p.label) === i);
    if (seen.length) form.append(make("fieldset", {}, [make("legend", {textContent: "power"}), ...seen.map((p) => { const l = tick(p.label, true, () => 0, p); l.querySelector("input").remove(); return l; })]));
    return draw;
  }

  // ------------------------------------------------------------------------------------------------ on the body
  function on_body(doc, first) {
    const place = at("body-plot"), form = at("body-choices"), now = {c: first < doc.cases.length ? first : 0, f: 0, k: 0, only: 0, view: 0, own: false};
    const option = (words, value) => make("option", {value: String(value), textContent: words});
    const field = () => doc.cases[now.c].fields[now.f], shape = () => doc.shapes[doc.cases[now.c].shape];
    const value_at = (f, k, n, i) => { const raw = f.value[k * n + i]; return raw === HOLE ? NaN : f.low + raw / (HOLE - 1) * (f.high - f.low); };
    const views = (s) => ({"from the corner": s.eye, "from +x": [1, 0, 0], "from -x": [-1, 0, 0], "from +y": [0, 1, 0], "from -y": [0, -1, 0], "from +z": [0, 0.001, 1], "from -z": [0, 0.001, -1]});
    const count = (f) => f.value.length / f.minutes.length;

    function shown() {
      const s = shape(), f = field(), n = count(f), wanted = s.shown[now.only]?.parts, keep = wanted && new Set(wanted), values = new Float32Array(n);
      for (let i = 0; i < n; i++) values[i] = value_at(f, now.k, n, i);
      const i = [], j = [], k = [], used = [], inside = new Uint8Array(s.vertices), on = [];
      for (let t = 0; t < s.part.length; t++) {
        if (keep && !keep.has(s.part[t])) continue;
        const a = s.triangles[3 * t], b = s.triangles[3 * t + 1], c = s.triangles[3 * t + 2];
        i.push(a); j.push(b); k.push(c); used.push(t); inside[a] = inside[b] = inside[c] = 1;
        on[a] = on[b] = on[c] = t;
      }
      const kept = []; const renumber = new Int32Array(s.vertices);
      for (let v = 0; v < s.vertices; v++) if (inside[v]) { renumber[v] = kept.length; kept.push(v); }
      const re = (list) => list.map((v) => renumber[v]), coordinate = (d) => kept.map((v) => s.points[3 * v + d]);
      const intensity = f.cells ? used.map((t) => values[t]) : kept.map((v) => values[v]);
      const known = intensity.filter((v) => !Number.isNaN(v)), range = known.length ? [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))] : [0, 1];
      const said = (v) => Number.isNaN(v) ? "exchanges no radiation" : `${v.toFixed(f.decimals)} ${f.unit}`;
      const text = kept.map((v) => `${escaped(s.names[s.part[on[v]]])}<br>${said(f.cells ? values[on[v]] : values[v])}`);
      const line = [[], [], []];
      for (let e = 0; e < s.edges.length; e += 2) { const a = s.edges[e], b = s.edges[e + 1]; if (inside[a] && inside[b]) for (let d = 0; d < 3; d++) line[d].push(s.points[3 * a + d], s.points[3 * b + d], null); }
      const axes = [coordinate(0), coordinate(1), coordinate(2)], span = axes.map((list) => list.reduce((a, b) => Math.max(a, b), -Infinity) - list.reduce((a, b) => Math.min(a, b), Infinity));
      const most = Math.max(...span, 1e-9), [rx, ry, rz] = span.map((s) => Math.max(s / most, 0.01));  // the longest side fills the view
      return {ratio: {x: rx, y: ry, z: rz}, x: axes[0], y: axes[1], z: axes[2], i: re(i), j: re(j), k: re(k), intensity, text, line, range};
    }

    function limits(range) {
      const f = field();
      if (now.own) return range[1] - range[0] > 0.1 ? range : [range[0] - 0.05, range[1] + 0.05];
      return [f.low, f.cells ? doc.tops[f.key] : f.high];
    }

    function fitted(ratio, eye) {  // so that the box around the body fills the plot, seen along parallel lines; 260 pixels are one unit at this height
      const e = eye.map((v) => v / Math.hypot(...eye)), flat = Math.hypot(e[0], e[1]), right = [-e[1] / flat, e[0] / flat, 0];
      const up = [e[1] * right[2] - e[2] * right[1], e[2] * right[0] - e[0] * right[2], e[0] * right[1] - e[1] * right[0]], r = [ratio.x, ratio.y, ratio.z];
      const size = (v) => v.reduce((sum, part, i) => sum + Math.abs(part) * r[i], 0), wide = Math.max((place.clientWidth || 1000) - 160, 200) / 260;
      const k = 0.86 * Math.min(wide / size(right), 560 / 260 / size(up));
      return {x: k * r[0], y: k * r[1], z: k * r[2]};
    }

    function draw(camera) {
      const s = shape(), f = field(), m = shown(), [low, high] = limits(m.range);
      const mesh = {type: "mesh3d", x: m.x, y: m.y, z: m.z, i: m.i, j: m.j, k: m.k, intensity: m.intensity, intensitymode: f.cells ? "cell" : "vertex", cmin: low, cmax: high,
        colorscale: SCALES[f.colours] ?? "Viridis", colorbar: {title: {text: escaped(f.words), side: "right"}, thickness: 14, len: 0.8, outlinewidth: 0}, flatshading: true,
        lighting: {ambient: 0.85, diffuse: 0.3, specular: 0.02, roughness: 0.9, facenormalsepsilon: 0, vertexnormalsepsilon: 0}, hoverinfo: "text", text: m.text};
      const edges = {type: "scatter3d", mode: "lines", x: m.line[0], y: m.line[1], z: m.line[2], line: {color: "--ink", width: 1.5}, opacity: 0.55, hoverinfo: "skip", showlegend: false};
      const axis = (title, part) => ({title: {text: title}, showbackground: false, gridcolor: "--line", zeroline: false, nticks: part > 0.5 ? 5 : 3, showticklabels: part > 0.15, color: "--soft", showspikes: false, exponentformat: "none"});
      const layout = {height: 560, margin: {l: 0, r: 0, t: 0, b: 0}, scene: {aspectmode: "manual", aspectratio: fitted(m.ratio, Object.values(views(s))[now.view]), xaxis: axis("x [m]", m.ratio.x), yaxis: axis("y [m]", m.ratio.y), zaxis: axis("z [m]", m.ratio.z), uirevision: "kept"}};
      if (camera) {
        const eye = Object.values(views(s))[now.view], size = Math.hypot(...eye);
        layout.scene.camera = {eye: {x: 1.1 * eye[0] / size, y: 1.1 * eye[1] / size, z: 1.1 * eye[2] / size}, up: {x: 0, y: 0, z: 1}, projection: {type: "orthographic"}};
        layout.scene.uirevision = `${now.c} ${now.only} ${now.view}`;
      } else layout.scene.uirevision = place.layout.scene.uirevision, layout.scene.camera = place.layout.scene.camera;
      say(m.range);
      return Plotly.react(place, tinted([mesh, edges]), dressed(layout), QUIET);
    }

    function moment() {  // the slider: colours alone
      const f = field(), m = shown(), [low, high] = limits(m.range);
      say(m.range);
      return Plotly.restyle(place, {intensity: [m.intensity], text: [m.text], cmin: low, cmax: high}, [0]);
    }

    function say(range) {
      const f = field(), moving = f.minutes.length > 1;
      time.textContent = moving ? `${f.minutes[now.k].toFixed(1)} min` : f.key === "temperature" ? "one moment" : "mean over the orbit";
      slider.disabled = play.disabled = !moving; slider.max = String(f.minutes.length - 1); slider.value = String(now.k);
      slider.setAttribute("aria-valuetext", time.textContent);
      const s = shape(), cut = s.drawn[0] < s.drawn[1] ? ` Drawn by ${s.drawn[0]} of ${s.drawn[1]} triangles; between the vertices that are left colours are interpolated, so that a hot point may be missing: extremes stand in the tables.` : "";
      const lost = s.left_out.length ? ` Too small to draw: ${s.left_out.join(", ")}.` : "";
      at("body-note").textContent = `Shown: ${range[0].toFixed(f.decimals)} to ${range[1].toFixed(f.decimals)} ${f.unit}, on the outside of the mesh. Drag to turn, scroll to come closer.${cut}${lost}`;
    }

    const labelled = (words, element) => { form.append(make("label", {}, [words, element])); return element; };
    const cases = make("select", {id: "body-case"}, doc.cases.map((c, i) => option(c.label, i)));
    if (doc.cases.length > 1) labelled("load case ", cases);
    cases.value = String(now.c);
    const fields = labelled("field ", make("select", {id: "body-field"}));
    const only = labelled("show ", make("select", {id: "body-only"}));
    const view = labelled("view ", make("select", {id: "body-view"}, Object.keys(views(shape())).map(option)));
    const own = labelled("", make("input", {type: "checkbox", id: "body-own"})); own.after("colours of this moment alone");
    const slider = make("input", {type: "range", id: "body-time", min: "0", step: "1"}); labelled("orbit ", slider);
    const time = form.appendChild(make("output", {htmlFor: "body-time"}));
    const play = form.appendChild(make("button", {type: "button", id: "body-play", textContent: "play"}));
    const refill = () => {
      fields.replaceChildren(...doc.cases[now.c].fields.map((f, i) => option(f.words, i))); now.f = Math.min(now.f, fields.options.length - 1); fields.value = String(now.f);
      only.replaceChildren(...shape().shown.map((o, i) => option(o.label, i))); now.only = Math.min(now.only, only.options.length - 1); only.value = String(now.only);
      now.k = Math.min(now.k, field().minutes.length - 1);
    };
    const hottest = () => { const f = field(), n = count(f); let best = -1; f.value.forEach((v, i) => { if (v !== HOLE && v > best) { best = v; now.k = Math.floor(i / n); } }); };
    refill(); hottest();
    cases.addEventListener("change", () => { const before = doc.cases[now.c].shape; now.c = Number(cases.value); refill(); draw(doc.cases[now.c].shape !== before); });
    fields.addEventListener("change", () => { now.f = Number(fields.value); refill(); hottest(); draw(false); });
    only.addEventListener("change", () => { now.only = Number(only.value); draw(true); });
    view.addEventListener("change", () => { now.view = Number(view.value); draw(true); });
    own.addEventListener("change", () => { now.own = own.checked; draw(false); });
    slider.addEventListener("input", () => { now.k = Number(slider.value); moment(); });
    let playing = 0;
    play.addEventListener("click", () => {
      play.textContent = playing ? "play" : "stop";
      if (playing) { clearInterval(playing); playing = 0; return; }
      playing = setInterval(() => { now.k = (now.k + 1) % field().minutes.length; moment(); }, 220);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    return (again) => draw(!again);
  }

  // ------------------------------------------------------------------------------------------------ all together
  async function begin() {
    const [program, buffer] = await Promise.all([unpacked("plotly"), unpacked("pack")]);
    const script = make("script", {textContent: new TextDecoder().decode(program)});
    document.head.append(script);
    const doc = document_of(buffer);
    const flat = [...figures(doc.figures, doc.first)];
    if (doc.time) flat.unshift(over_time(doc.time));
    for (const draw of flat) await draw();
    const body = doc.body && on_body(doc.body, doc.first);
    if (body) { try { await body(false); } catch (error) { at("body").classList.add("broken"); console.warn(error); } }
    const again = () => { for (const draw of flat) draw(); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { again(); if (body) body(true); });
    addEventListener("beforeprint", () => { printing = true; again(); });
    addEventListener("afterprint", () => { printing = false; again(); });
    document.documentElement.dataset.drawn = "yes";
  }
  begin().catch((error) => {
    document.body.classList.add("broken");
    document.querySelector("main").prepend(make("p", {className: "bad", textContent: `The plots cannot be drawn here (${error.message}); tables and pictures hold the same. A browser of 2023 or later draws them.`}));
    console.error(error);
  });
})();
