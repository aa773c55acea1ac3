// SPDX-License-Identifier: EUPL-1.2
// Charts in a real browser: the live one is the server's, it can be used with the keyboard, the picture is there without
// JavaScript and when anything fails, and another site may frame it.
import { mkdirSync } from 'node:fs'
import http from 'node:http'
import { axe, base, browser, open as openPage, work } from './browse.mjs'
import { check } from './count.mjs'

const CHART = 'koers-1c-examen'   // a chart with figures in the shipped pact
const BESIDE = 'provincies-1c-examen'

mkdirSync('build/screens', { recursive: true })

const open = (width, options) => openPage({ width, height: 900 }, options)

const alive = (page) => page.waitForSelector('.pw-chart--live .pw-chart__live svg', { timeout: 15000 })

// The shapes of a drawing in their order, as what they look like and their numbers. The server rounds to tenths, and
// writes a circle as two arcs where the browser writes one: of a path with arcs only the place counts and where it begins.
function shapesOf(svg) {
  return [...svg.replace(/<defs[^]*?<\/defs>/g, '').matchAll(/<(path|polygon|polyline|line) [^>]*>/g)].map(([tag, kind]) => {
    const data = (/\b(?:d|points)="([^"]*)"/.exec(tag) ?? [])[1] ?? '', attribute = (name) => (new RegExp(` ${name}="([^"]*)"`).exec(tag) ?? [])[1]
    const numbers = (text) => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number)
    // a path of straight lines and a polygon are the same
    const curves = data.replace(/A[^]*/, 'A').replace(/[-\d. MLZ]+/g, ' ').trim()
    const look = [kind === 'line' ? kind : 'path', attribute('stroke'), attribute('fill'), attribute('stroke-dasharray'), curves].join(' ')
    return { look, numbers: [...numbers(data.replace(/A[^]*/, '')), ...numbers(attribute('transform') ?? '')] }
  })
}

const TENTH = 0.11   // rounding of a number, and of the one that it is relative to

function shapeDiffers(a, b) {
  if (!b || a.look !== b.look || a.numbers.length !== b.numbers.length) return true
  return a.numbers.some((n, i) => Math.abs(n - b.numbers[i]) > TENTH)
}

async function sameChart(language, query, width, chart = CHART) {
  const { context, page, trouble } = await open(width)
  const prefix = language === 'nl' ? '' : `/${language}`
  await page.goto(`${base}${prefix}/grafieken/${chart}/inbedden${query}`)
  await alive(page)
  const size = width < 700 ? 'narrow' : 'wide'
  // exactly as wide as the server draws it
  const target = size === 'narrow' ? 328 : 720
  await page.evaluate((px) => {
    const live = document.querySelector('.pw-chart__live')
    live.style.width = `${px}px`
    live.style.maxWidth = 'none'
  }, target)
  await page.waitForFunction((px) => document.querySelector('.pw-chart__live svg').getAttribute('width') === String(px), target)
  const drawn = await page.locator('.pw-chart__live svg').evaluate((e) => e.outerHTML)
  const server = await (await fetch(`${base}${prefix}/grafieken/${chart}.svg${query ? query + '&' : '?'}size=${size}`)).text()
  const here = shapesOf(drawn), there = shapesOf(server)
  const problems = []
  if (there.length < 10) problems.push(`only ${there.length} shapes in the server's picture`)
  if (here.length !== there.length) problems.push(`${here.length} shapes in the browser, ${there.length} from the server`)
  there.forEach((shape, i) => { if (shapeDiffers(shape, here[i])) problems.push(`server ${JSON.stringify(shape).slice(0, 200)}; browser ${JSON.stringify(here[i])?.slice(0, 200)}`) })
  check(`the browser draws the server's shapes of ${chart} (${language}, ${size}${query})`, problems)
  check(`and writes its words of ${chart} (${language}, ${size}${query})`, wordsOf(drawn) === wordsOf(server) ? [] : [wordsOf(drawn), wordsOf(server)])
  check(`no errors while drawing (${language}, ${size})`, trouble)
  await context.close()
}

async function accessible(chart, language, width) {
  const { context, page, trouble } = await open(width, { reducedMotion: 'reduce' })
  await page.goto(`${base}${language === 'nl' ? '' : '/' + language}/grafieken/${chart}/inbedden`)
  await alive(page)
  // it is a part of a page: a heading of the first level is that page's
  check(`accessibility of ${chart} in a frame (${language}, ${width} px)`, await axe(page, ['page-has-heading-one']))
  check(`no scrolling sideways in ${chart} (${language}, ${width} px)`, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
  check(`no errors in ${chart} (${language}, ${width} px)`, trouble)
  await page.screenshot({ path: `build/screens/${chart}-${language}-${width}.png`, fullPage: true })
  await context.close()
}

async function keyboard() {
  const { context, page, trouble } = await open(1000)
  await page.goto(`${base}/grafieken/${CHART}/inbedden`)
  await alive(page)
  const says = () => page.locator('[data-chart-says]').textContent()
  const tip = () => page.locator('.pw-chart__tip').evaluateAll((list) => list.some((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })))
  await page.locator('.pw-chart__live').focus()
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement)
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
  })
  check('a chart shows that it has the focus', outline)
  await page.keyboard.press('ArrowRight')
  const first = await says()
  check('the right arrow says the first point', /\d/.test(first) ? [] : [first])
  check('and shows it', await tip())
  await page.keyboard.press('ArrowDown')
  const other = await says()
  check('the down arrow goes to another series', other !== first && /\d/.test(other) ? [] : [first, other])
  await page.keyboard.press('ArrowRight')
  const next = await says()
  check('the right arrow goes to its next point', next !== other && /\d/.test(next) ? [] : [other, next])
  await page.keyboard.press('End')
  const last = await says()
  await page.keyboard.press('ArrowRight')
  check('and stays at the last', last !== other && (await says()) === last ? [] : [last])
  await page.keyboard.press('Home')
  check('Home goes back to the first', (await says()) === other)
  await page.keyboard.press('Escape')
  check('Escape says nothing any more', (await says()) === '')
  await page.waitForFunction(() => ![...document.querySelectorAll('.pw-chart__tip')].some((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })), null, { timeout: 5000 })
  check('no errors by keyboard', trouble)
  await context.close()
}

