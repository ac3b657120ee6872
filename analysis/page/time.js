// The picture of time: a slider over the recorded steps of a run, and the facts of the agent under the pointer.
function hubbubTime(figure, index) {
  "use strict";
  const data = JSON.parse(figure.querySelector("script").textContent);
  const last = data.steps.length - 1, none = data.shapes.length - 1;
  const [bar, moment, facts] = [".bar", ".moment", ".facts"].map((name) => figure.querySelector(name));
  const [slider, button] = [bar.querySelector("input"), bar.querySelector("button")];
  const svg = figure.querySelector("svg"), agents = [...svg.querySelectorAll(".agent")];
  const paths = [...svg.querySelectorAll(".links path")], legend = [...figure.querySelectorAll(".legend li")];
  const look = (group) => (group >= 0 && group < none ? group : none);
  const name = (which) => (which < none ? "group-" + (which + 1) : "group-none");
  let at = last, chosen = -1, timer = 0;

  function share(thousandths) {
    if (thousandths < 0) return "–";
    const percent = thousandths / 10, near = percent >= 99 && percent < 99.95, small = percent >= 0.05 && percent < 1;
    return (near || small ? percent.toFixed(1) : Math.round(percent)) + "\u00a0%";
  }

  function links() {
    const listed = data.graphs[data.graphAt[at]], groups = data.groups[at], lines = paths.map(() => []);
    for (let i = 0; i < listed.length; i += 2) {
      const [a, b] = [listed[i], listed[i + 1]], group = look(groups[a]);
      const [[x, y], [u, v]] = [data.places[a], data.places[b]];
      lines[groups[a] === groups[b] && group < none ? group + 1 : 0].push("M" + x + " " + y + "L" + u + " " + v);
    }
    paths.forEach((path, i) => path.setAttribute("d", lines[i].join("")));
  }

  function factsOf(agent) {
    const listed = data.graphs[data.graphAt[at]], group = data.groups[at][agent];
    const count = (end) => listed.filter((other, i) => i % 2 === end && other === agent).length;
    const said = [["agent", data.names[agent]]];
    for (const [key, values] of Object.entries(data.attributes)) said.push([key, values[agent]]);
    said.push([data.word, group >= 0 ? group + 1 : "–"], ["heard by", count(0)], ["hears", count(1)]);
    said.push(["understood by others", share(data.speaks[at][agent])]);
    said.push(["understands others", share(data.hears[at][agent])]);
    return said.map(([key, value]) => key + ": " + value);
  }

  function choose(agent) {
    if (chosen >= 0) agents[chosen].classList.remove("chosen");
    chosen = agent;
    if (agent >= 0) agents[agent].classList.add("chosen");
    facts.textContent = agent >= 0 ? factsOf(agent).join(" · ") : "Point at an agent, or press an arrow key in the graph, to see its facts.";
  }

  function show(where) {
    at = Math.min(Math.max(where, 0), last);
    const groups = data.groups[at], sizes = data.shapes.map(() => 0), present = new Set();
    agents.forEach((agent, i) => {
      const which = look(groups[i]);
      sizes[which] += 1;
      if (groups[i] >= 0) present.add(groups[i]);
      agent.setAttribute("class", "agent " + name(which) + (i === chosen ? " chosen" : ""));
      agent.firstElementChild.setAttribute("d", data.shapes[which]);
    });
    links();
    for (const entry of legend) {
      const size = sizes[Number(entry.dataset.look)];
      entry.querySelector("span").textContent = size;
      entry.hidden = !size;
    }
    const said = ["step " + data.steps[at].toLocaleString("en"), present.size + " " + data.word + (present.size === 1 ? "" : "s")];
    for (const [key, values] of Object.entries(data.overall)) said.push(key + " " + share(values[at]));
    moment.textContent = said.join(" · ");
    slider.value = at;
    slider.setAttribute("aria-valuetext", "step " + data.steps[at]);
    choose(chosen);
  }

  function play(start) {
    window.clearInterval(timer);
    timer = 0;
    if (start) {
      if (at === last) show(0);
      timer = window.setInterval(() => (at < last && figure.isConnected ? show(at + 1) : play(false)), 400);
    }
    button.setAttribute("aria-label", start ? "stop" : "play");
  }

  agents.forEach((agent, i) => {
    agent.querySelector("title").remove(); // what it says is shown below the graph, at any step
    agent.addEventListener("pointerenter", () => choose(i));
    agent.addEventListener("click", () => choose(i));
  });
  svg.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    choose((chosen + move + agents.length) % agents.length);
  });
  slider.addEventListener("input", () => { play(false); show(Number(slider.value)); });
  button.addEventListener("click", () => play(!timer));
  bar.hidden = last < 1;
  show(index === undefined ? last : index);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll("figure.time")) hubbubTime(figure);
});
