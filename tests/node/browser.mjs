// SPDX-License-Identifier: EUPL-1.2
// Every kind of page in a real browser, wide and narrow, in Dutch and English: accessibility rules, reflow, errors,
// keyboard, no JavaScript, back, print. Pictures go to build/screens for people to look at.
// With kinds of pages as arguments ("/voorzieningen" "/regios/*") only these are looked at.
import { mkdirSync } from 'node:fs'
import { axe, base, open as openPage, work } from './browse.mjs'
import { check } from './count.mjs'
import { crawl, sample } from './crawl.mjs'

const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 320, height: 640 }
const TAB_STOPS_MAX = 45   // of long pages only the first so many are walked

mkdirSync('build/screens', { recursive: true })

const { pages } = await crawl(base)

const open = (viewport, options) => openPage(viewport, { locale: 'nl-NL', reducedMotion: 'reduce', ...options })

function nameOf(kind) {
  return kind === '/' ? 'overview' : kind.replace(/^\//, '').replace('/*', '-one').replace(/[^a-z0-9]+/g, '-')
}

// Charts come to life, and become stops of the keyboard, when they come into view: all of them, before anything is counted.
async function bringCharts() {
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    figure.scrollIntoView()
    for (let wait = 0; wait < 200 && !figure.matches('.pw-chart--live'); wait++) await new Promise((done) => setTimeout(done, 50))
  }
  scrollTo(0, 0)
}

// What sticks out at the right so far that the page can be scrolled sideways.
function wideElements() {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return []
  const out = [`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`]
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect()
    if (box.right > root.clientWidth + 1 && out.length < 6) out.push(`${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} to ${Math.round(box.right)}`)
  }
  return out
}

// Cells of tables shown as cards whose content runs over their neighbour: the box around a table would hide it.
function spilledCells() {
  return [...document.querySelectorAll('.pw-table--cards tbody tr > *')].filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
    .slice(0, 4).map((e) => `${e.scrollWidth} px of “${e.textContent.trim().slice(0, 40)}” in ${e.clientWidth}`)
}

// WCAG 1.4.12: nothing may be lost with these distances.
function spaceOut() {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}

// One kind of page in one language, wide and then narrow. In Dutch also the keyboard, print and large text.
async function look(kind, language, path) {
  const { context, page, trouble } = await open(WIDE)
  const dutch = language === 'nl'
  const picture = (name) => (dutch ? page.screenshot({ path: `build/screens/${nameOf(kind)}-${name}.png`, fullPage: true }) : null)
  await page.goto(base + path)
  await page.evaluate(bringCharts)
  if (dutch) await walkByKeyboard(page, path)
  check(`accessibility of ${path} at ${WIDE.width} px`, await axe(page))
  await picture(WIDE.width)
  if (dutch) await print(page, path, picture)
  await page.setViewportSize(NARROW)
  check(`accessibility of ${path} at ${NARROW.width} px`, await axe(page))
  check(`reflow of ${path} at ${NARROW.width} px`, await page.evaluate(wideElements))
  check(`cards of ${path} at ${NARROW.width} px`, await page.evaluate(spilledCells))
  await picture(NARROW.width)
  check(`no errors on ${path}`, trouble.filter((t) => !(kind === 'error' && /404/.test(t))))
  await page.evaluate(spaceOut)
  check(`text spacing of ${path} at ${NARROW.width} px`, await page.evaluate(wideElements))
  if (dutch) await largeText(page, path)
  await context.close()
}

// The controls that should take the keyboard, in the order of the document.
function controls() {
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]')
  const list = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && visible(e))
    .filter((e) => e.tagName !== 'SUMMARY' || e.parentElement.firstElementChild === e)
  const wrong = list.filter((e) => e.tabIndex > 0).map((e) => `positive tabindex on ${e.outerHTML.slice(0, 80)}`)
  list.forEach((e, i) => e.setAttribute('data-tab-stop', i))
  return { count: list.length, wrong }
}

// Where the focus is, and whether one sees it: an outline or shadow that is not there without focus.
function focusState() {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const style = getComputedStyle(e)
  const box = e.getBoundingClientRect()
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
  const middle = document.elementFromPoint(Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1))
  return {
    date: e.type === 'date', stop: e.getAttribute('data-tab-stop'), html: e.outerHTML.replace(/ data-tab-stop="\d+"/, '').slice(0, 90), marked: outlined || style.boxShadow !== 'none',
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: middle !== null && middle !== e && !e.contains(middle) && !middle.contains(e) && !middle.closest('label')
  }
}

// A page of the site has its menu; a chart to be shown in a frame has the chart and two ways to the page it comes from.
const leastControls = (path) => (path.endsWith('/inbedden') ? 3 : 6)

async function walkByKeyboard(page, path) {
  const { count, wrong } = await page.evaluate(controls)
  const problems = [...wrong]
  // from the top: some browsers go on from where charts came to life
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex') })
  for (let i = 0; i < Math.min(count, TAB_STOPS_MAX); i++) {
    await page.keyboard.press('Tab')
    let at = await page.evaluate(focusState)
    // a date field has stops of its own for day, month, year and its calendar: at most four on one control
    for (let inner = 1; inner < 4 && at && at.date && Number(at.stop) === i - 1; inner++) {
      await page.keyboard.press('Tab')
      at = await page.evaluate(focusState)
    }
    if (!at) { problems.push(`stop ${i}: the focus left the page`); break }
    if (Number(at.stop) !== i) { problems.push(`stop ${i} is ${at.html}, number ${at.stop}`); break }
    if (!at.marked) problems.push(`no sign of focus on ${at.html}`)
    if (!at.inView) problems.push(`out of view with focus: ${at.html}`)
    if (at.covered) problems.push(`covered with focus: ${at.html}`)
  }
  check(`keyboard reaches the ${count} controls of ${path} in order, visibly`, count >= leastControls(path) ? problems : ['hardly any controls'])
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0) })
}

