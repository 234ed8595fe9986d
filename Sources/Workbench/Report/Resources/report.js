// Recomputes the page when a threshold, a cost or the reviewers' number changes: from the exact aggregates that the
// page carries, with the arithmetic and the wording of `FigureTexts`, `Standing`, `WorkLoad` and `CostInputs`.
"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const data = JSON.parse(element("data").textContent);
  sortable();
  openForPrint();
  if (!element("panel")) return;

  const outcomes = ["allow", "review", "block"];
  const [honest, fraud, unknown] = [0, 1, 2];
  const end = data.barWidth * data.barCount;
  const own = { review: data.review, block: data.block };
  const state = { review: data.review, block: data.block, currency: 0 };
  const profiles = data.profiles.map(([score, floor, excused, truth, currency, count, amount]) => ({
    score, floor, excused: excused === 1, truth, currency, count, amount: BigInt(amount),
  }));
  const dayCells = data.dayCells.map(([day, score, floor, excused, count]) => ({
    day, score, floor, excused: excused === 1, count,
  }));

  // Decisions

  function outcomeOf(profile, thresholds) {
    if (profile.excused) return profile.floor;
    const scored = profile.score >= thresholds.block ? 2 : profile.score >= thresholds.review ? 1 : 0;
    return Math.max(profile.floor, scored);
  }

  function standing(thresholds) {
    const counts = outcomes.map(() => [0, 0, 0]);
    const amounts = outcomes.map(() => [0n, 0n, 0n]);
    for (const profile of profiles) {
      const outcome = outcomeOf(profile, thresholds);
      counts[outcome][profile.truth] += profile.count;
      if (profile.currency === state.currency) amounts[outcome][profile.truth] += profile.amount;
    }
    return { counts, amounts };
  }

  function workLoad(thresholds) {
    const reviews = Array(data.dayCount).fill(0);
    const blocks = Array(data.dayCount).fill(0);
    for (const cell of dayCells) {
      const outcome = outcomeOf(cell, thresholds);
      if (outcome === 1) reviews[cell.day] += cell.count;
      if (outcome === 2) blocks[cell.day] += cell.count;
    }
    return { reviews, blocks };
  }

  const total = (numbers) => numbers.reduce((sum, number) => sum + number, typeof numbers[0] === "bigint" ? 0n : 0);

  // Wording

  const none = "–";
  const grouped = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

  function percent(part, whole) {
    [part, whole] = [BigInt(part), BigInt(whole)];
    if (whole <= 0n || part < 0n) return none;
    const tenths = (part * 2000n + whole) / (whole * 2n);
    if (tenths === 0n && part > 0n) return "< 0.1 %";
    if (tenths >= 1000n && part < whole) return "> 99.9 %";
    return `${grouped(tenths / 10n)}.${tenths % 10n} %`;
  }

  // Wilson's interval of 95 %.
  function interval(part, whole) {
    if (whole <= 0) return none;
    const deviations = 1.959963984540054;
    const square = deviations * deviations;
    const value = part / whole;
    const center = (value + square / (2 * whole)) / (1 + square / whole);
    const spread = Math.sqrt((value * (1 - value)) / whole + square / (4 * whole * whole));
    const reach = (deviations * spread) / (1 + square / whole);
    const tenths = (share) => {
      const number = Math.floor(share * 1000 + 0.5);
      return `${Math.floor(number / 10)}.${number % 10}`;
    };
    return `${tenths(Math.max(0, center - reach))}–${tenths(Math.min(1, center + reach))} %`;
  }

  function amount(minor, currency) {
    minor = BigInt(minor);
    const sign = minor < 0n ? "-" : "";
    const digits = String(minor < 0n ? -minor : minor).padStart(currency.digits + 1, "0");
    const split = digits.length - currency.digits;
    const number = grouped(digits.slice(0, split)) + (currency.digits > 0 ? "." + digits.slice(split) : "");
    return sign + number + (currency.code === "" ? "" : " " + currency.code);
  }

  function cost(major, currency) {
    const minor = Math.floor(major * 10 ** currency.digits + 0.5);
    return Math.abs(minor) < 1e30 ? amount(BigInt(minor), currency) : none;
  }

  function short(value) {
    const trimmed = (number) => String(Math.round(number * 10) / 10);
    for (const [unit, name] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (Math.abs(value) >= unit) return trimmed(value / unit) + name;
    }
    return trimmed(value);
  }

  // Figures

  function costs() {
    const read = (id, fallback) => {
      const value = Number.parseFloat(element(id)?.value ?? "");
      return Number.isFinite(value) && value >= 0 ? value : fallback;
    };
    return { review: read("cost-of-review", 0), loss: Math.min(100, read("loss-percent", 0)), block: read("cost-of-block", 0) };
  }

  function bill({ counts, amounts }, inputs) {
    const scale = 10 ** data.currencies[state.currency].digits;
    const parts = {
      review: total(counts[1]) * inputs.review,
      loss: ((Number(amounts[0][fraud]) / scale) * inputs.loss) / 100,
      block: counts[2][honest] * inputs.block,
    };
    return { ...parts, total: parts.review + parts.loss + parts.block };
  }

  function capacity() {
    const [reviewers, each] = ["reviewers", "reviews-a-day"].map((id) => element(id)?.value ?? "");
    if (reviewers === "" || each === "") return null;
    const product = Math.floor(Number(reviewers)) * Math.floor(Number(each));
    return Number.isSafeInteger(product) && product >= 0 ? product : null;
  }

  function figures() {
    const texts = { "review-from": grouped(state.review), "block-from": grouped(state.block) };
    const now = standing(state);
    const { counts, amounts } = now;
    const events = total(counts.map(total));
    const currency = data.currencies[state.currency];
    outcomes.forEach((name, index) => {
      texts[name] = grouped(total(counts[index]));
      texts[`${name}-share`] = percent(total(counts[index]), events);
      texts[`${name}-fraud`] = grouped(counts[index][fraud]);
      texts[`${name}-honest`] = grouped(counts[index][honest]);
      texts[`${name}-unknown`] = grouped(counts[index][unknown]);
      if (!currency) return;
      texts[`${name}-amount`] = amount(total(amounts[index]), currency);
      texts[`${name}-fraud-amount`] = amount(amounts[index][fraud], currency);
    });
    const alerts = total(counts[1]) + total(counts[2]);
    texts.alerts = grouped(alerts);
    texts["alerts-share"] = percent(alerts, events);
    if (data.hasLabels) {
      const caught = counts[1][fraud] + counts[2][fraud];
      const wrong = counts[1][honest] + counts[2][honest];
      const frauds = caught + counts[0][fraud];
      texts.precision = percent(caught, caught + wrong);
      texts["precision-range"] = interval(caught, caught + wrong);
      texts.recall = percent(caught, frauds);
      texts["recall-range"] = interval(caught, frauds);
      texts.caught = grouped(caught);
      texts.frauds = grouped(frauds);
      texts["false-alerts"] = grouped(wrong);
      if (currency) {
        const amountCaught = amounts[1][fraud] + amounts[2][fraud];
        const fraudAmount = amountCaught + amounts[0][fraud];
        texts["amount-recall"] = percent(amountCaught, fraudAmount);
        texts["amount-caught"] = amount(amountCaught, currency);
        texts["fraud-amount"] = amount(fraudAmount, currency);
        for (const [name, value] of Object.entries(bill(now, costs()))) texts[`cost-${name}`] = cost(value, currency);
      }
    }
    return { texts, now };
  }

  // Drawing

  const place = (score) => Math.min(1, Math.max(0, score / end));
  const asPercent = (share) => `${Math.round(share * 100000) / 1000}%`;
  const set = (target, attributes) => {
    for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
  };

  function drawThresholds() {
    for (const name of ["review", "block"]) {
      const x = asPercent(place(state[name]));
      all(`line.threshold.${name}`).forEach((line) => set(line, { x1: x, x2: x }));
    }
    const edges = [0, place(state.review), place(state.block), 1];
    outcomes.forEach((name, index) => {
      const [from, to] = [edges[index], edges[index + 1]];
      all(`[data-band="${name}"]`).forEach((band) => set(band, { x: asPercent(from), width: asPercent(Math.max(0, to - from)) }));
      all(`[data-band-name="${name}"]`).forEach((label) => {
        set(label, { x: asPercent((from + to) / 2) });
        label.textContent = to - from > 0.07 ? name : "";
      });
    });
  }

  function drawOutcomes({ counts }) {
    const events = total(counts.map(total));
    let start = 0;
    outcomes.forEach((name, index) => {
      const count = total(counts[index]);
      all(`[data-bar="${name}"]`).forEach((bar) => set(bar, { x: asPercent(start / events), width: asPercent(count / events) }));
      start += count;
    });
  }

  function roundAbove(value) {
    if (!(value > 0)) return { top: 1, step: 1 };
    const power = 10 ** Math.floor(Math.log10(value));
    const steps = [[1, 0.5], [2, 0.5], [3, 1], [4, 1], [5, 1], [6, 2], [8, 2], [10, 2]];
    const [top, step] = steps.find(([top]) => top * power >= value) ?? [10, 2];
    return { top: top * power, step: step * power };
  }

  function drawGrid(group, top, step, height) {
    if (!group) return;
    const shapes = [];
    for (let value = 0; value <= top * 1.000001; value += step) {
      const y = height * (1 - value / top);
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      set(line, { class: "grid", x1: 0, x2: "100%", y1: y, y2: y });
      const label = document.createElementNS("http://www.w3.org/2000/svg", "text");
      set(label, { class: "axis left", x: -8, y, dy: 4 });
      label.textContent = short(value);
      shapes.push(line, label);
    }
    group.replaceChildren(...shapes);
  }

  function steps(points) {
    let [path, from, isDrawing] = ["", 0, false];
    for (const [x, value] of points) {
      if (value === null) {
        isDrawing = false;
      } else {
        path += isDrawing ? `V${(1 - value) * 1000}H${x * 1000}` : `M${from * 1000} ${(1 - value) * 1000}H${x * 1000}`;
        isDrawing = true;
      }
      from = x;
    }
    return path;
  }

  function drawDays() {
    const { reviews, blocks } = workLoad(state);
    all("[data-reviews-of-day]").forEach((cell) => (cell.textContent = grouped(reviews[cell.dataset.reviewsOfDay])));
    all("[data-blocks-of-day]").forEach((cell) => (cell.textContent = grouped(blocks[cell.dataset.blocksOfDay])));
    const perDay = capacity();
    let [queue, longest, above] = [0, 0, 0];
    for (const count of reviews) {
      if (perDay === null) break;
      queue = Math.max(0, queue + count - perDay);
      longest = Math.max(longest, queue);
      if (count > perDay) above += 1;
    }
    const busiest = reviews.reduce((most, count) => Math.max(most, count), 0);
    drawDayBars(reviews, blocks, perDay);
    return { above, longest, busiest, perDay };
  }

  function drawDayBars(reviews, blocks, perDay) {
    const chart = element("chart-days");
    if (!chart) return;
    const height = Number(chart.getAttribute("height"));
    const bars = [];
    for (let start = 0; start < reviews.length; start += data.daysPerBar) {
      const sum = (days) => total(days.slice(start, start + data.daysPerBar));
      bars.push({ review: sum(reviews), block: sum(blocks) });
    }
    const limit = (perDay ?? 0) * data.daysPerBar;
    const highest = bars.reduce((most, bar) => Math.max(most, bar.review + bar.block), Math.max(limit, 4));
    const { top, step } = roundAbove(highest);
    drawGrid(element("day-grid"), top, step, height);
    bars.forEach((bar, index) => {
      const [low, high] = [(bar.review / top) * height, (bar.block / top) * height];
      all(`[data-day-review="${index}"]`).forEach((shape) => set(shape, { y: height - low, height: low }));
      all(`[data-day-block="${index}"]`).forEach((shape) => set(shape, { y: height - low - high, height: high }));
    });
    const y = height * (1 - limit / top);
    set(element("capacity-line"), { y1: y, y2: y, visibility: perDay === null ? "hidden" : "visible" });
  }

  function tellDays({ above, longest, busiest, perDay }, texts) {
    texts["busiest-day"] = grouped(busiest);
    if (perDay !== null) {
      texts["days-above"] = grouped(above);
      texts["longest-queue"] = grouped(longest);
    }
    const text = element("capacity-text");
    if (!text || !text.dataset.changed) return;
    const days = data.dayCount === 1 ? "1 day" : `${grouped(data.dayCount)} days`;
    text.textContent = perDay === null
      ? `The busiest day has ${texts["busiest-day"]} events to review. Say how much your reviewers can do to see on which days that is too much.`
      : `Of ${days}, ${texts["days-above"]} brought more than the ${grouped(perDay)} reviews a day that the reviewers can do; at most ${texts["longest-queue"]} were left over at the end of a day. The busiest day has ${texts["busiest-day"]}.`;
  }

  // The total cost at each edge between two bars, with one threshold moved there.
  function drawCosts() {
    const currency = data.currencies[state.currency];
    if (!element("chart-costs") || !currency) return;
    const inputs = costs();
    const totals = { review: [], block: [] };
    for (let edge = 0; edge <= data.barCount; edge += 1) {
      const score = edge * data.barWidth;
      totals.review.push(bill(standing({ review: score, block: Math.max(score, state.block) }), inputs).total);
      totals.block.push(bill(standing({ review: Math.min(score, state.review), block: score }), inputs).total);
    }
    const { top, step } = roundAbove([...totals.review.slice(1), ...totals.block.slice(1)].reduce((most, value) => Math.max(most, value), 0));
    drawGrid(element("cost-grid"), top, step, Number(element("chart-costs").getAttribute("height")));
    for (const name of ["review", "block"]) {
      const points = totals[name].map((value, edge) => [edge / data.barCount, value / top]).slice(1);
      all(`[data-curve="cost-${name}"]`).forEach((path) => set(path, { d: steps(points) }));
      all(`[data-cost="${name}"]`).forEach((cell) => (cell.textContent = cost(totals[name][cell.dataset.edge], currency)));
    }
  }

  function drawAmountCurve() {
    const paths = all('[data-curve="amount"]');
    if (paths.length === 0) return;
    let [always, whole] = [0n, 0n];
    const byScore = new Map(profiles.filter((profile) => profile.floor === 0 && !profile.excused).map(({ score }) => [score, 0n]));
    for (const profile of profiles) {
      if (profile.truth !== fraud || profile.currency !== state.currency) continue;
      whole += profile.amount;
      if (profile.floor > 0) always += profile.amount;
      else if (!profile.excused) byScore.set(profile.score, byScore.get(profile.score) + profile.amount);
    }
    const share = (part) => (whole > 0n ? Number(part) / Number(whole) : null);
    const points = [[1, share(always)]];
    for (const score of Array.from(byScore.keys()).sort((left, right) => right - left)) {
      always += byScore.get(score);
      if (score > 0) points.unshift([place(score), share(always)]);
    }
    paths.forEach((path) => set(path, { d: steps(points) }));
  }

  // Of all pairs of edges between bars the one that costs least; of equals the one that bothers fewest.
  function cheapest() {
    const inputs = costs();
    let best = null;
    for (let block = data.barCount; block >= 0; block -= 1) {
      for (let review = block; review >= 0; review -= 1) {
        const thresholds = { review: review * data.barWidth, block: block * data.barWidth };
        const { total } = bill(standing(thresholds), inputs);
        if (best === null || total < best.total) best = { ...thresholds, total };
      }
    }
    return best;
  }

  // What the page does

  function refresh({ days = true } = {}) {
    const { texts, now } = figures();
    if (days) tellDays(drawDays(), texts);
    all("[data-figure]").forEach((target) => {
      const text = texts[target.dataset.figure];
      if (text !== undefined && target.textContent !== text) target.textContent = text;
    });
    drawThresholds();
    drawOutcomes(now);
    drawCosts();
    const isMoved = state.review !== own.review || state.block !== own.block;
    document.body.classList.toggle("moved", isMoved);
    element("reset").disabled = !isMoved;
  }

  let isWaiting = false;
  function refreshSoon() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      refresh();
    });
  }

  // Neither threshold passes the other.
  function move(name, value) {
    state[name] = Math.min(end, Math.max(0, value));
    if (name === "review") state.block = Math.max(state.block, state.review);
    else state.review = Math.min(state.review, state.block);
    for (const id of ["review", "block"]) element(id).value = state[id];
    refreshSoon();
  }

  for (const name of ["review", "block"]) {
    element(name).addEventListener("input", (event) => move(name, event.target.valueAsNumber));
  }
  element("reset").addEventListener("click", () => {
    move("block", own.block);
    move("review", own.review);
    element("review").focus();
  });
  element("currency")?.addEventListener("change", (event) => {
    state.currency = Number(event.target.value);
    all(".unit").forEach((unit) => (unit.textContent = data.currencies[state.currency].code));
    drawAmountCurve();
    document.body.classList.toggle("other-currency", state.currency !== 0);
    refreshSoon();
  });
  for (const id of ["cost-of-review", "loss-percent", "cost-of-block"]) element(id)?.addEventListener("input", refreshSoon);
  for (const id of ["reviewers", "reviews-a-day"]) {
    element(id)?.addEventListener("input", () => {
      element("capacity-text").dataset.changed = "yes";
      refreshSoon();
    });
  }
  element("cheapest")?.addEventListener("click", () => {
    const best = cheapest();
    move("block", best.block);
    move("review", best.review);
    const name = (score) => (score >= end ? "never" : `from ${grouped(score)}`);
    element("cheapest-text").textContent =
      `Review ${name(best.review)}, block ${name(best.block)}: ${cost(best.total, data.currencies[state.currency])} in all.`;
  });
  refresh();

  // Tables that sort by the heading that is pressed; once more, and the other way round.
  function sortable() {
    for (const table of all("table.sortable")) {
      const heads = Array.from(table.tHead.rows[0].cells);
      heads.forEach((head, column) => {
        head.firstElementChild?.addEventListener("click", () => {
          const isText = !head.classList.contains("n") && !table.tBodies[0].rows[0]?.cells[column]?.dataset.value;
          const wasUp = head.getAttribute("aria-sort") === "ascending";
          const wasDown = head.getAttribute("aria-sort") === "descending";
          const isUp = isText ? !wasUp : wasDown;
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
          const value = ({ cells }) => cells[column].dataset.value ?? (cells[column].querySelector("code") ?? cells[column]).textContent;
          const rows = Array.from(table.tBodies[0].rows).sort((left, right) => {
            const [a, b] = [value(left), value(right)];
            const order = isText ? a.localeCompare(b, "en") : Number(a) - Number(b);
            return isUp ? order : -order;
          });
          table.tBodies[0].append(...rows);
        });
      });
    }
  }

  // On paper nothing can be opened.
  function openForPrint() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = all("details:not([open])");
      opened.forEach((details) => (details.open = true));
    });
    addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
  }
})();
