// Opens the review page as a reader does: with and without scripts, in light and in dark, on a
// screen, on a phone and on paper. Prints a line a check; exits with 1 if one does not hold.
//
//   node review-page.mjs DRAFT.html COMPLETE.html HOSTILE.html CHARTS.html [FOLDER FOR SCREENSHOTS]

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [draft, complete, hostile, charts, shots] = process.argv.slice(2);
const address = (path) => pathToFileURL(resolve(path)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (shots) {
  mkdirSync(shots, { recursive: true });
  copyFileSync(charts, join(shots, "charts.html"));
}

const browser = await chromium.launch({
  executablePath: process.env.LAUNCHGATE_CHROMIUM || "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

let failed = 0;

/** Runs one check on a page of its own; whatever it reports or requests that is not `expected` fails it. */
async function check(name, path, options, body, expected = /^$/) {
  const { hash = "", ...context } = options;
  const surroundings = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context });
  const page = await surroundings.newPage();
  const strange = [];
  page.on("request", (request) => {
    if (request.url().split(/[#?]/)[0] !== address(path)) strange.push(`request of ${request.url()}`);
  });
  page.on("pageerror", (error) => strange.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (!expected.test(message.text())) strange.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    strange.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  try {
    await page.goto(address(path) + hash);
    await body(page);
    assert.deepEqual(strange, []);
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}\n`);
  }
  await surroundings.close();
}

async function shoot(page, name, options = {}) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), ...options });
}

const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
const field = (page, label) => page.locator("#filter").getByLabel(label, { exact: true });
const status = (page) => page.locator("#filter-status").textContent();
const visible = (page) =>
  page.locator("article.finding:visible h4").evaluateAll((titles) => titles.map((title) => title.textContent.trim()));
const rules = (page) =>
  page.locator("article.finding:visible .rule").evaluateAll((rules) => rules.map((rule) => rule.textContent));

await check("the verdict, the owners and the findings are there", draft, {}, async (page) => {
  assert.equal(await page.locator("h1").textContent(), "The gate fails");
  assert.match(await page.locator(".verdict").textContent(), /15 findings block the launch\. 2 documents/);
  const owners = await page.locator("#blocks .group").allTextContents();
  assert.equal(owners.length, 2);
  assert.match(owners[0], /Consumer credit risk model.*Owner: Credit risk modelling/);
  assert.match(owners[1], /Instant credit decisions.*Owner: TBD/);
  assert.equal((await visible(page)).length, 15);
  assert.equal(await status(page), "15 findings");
  await shoot(page, "light", { fullPage: true });
});

await check("a filter narrows the findings, says so and is in the address", draft, {}, async (page) => {
  await field(page, "Pack").selectOption("privacy");
  const shown = await rules(page);
  assert.equal(await status(page), "5 of 15 findings");
  assert.ok(shown.length === 5 && shown.every((rule) => rule.startsWith("privacy/")), shown);
  assert.match(page.url(), /#findings\?pack=privacy$/);

  await field(page, "Text").fill("retention P2Y");
  await page.waitForFunction(() => document.getElementById("filter-status").textContent === "1 of 15 findings");
  assert.deepEqual(await rules(page), ["privacy/retention-limit"]);
  await shoot(page, "filtered");

  await field(page, "Text").fill("no such words");
  await page.waitForFunction(() => document.getElementById("filter-status").textContent === "0 of 15 findings");
  assert.equal(await page.locator("div.group:visible").count(), 0);

  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await status(page), "15 findings");
  assert.equal(page.url(), address(draft));

  await field(page, "Outcome").selectOption("unknown");
  assert.deepEqual(await rules(page), ["core/references-resolve"]);
  await page.getByRole("button", { name: "Show all" }).click();
  await field(page, "Severity").selectOption("error");
  assert.equal(await status(page), "15 findings");
  await field(page, "Document").selectOption({ label: "Consumer credit risk model" });
  assert.equal(await status(page), "4 of 15 findings");
});

await check("a warning that does not block is hidden by `Blocks now`", hostile, {}, async (page) => {
  const all = (await visible(page)).length;
  await field(page, "Blocks now").check();
  const blocking = await page.locator("article.finding:visible").evaluateAll((cards) =>
    cards.every((card) => card.dataset.blocking === "1"),
  );
  const shown = (await visible(page)).length;
  assert.ok(blocking && shown > 0 && shown < all, `${shown} of ${all}`);
  assert.match(page.url(), /#findings\?blocking=1$/);
});

await check("a shared link opens the same findings", draft, { hash: "#findings?pack=fairness&severity=error" }, async (page) => {
  assert.equal(await status(page), "3 of 15 findings");
  assert.equal(await field(page, "Pack").inputValue(), "fairness");
});

await check("a link with a choice that is not there shows everything", draft, { hash: "#findings?pack=gone" }, async (page) => {
  assert.equal(await status(page), "15 findings");
});

await check("a cell of the matrix leads to its findings", draft, {}, async (page) => {
  const cell = page.locator('.matrix a[data-pack="core"]');
  assert.equal(await cell.textContent(), "3 failed");
  await cell.click();
  assert.equal(await status(page), "4 of 15 findings");
  assert.match(page.url(), /#findings\?pack=core&document=instant-credit$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "findings-title");
  await page.goBack();
  assert.equal(await page.evaluate(() => location.hash), "");
});

await check("a link to a finding shows it, whatever the filter hides", draft, {}, async (page) => {
  await field(page, "Pack").selectOption("fairness");
  await page.locator("#blocks a", { hasText: "the limit is P2Y" }).click();
  assert.equal(await status(page), "15 findings");
  const card = page.locator("article.finding:target");
  assert.match(await card.locator("h4").textContent(), /is kept for P10Y; the limit is P2Y/);
  assert.ok(await card.isVisible());
});

await check("a finding has its lines, its control and its next action", draft, {}, async (page) => {
  const card = page.locator("article.finding", { hasText: "the limit is P2Y" });
  assert.equal(await card.locator("mark.primary").textContent(), "P10Y");
  const place = await card.locator("figcaption").first().textContent();
  const number = await card.locator(".line.hit .n").first().textContent();
  assert.equal(place.split(":").at(-2), number, place);
  const [mark, label] = await Promise.all([
    card.locator("mark.primary").boundingBox(),
    card.locator(".label.primary .say").boundingBox(),
  ]);
  assert.ok(label.y >= mark.y + mark.height - 4, "the label stands under its line");
  assert.ok(Math.abs(label.x - mark.x) < 2, `the label stands under its mark: ${label.x}, ${mark.x}`);
  const text = await card.textContent();
  for (const said of ["Shorten", "Art. 5(1)(e)", "in force since 2018-05-25", "Fingerprint"]) {
    assert.ok(text.includes(said), said);
  }
});

await check("without scripts everything is in view and the filter is not", draft, { javaScriptEnabled: false }, async (page) => {
  assert.equal(await page.locator("article.finding:visible").count(), 15);
  assert.equal(await page.locator("#filter").isVisible(), false);
  assert.equal(await page.locator("details:not([open])").count(), 0);
  assert.ok(await page.getByText("privacy/children-answered").first().isVisible());
  await page.locator("#blocks a").first().click();
  assert.match(page.url(), /#f-[0-9a-f]{32}$/);
  await shoot(page, "without-scripts", { fullPage: true });
});

await check("the keyboard reaches the filter in the order that is seen", draft, {}, async (page) => {
  await page.keyboard.press("Tab");
  const skip = page.getByText("Skip to the review");
  assert.equal(await skip.evaluate((link) => link === document.activeElement), true);
  assert.ok((await skip.boundingBox()).y >= 0, "the skip link is in view while it has the focus");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");

  await field(page, "Severity").focus();
  const order = [];
  for (let step = 0; step < 7; step += 1) {
    order.push(await page.evaluate(() => document.activeElement.name || document.activeElement.type));
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid", `the focus is seen on ${order.at(-1)}`);
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(order, ["severity", "outcome", "pack", "document", "q", "blocking", "reset"]);

  await field(page, "Pack").focus();
  await page.keyboard.type("fair");
  assert.equal(await status(page), "3 of 15 findings");
  await page.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("details[open]").count(), 1);
});

await check("the result of a filter is announced", draft, {}, async (page) => {
  const region = page.locator("#filter-status");
  assert.equal(await region.getAttribute("aria-live"), "polite");
  assert.equal(await region.getAttribute("role"), "status");
});

await check("on paper everything is unfolded, the form is gone, and the screen is as before", draft, {}, async (page) => {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("details:not([open])").count(), 0);
  assert.equal(await page.locator("#filter").isVisible(), false);
  const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.ok(paper.length > 10_000);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("details[open]").count(), 0);
});

for (const width of [360, 768, 1280]) {
  await check(`nothing is wider than a window of ${width} pixels`, draft, { viewport: { width, height: 800 } }, async (page) => {
    await unfold(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide}`);
    await shoot(page, `width-${width}`);
  });
}

await check("what a document says is text and nothing else", hostile, {}, async (page) => {
  assert.equal(await page.evaluate(() => globalThis.struck), undefined);
  assert.equal(await page.locator("img, iframe, object, embed, link, base").count(), 0);
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("style").count(), 1);
  assert.match(await page.locator("main").textContent(), /<\/script><script>struck=1<\/script>/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 1280, `${wide}`);
  await shoot(page, "hostile", { fullPage: true });
});

await check("a script that gets in is not run", draft, {}, async (page) => {
  await page.evaluate(() => {
    globalThis.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.refused.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "globalThis.struck = 1";
    document.body.append(script);
  });
  await page.waitForFunction(() => globalThis.refused.length === 1);
  assert.deepEqual(await page.evaluate(() => globalThis.refused), ["script-src-elem"]);
  assert.equal(await page.evaluate(() => globalThis.struck), undefined);
}, /Content Security Policy/);

await check("a launch that is ready says so and has no form", complete, {}, async (page) => {
  assert.equal(await page.locator("h1").textContent(), "The gate passes");
  assert.equal(await page.locator("#filter, #findings, #blocks").count(), 0);
  await page.locator("summary").first().click();
  await shoot(page, "complete", { fullPage: true });
});

await check("a claim has its numbers, its threshold, its status, and leads to its finding", charts, {}, async (page) => {
  const row = page.locator("table.claims tbody tr:not(.group)").first();
  const text = (await row.textContent()).replace(/\s+/g, " ");
  for (const said of ["Demographic parity ratio", "by sex", "0.81", "0.720", "0.664 to 0.779 (95 %)", "at least 0.8", "missed", "differs from the evidence"]) {
    assert.ok(text.includes(said), `${said} in ${text}`);
  }
  await row.locator("td a").first().click();
  const card = page.locator("article.finding:target");
  assert.ok(await card.isVisible());
  assert.equal(`Finding ${await card.locator("h4 .no").textContent()}`, await row.locator("td a").first().textContent());
  await row.locator("th a").click();
  assert.match(await page.locator("figure:target figcaption").textContent(), /Selection rate by sex/);
});

/** Where the marks of a chart's rows are, in the column in which they are drawn: 0 to 1. */
const places = (figure, what) =>
  figure.locator("tbody tr").evaluateAll((rows, what) =>
    rows.map((row) => {
      const column = row.querySelector(".strip").getBoundingClientRect();
      const mark = row.querySelector(what)?.getBoundingClientRect();
      return mark ? (mark.x + mark.width / 2 - column.x) / column.width : null;
    }), what);

for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["a phone", { viewport: { width: 390, height: 800 } }],
  ["scripts off", { javaScriptEnabled: false }],
]) {
  await check(`a chart has a mark for each rate, in its place: ${name}`, charts, options, async (page) => {
    const figure = page.locator("#claim-1");
    const marks = await places(figure, ".mark");
    const rates = [5 / 21, 201 / 347, 402 / 500];
    assert.equal(marks.length, 4);
    assert.equal(marks[3], null, "a rate that is undefined has no mark");
    rates.forEach((rate, at) => {
      const expected = 0.04 + rate * 0.92;
      assert.ok(Math.abs(marks[at] - expected) < 0.01, `${marks[at]} is not at ${expected}`);
    });
    const ink = await figure.locator(".mark.fair").evaluate((mark) => getComputedStyle(mark).fill);
    const body = await page.locator("body").evaluate((body) => getComputedStyle(body).color);
    assert.equal(ink, body, "marks have the colour of the text");
    const hollow = await figure.locator(".mark.small").evaluate((mark) => getComputedStyle(mark).fill);
    assert.notEqual(hollow, ink, "what is too small is hollow");
    for (const part of ["fairness", "sign-offs"]) {
      await shoot(page.locator(`#${part}`), `${part}-${name.replace(" ", "-")}`);
    }
  });
}

