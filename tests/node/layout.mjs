// SPDX-License-Identifier: EUPL-1.2
// The letters of charts at every width: within the drawing and none over another. Asked of a pact with generated figures
// (tools/generate-pact with indicators), which has all that a chart can show.
import { mkdirSync } from 'node:fs'
import { axe, base, open, work } from './browse.mjs'
import { check } from './count.mjs'

// with a break of definition; with the paths of two editions; a yearly quota; a ceiling
const CHARTS = ['koers-gen-001', 'koers-gen-005', 'koers-gen-008', 'koers-gen-011', 'provincies-gen-001', 'provincies-gen-006', 'halen']
const WIDTHS = [248, 328, 480, 600, 720]

mkdirSync('build/screens', { recursive: true })

// The texts of the chart as [words, left, top, right, bottom], from the corner of the drawing.
function texts() {
  const svg = document.querySelector('.pw-chart__live svg'), corner = svg.getBoundingClientRect()
  return [...svg.querySelectorAll('text')].filter((e) => e.textContent.trim()).map((e) => {
    const box = e.getBoundingClientRect()
    return [e.textContent, box.left - corner.left, box.top - corner.top, box.right - corner.left, box.bottom - corner.top].map((v) => (typeof v === 'number' ? Math.round(v * 10) / 10 : v))
  })
}

async function resize(page, width) {
  await page.evaluate((px) => {
    const live = document.querySelector('.pw-chart__live')
    live.style.width = `${px}px`
    live.style.maxWidth = 'none'
  }, width)
  await page.waitForFunction((px) => document.querySelector('.pw-chart__live svg').getAttribute('width') === String(px), width)
  return page.evaluate(texts)
}

// A line is as high as its letters with room above and below: 3 px of it may be shared.
function over(a, b) {
  return Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 1 && Math.min(a[4], b[4]) - Math.max(a[2], b[2]) > 3
}

const same = (a, b) => a.length === b.length && a.every((v, i) => v === b[i] || Math.abs(v - b[i]) < 0.5)

function problemsOf(all, width, height) {
  const problems = []
  all.forEach((a, i) => {
    if (a[1] < -0.5 || a[2] < -2 || a[3] > width + 0.5 || a[4] > height + 2) problems.push(`"${a[0]}" sticks out: ${a.slice(1)} of ${width} by ${height}`)
    for (const b of all.slice(i + 1)) if (over(a, b)) problems.push(`"${a[0]}" (${a.slice(1)}) over "${b[0]}" (${b.slice(1)})`)
  })
  return problems
}

async function lettersOf(chart, language) {
  const { context, page, trouble } = await open({ width: 1000, height: 900 })
  await page.goto(`${base}${language === 'nl' ? '' : '/' + language}/grafieken/${chart}/inbedden`)
  await page.waitForSelector('.pw-chart--live .pw-chart__live svg', { timeout: 15000 })
  await page.evaluate(() => document.fonts.ready)
  let first = null
  for (const width of WIDTHS) {
    const all = await resize(page, width), height = await page.evaluate(() => document.querySelector('.pw-chart__live svg').height.baseVal.value)
    first = first ?? all
    check(`the letters of ${chart} (${language}) at ${width} px`, all.length < 10 ? [`only ${all.length} texts`] : problemsOf(all, width, height))
    if (language === 'nl') await page.locator('.pw-chart__live').screenshot({ path: `build/screens/${chart}-${width}px.png` })
  }
  const again = await resize(page, WIDTHS[0])
  check(`${chart} (${language}) made narrow again is what it was`, first.map((t, i) => (same(t, again[i] ?? []) ? '' : `${t} is now ${again[i]}`)))
  check(`no errors in ${chart} (${language})`, trouble)
  await context.close()
}

// A page full of living charts.
async function fullPage(path, width) {
  const { context, page, trouble } = await open({ width, height: 900 }, { reducedMotion: 'reduce' })
  await page.goto(base + path)
  const count = await page.evaluate(async () => {
    const figures = [...document.querySelectorAll('figure[data-chart]')]
    for (const figure of figures) {
      figure.scrollIntoView()
      for (let wait = 0; wait < 200 && !figure.matches('.pw-chart--live'); wait++) await new Promise((done) => setTimeout(done, 50))
    }
    return figures.filter((f) => f.matches('.pw-chart--live')).length
  })
  check(`charts come to life on ${path} at ${width} px`, count > 0)
  check(`accessibility of ${path} with ${count} charts at ${width} px`, await axe(page))
  check(`reflow of ${path} with charts at ${width} px`, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
  check(`no unit without its number on ${path} at ${width} px`, await page.evaluate(() => [...document.querySelectorAll('td, li, p')].map((e) => e.textContent.trim()).filter((t) => /^%|: %/.test(t))))
  check(`no errors on ${path} at ${width} px`, trouble)
  await page.screenshot({ path: `build/screens/charts${path.replace(/[^a-z0-9]+/g, '-')}-${width}.png`, fullPage: true })
  await context.close()
}

const jobs = CHARTS.flatMap((chart) => [() => lettersOf(chart, 'nl'), () => lettersOf(chart, 'de')])
for (const width of [1280, 320]) jobs.push(() => fullPage('/', width), () => fullPage('/doelen/1d', width))
await work(jobs)
