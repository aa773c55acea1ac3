// SPDX-License-Identifier: EUPL-1.2
// What the suites in a real browser share: the browser, the rules of accessibility, and doing jobs two at a time.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { check, close } from './count.mjs'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export const base = process.env.APP_URL

export const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
         '--disable-sync', '--no-first-run', '--disable-dev-shm-usage']
})

// A page that writes down what goes wrong in it: console errors (a refused style or script is one), failed and foreign requests.
export async function open(viewport, options = {}) {
  const context = await browser.newContext({ viewport, ...options })
  const page = await context.newPage()
  const trouble = []
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') trouble.push(`console: ${m.text()}`) })
  page.on('pageerror', (e) => trouble.push(`error: ${e.message}`))
  // a page that is left takes its unfinished requests with it
  page.on('requestfailed', (r) => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') trouble.push(`failed: ${r.url()}`) })
  page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) trouble.push(`foreign: ${r.url()}`) })
  return { context, page, trouble }
}

// What axe has against a page, but for the rules named.
export async function axe(page, without = []) {
  await page.evaluate(axeSource)
  const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), TAGS)
  return result.violations.filter((v) => !without.includes(v.id))
    .map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 2).map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`)
}

// Does the jobs, two at a time (the machine that runs this has two cores), and closes with the count.
export async function work(jobs) {
  async function worker() {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      try {
        await job()
      } catch (error) {
        check(`${job}`, [String(error.stack ?? error).slice(0, 600)])
      }
    }
  }
  await Promise.all([worker(), worker()])
  await browser.close()
  close()
}