await check("what a chart shows is said in words", charts, {}, async (page) => {
  const rows = await page.locator("#claim-1 tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
  assert.deepEqual(rows.map((row) => row.filter((_, at) => at !== 1)), [
    ["(no value)too small to decide", "5 of 21", "0.238", "0.106 to 0.451"],
    ["femalebelow the line", "201 of 347", "0.579", "0.527 to 0.630"],
    ["male", "402 of 500", "0.804", "0.767 to 0.836"],
    ["non-binarytoo small to decide", "0 of 0", "no rate: nobody counts for it"],
  ]);
  assert.match(await page.locator("#claim-1").textContent(), /stands at 0\.643; the highest rate is 0\.804, that of male\./);
  assert.match(await page.locator("#claim-3").textContent(), /not drawn: the evidence gives no value/);
  const names = await page.locator("figure.chart").evaluateAll((figures) =>
    figures.map((figure) => document.getElementById(figure.getAttribute("aria-labelledby"))?.textContent));
  assert.equal(names.length, 5);
  assert.ok(names.every(Boolean), names);
});

await check("the keyboard unfolds a long chart", charts, {}, async (page) => {
  const long = page.locator("figure.long");
  assert.equal(await long.locator("table").isVisible(), false);
  await long.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await long.locator("table").isVisible());
  assert.equal(await long.locator("tbody tr").count(), 40);
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus is seen on the chart");
});