async function skipLink(path) {
  const { context, page } = await open(WIDE)
  await page.goto(base + path)
  await page.keyboard.press('Tab')
  const first = await page.evaluate(focusState)
  check(`the first stop of ${path} is the skip link, and it shows`, first?.inView && /href="#/.test(first.html) ? [] : [JSON.stringify(first)])
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  check(`after the skip link of ${path} the focus is in the contents`, await page.evaluate(() => Boolean(document.activeElement.closest('main'))))
  await context.close()
}

// The way of a visitor: search, filter, open one, come back. `javaScript` must make no difference.
async function visit(javaScriptEnabled) {
  const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript'
  const { context, page, trouble } = await open(WIDE, { javaScriptEnabled })
  await page.goto(`${base}/acties`)
  const all = await page.locator('main h2').first().innerText()
  await page.locator('main input[type=search]').fill('techniek')
  await page.locator('main form[role=search] button').click()
  await page.waitForURL(/[?&]q=techniek/)
  const found = await page.locator('main h2').first().innerText()
  check(`the search form narrows ${how}`, found !== all && /\d/.test(found) ? [] : [`"${all}" then "${found}"`])
  check(`the words stay in the form ${how}`, (await page.locator('main input[type=search]').inputValue()) === 'techniek')
  const filters = page.locator('main details').first()
  const outer = filters.locator('summary').first()
  if (await outer.isVisible()) await outer.click()  // on a wide screen the filters stand open
  const facet = filters.locator('details summary').first()
  if ((await facet.locator('xpath=..').getAttribute('open')) === null) await facet.click()
  const choice = filters.locator('ul a:visible').first()
  const address = await choice.getAttribute('href')
  await choice.click()
  await page.waitForURL(base + address)
  check(`a filter is an address of its own ${how}`, /q=techniek/.test(page.url()) && /&\w+=|\?\w+=.*&/.test(page.url()) ? [] : [page.url()])
  await page.goBack()
  check(`back leaves the filter and keeps the search ${how}`,
        page.url() === `${base}/acties?q=techniek` && (await page.locator('main h2').first().innerText()) === found ? [] : [page.url()])
  await page.goBack()
  check(`back once more shows everything ${how}`, (await page.locator('main h2').first().innerText()) === all)
  check(`no errors on this way ${how}`, trouble)
  await context.close()
}

async function print(page, path, picture) {
  await page.emulateMedia({ media: 'print' })
  const seen = await page.evaluate(() => {
    const shows = (selector) => [...document.querySelectorAll(selector)].some((e) => e.checkVisibility())
    return { nav: shows('body > header nav'), search: shows('main form[role=search]'), title: shows('h1'), text: document.querySelector('main')?.innerText.length ?? 0 }
  })
  const problems = []
  if (seen.nav) problems.push('the navigation is printed')
  if (seen.search) problems.push('the search form is printed')
  if (!seen.title || seen.text < 40) problems.push('the contents are not printed')
  check(`print of ${path}`, problems)
  await picture('print')
  await page.emulateMedia({ media: null })
}

// Text twice as large (WCAG 1.4.4): as a browser with a larger standard letter would show it.
async function largeText(page, path) {
  await page.setViewportSize({ width: 640, height: 900 })
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('html { font-size: 200% !important }')
    document.adoptedStyleSheets = [sheet]
  })
  check(`text of 200% on ${path}`, await page.evaluate(wideElements))
}

const dutch = sample(pages, 'nl', 1)
const english = sample(pages, 'en', 1)
check(`there are pages to look at (${[...dutch.keys()].join(' ')})`, dutch.size > 5 && english.size === dutch.size)

const jobs = []
const only = process.argv.slice(2)
const wanted = (kinds) => [...kinds].filter(([kind]) => !only.length || only.includes(kind))
check(`the kinds asked for are there (${only.join(' ')})`, only.filter((kind) => !dutch.has(kind)))
for (const [kind, [page]] of wanted(dutch)) jobs.push(() => look(kind, 'nl', page.path))
for (const [kind, [page]] of wanted(english)) jobs.push(() => look(kind, 'en', page.path))
if (!only.length) jobs.push(() => look('error', 'nl', '/acties/bestaat-niet'), () => look('nothing-found', 'nl', '/acties?q=zzzz'),
          () => look('goal-with-charts', 'nl', '/doelen/1c'), () => look('goal-with-charts', 'en', '/en/doelen/1c'),
          () => look('main-goal-with-charts', 'nl', '/doelen/1'), () => look('second-page', 'nl', '/acties?page=2'), () => look('sub-goals', 'nl', '/matrix?subgoals=1'),
          () => skipLink('/'), () => skipLink('/acties'), () => visit(true), () => visit(false))

await work(jobs)
