"use strict";

// A chart's page is complete without this script, which offers each chart as a picture of its own.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 16;
const LETTER = 8.6; // the width of a letter in the widest typeface that a chart may be shown in
const LINE = 20;

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

// A text as lines that fit into the width.
function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line && (line.length + 1 + word.length) * LETTER > width) lines.push(word);
    else lines[lines.length - 1] = line ? line + " " + word : word;
  }
  return lines;
}

// The chart of a figure as a document: its titles, the drawing, its legend and where it is from; light, with its text as text.
function picture(figure) {
  const drawing = figure.querySelector(".drawing svg");
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const title = figure.querySelector("h2").textContent;
  const whole = element("svg", { xmlns: SVG, role: "img", "font-family": "Source Sans Pro, Arial, sans-serif", "font-size": "14" });
  whole.append(element("title", {}, figure.dataset.of + ": " + title));
  whole.append(element("desc", {}, figure.querySelector(".text").textContent));
  const paper = element("rect", { width: "100%", height: "100%", fill: "#ffffff" });
  whole.append(paper);
  let y = MARGIN;
  const write = (text, attributes) => {
    for (const line of wrapped(text, width)) {
      y += LINE;
      whole.append(element("text", { x: MARGIN, y: y - 5, fill: "#0b0c0c", ...attributes }, line));
    }
  };
  write(figure.dataset.of, { "font-weight": "bold" });
  const unit = figure.querySelector(".unit");
  write(unit ? title + " (" + unit.textContent.toLowerCase() + ")" : title, {});
  const placed = drawing.cloneNode(true);
  for (const [key, value] of Object.entries({ x: MARGIN, y: y + 8, width, height })) placed.setAttribute(key, value);
  whole.append(placed);
  y += height + 12;
  for (const entry of figure.querySelectorAll(".legend li")) {
    const look = entry.querySelector("svg").cloneNode(true);
    for (const [key, value] of Object.entries({ x: MARGIN, y: y + 2, width: 24, height: 16 })) look.setAttribute(key, value);
    whole.append(look);
    y += LINE;
    whole.append(element("text", { x: MARGIN + 32, y: y - 5, fill: "#0b0c0c" }, entry.textContent.trim()));
  }
  write(figure.dataset.source, { fill: "#505a5f" });
  const size = { width: width + 2 * MARGIN, height: y + MARGIN };
  for (const [key, value] of Object.entries({ ...size, viewBox: "0 0 " + size.width + " " + size.height })) whole.setAttribute(key, value);
  return { ...size, file: new Blob([new XMLSerializer().serializeToString(whole)], { type: "image/svg+xml" }) };
}

function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// The same as a PNG, at twice the size that the page shows, which is sharp in a document.
function savePng(made, name) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * made.width, 2 * made.height];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    canvas.toBlob((file) => save(file, name), "image/png");
  });
  image.src = URL.createObjectURL(made.file);
}

for (const figure of document.querySelectorAll("figure[data-name]")) {
  const offer = (kind, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.setAttribute("aria-label", kind + " of " + figure.querySelector("h2").textContent);
    button.addEventListener("click", act);
    figure.querySelector(".downloads").append(" ", button);
  };
  offer("SVG", () => save(picture(figure).file, figure.dataset.name + ".svg"));
  offer("PNG", () => savePng(picture(figure), figure.dataset.name + ".png"));
}