await check("charts and sign-offs are on paper", charts, {}, async (page) => {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("figure.chart table:visible").count(), 5);
  if (shots) {
    await page.pdf({ path: join(shots, "charts.pdf"), preferCSSPageSize: true, printBackground: true });
  }
  const exact = await page.locator(".strip").first().evaluate((strip) => getComputedStyle(strip).printColorAdjust);
  assert.equal(exact, "exact");
});

await check("a sign-off says what it is worth, in words and by a shape", charts, {}, async (page) => {
  const section = page.locator("#sign-offs");
  for (const said of [
    "stated, not verified", "expired", "over as of 2026-11-22", "rejected", "missing", "nobody named", "valid",
    "stale: changed since it was given", "revoked", "given for something else", "could not be verified",
    "Conditions: SEC-430 is fixed with the release after the launch",
  ]) {
    assert.ok((await section.textContent()).includes(said), said);
  }
  const rows = await section.locator("tbody tr:not(.group)").count();
  assert.equal(rows, 10);
  assert.equal(await section.locator("td:last-child .tag > svg").count(), rows);
});

await check("what documents state is not said to be verified", draft, {}, async (page) => {
  assert.match(await page.locator("#sign-offs .lead").textContent(), /No signature was verified/);
  const worth = await page.locator("#sign-offs td:last-child .tag").allTextContents();
  assert.ok(worth.length > 0 && worth.every((tag) => tag === "stated, not verified"), worth);
});

for (const width of [360, 768]) {
  await check(`no chart is wider than a window of ${width} pixels`, charts, { viewport: { width, height: 800 } }, async (page) => {
    await unfold(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide}`);
  });
}

const views = [
  ["draft", draft, "light"],
  ["draft", draft, "dark"],
  ["complete", complete, "light"],
  ["hostile", hostile, "dark"],
  ["charts", charts, "light"],
  ["charts", charts, "dark"],
];
for (const [name, path, colorScheme] of views) {
  // The policy of the page would keep the checker out.
  await check(`no barrier in the ${name} page, ${colorScheme}`, path, { colorScheme, bypassCSP: true }, async (page) => {
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, colorScheme === "dark" ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
    await unfold(page);
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const barriers = found.violations.map((violation) => ({
      rule: violation.id,
      impact: violation.impact,
      where: violation.nodes.slice(0, 3).map((node) => `${node.target}: ${node.failureSummary}`),
    }));
    assert.deepEqual(barriers, []);
    if (colorScheme === "dark" && path !== charts) await shoot(page, `dark-${name}`, { fullPage: true });
  });
}

await browser.close();
process.exit(failed === 0 ? 0 : 1);