async function mouse() {
  const { context, page, trouble } = await open(1000)
  await page.goto(`${base}/grafieken/${CHART}/inbedden`)
  await alive(page)
  await page.locator('.pw-chart__live').focus()
  await page.keyboard.press('ArrowRight')
  const words = await page.locator('.pw-chart__tip').innerText()
  check('the tip has the words of the point and no markup', /\d/.test(words) && !/[<>]/.test(words) ? [] : [words])
  await page.screenshot({ path: 'build/screens/chart-tip.png' })
  check('no style is refused in a tip', trouble)
  await context.close()
}

// The picture is there, and seen.
const pictureSeen = (page) => page.evaluate(() => {
  const image = document.querySelector('.pw-chart__picture img'), live = document.querySelector('.pw-chart__live')
  return image.checkVisibility() && image.complete && image.naturalWidth > 0 && !live.checkVisibility()
})

async function withoutScript() {
  for (const width of [1000, 320]) {
    const { context, page } = await open(width, { javaScriptEnabled: false })
    await page.goto(`${base}/grafieken/${CHART}/inbedden`, { waitUntil: 'load' })
    check(`the picture is there without JavaScript (${width} px)`, await pictureSeen(page))
    const source = await page.locator('.pw-chart__picture img').evaluate((e) => e.currentSrc)
    check(`of the right size (${width} px)`, /size=narrow/.test(source) === (width < 700) ? [] : [source])
    await page.screenshot({ path: `build/screens/chart-noscript-${width}.png`, fullPage: true })
    await context.close()
  }
}

const wordsOf = (svg) => [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map((m) => m[1].replaceAll('&nbsp;', '\u00a0')).sort().join('|')

// Who has no JavaScript sees every chart of a page, with the words that the living ones have.
async function pageWithoutScript(path) {
  const plain = await open(1280, { javaScriptEnabled: false })
  await plain.page.goto(base + path, { waitUntil: 'load' })
  const still = {}
  for (const image of await plain.page.locator('figure.pw-chart img').all()) {
    await image.scrollIntoViewIfNeeded()
    const source = await image.evaluate((e) => new URL(e.currentSrc).pathname + new URL(e.currentSrc).search)
    still[await image.evaluate((e) => e.closest('figure').id)] = wordsOf(await (await fetch(base + source)).text())
  }
  await plain.context.close()
  const living = await open(1280)
  await living.page.goto(base + path)
  const problems = []
  for (const figure of await living.page.locator('figure[data-chart]').all()) {
    await figure.scrollIntoViewIfNeeded()
    await figure.locator('.pw-chart__live svg').waitFor({ timeout: 15000 })
    const id = await figure.getAttribute('id'), words = wordsOf(await figure.locator('.pw-chart__live svg').evaluate((e) => e.outerHTML))
    if (still[id] !== words) problems.push(`${id} without: ${still[id]}`, `${id} with: ${words}`)
    delete still[id]
  }
  problems.push(...Object.keys(still).map((id) => `${id} does not come to life`))
  check(`the charts of ${path} are the same without JavaScript`, problems)
  await living.context.close()
}

async function failing(what, pattern, handle) {
  const { context, page } = await open(1000)
  await page.route(pattern, handle)
  const tried = page.waitForEvent('console', { predicate: (m) => m.text().includes('stays a picture'), timeout: 15000 })
  await page.goto(`${base}/grafieken/${CHART}/inbedden`)
  await tried
  check(`the picture stays when ${what}`, await pictureSeen(page))
  await context.close()
}

async function print() {
  const { context, page } = await open(1000)
  await page.goto(`${base}/grafieken/${CHART}/inbedden`)
  await alive(page)
  await page.emulateMedia({ media: 'print' })
  check('print has the picture', await pictureSeen(page))
  // the page has these figures below, with their origin: the table of twelve columns is printed by who opened it
  await page.goto(`${base}/doelen/1c`)
  const shown = () => page.locator('.pw-chart__table table').first().evaluate((e) => e.checkVisibility({ contentVisibilityAuto: true }))
  check('print leaves out a closed table', !(await shown()))
  await page.locator('.pw-chart__table').first().evaluate((e) => { e.open = true })
  check('and has an opened one', await shown())
  await context.close()
}

// Another site with two frames: the chart and a page. Only the first may be shown.
async function framing() {
  const site = http.createServer((request, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end(`<!doctype html><title>Other</title><iframe id=a src="${base}/grafieken/${CHART}/inbedden" width=760 height=700></iframe>` +
      `<iframe id=b src="${base}/doelen"></iframe><img id=c src="${base}/grafieken/${CHART}.svg">`)
  })
  await new Promise((done) => site.listen(0, '127.0.0.1', done))
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } })
  const page = await context.newPage()
  await page.goto(`http://localhost:${site.address().port}/`)
  const inside = page.frameLocator('#a')
  await inside.locator('.pw-chart--live svg').first().waitFor({ timeout: 15000 })
  check('another site may frame a chart, and it lives there', true)
  check('and link back to the page', await inside.locator('a[target=_blank]').first().getAttribute('href') === '/doelen/1c')
  const refused = await page.frame({ url: /doelen|chrome-error/ })?.evaluate(() => document.title).catch(() => '')
  check('another site may not frame a page', !/Doelen/.test(refused ?? '') ? [] : [refused])
  await page.waitForFunction(() => document.querySelector('#c').complete)
  check('another site may show the picture', await page.evaluate(() => document.querySelector('#c').naturalWidth === 720))
  await context.close()
  site.close()
}

// The table of widths in chart-common.js is that of the font the picture names.
async function widths() {
  const { context, page } = await open(1000)
  await page.goto(`${base}/grafieken/${CHART}/inbedden`)
  await alive(page)
  const wrong = await page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    canvas.font = '100px "DejaVu Sans"'
    const wrong = []
    for (let code = 32; code < 127; code++) {
      const letter = String.fromCharCode(code), real = canvas.measureText(letter).width
      const ours = pactCharts.measureText(letter, '100px Verdana').width
      if (Math.abs(real - ours) > 0.2) wrong.push(`${letter}: ${ours}, the font has ${real}`)
    }
    return wrong
  })
  check('letters are as wide as in DejaVu Sans', wrong)
  await context.close()
}

const abort = (route) => route.abort()
const jobs = [
  () => sameChart('nl', '', 1000), () => sameChart('en', '', 1000), () => sameChart('nl', '', 400),
  () => sameChart('nl', '?asOf=2030-01-01', 1000), () => accessible(CHART, 'nl', 1280), () => accessible(CHART, 'en', 320),
  () => accessible(BESIDE, 'nl', 320), () => accessible(BESIDE, 'en', 1280), () => sameChart('de', '', 1000, BESIDE),
  () => sameChart('nl', '', 400, BESIDE), keyboard, mouse,
  withoutScript, () => pageWithoutScript('/doelen/1c'), () => pageWithoutScript('/en/doelen/1'), () => failing('the option cannot be fetched', '**/grafieken/*.json*', abort),
  () => failing('ECharts cannot be loaded', '**/vendor/echarts.js', abort),
  () => failing('the option cannot be drawn', '**/grafieken/*.json*', (route) => route.fulfill({ json: { option: { series: [{ type: 'pie' }] } } })),
  print, framing, widths]

await work(jobs)
