// SPDX-License-Identifier: EUPL-1.2
// The pages as text: every link leads somewhere, the HTML is valid, the languages have the same pages.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vnu from 'vnu-jar'
import { check, close } from './count.mjs'
import { crawl, idsOf, LANGUAGES, linksOf, sample } from './crawl.mjs'

const base = process.env.APP_URL
const { pages, links } = await crawl(base)

function linksLeadSomewhere() {
  const broken = new Set()
  const missing = new Set()
  for (const link of links) {
    const page = pages.get(link.path)
    if (page && (page.status >= 400 || page.status < 200)) broken.add(`${link.from} -> ${link.path}: ${page.status}`)
    if (page?.html && link.fragment && !idsOf(page.html).has(link.fragment))
      missing.add(`${link.from} -> ${link.path}#${link.fragment}`)
  }
  check(`links lead to pages (${links.length} links, ${pages.size} pages)`, [...broken])
  check('fragments lead to elements', [...missing])
}

function languagesHaveTheSamePages() {
  const kinds = LANGUAGES.map((language) => [...sample(pages, language, 1).keys()].sort())
  check(`the same kinds of pages in every language (${kinds[0].join(' ')})`,
        kinds[0].length > 5 && kinds.every((k) => k.join() === kinds[0].join()))
  for (const language of LANGUAGES) {
    const list = [...pages.values()].filter((p) => p.language === language && p.html && p.status === 200)
    const wrong = list.filter((p) => !p.html.includes(`<html lang="${language}"`)).map((p) => p.path)
    check(`pages of ${language} say so`, wrong)
    const titles = new Map()
    for (const page of list.filter((p) => !p.path.includes('?'))) {
      const title = page.html.match(/<title>([^<]*)<\/title>/)?.[1] ?? ''
      titles.set(title, [...(titles.get(title) ?? []), page.path])
    }
    check(`titles of ${language} tell the pages apart`,
          [...titles].filter(([title, paths]) => paths.length > 1 || !title).map(([title, paths]) => `"${title}": ${paths.join(' ')}`))
  }
}

// Links from a page stay in its language, except those to another language, files and the API.
function linksKeepTheLanguage() {
  const wrong = new Set()
  for (const page of pages.values()) {
    if (page.language === 'nl') continue
    const own = page.html.replace(/<a\b[^>]*\shreflang="[^"]*"[^>]*>/g, '')
    for (const href of linksOf(own)) {
      if (!href.startsWith('/') || href.startsWith('/api/') || href.startsWith('/assets/') || /\.(csv|json|xlsx|ods|zip)(\?|$)/.test(href)) continue
      if (!href.startsWith(`/${page.language}/`) && href !== `/${page.language}`) wrong.add(`${page.path} -> ${href}`)
    }
  }
  check('links keep the language', [...wrong])
}

// Known objections that are not ours to follow; each with its reason.
const ACCEPTED = [
  // CSS of attributes and style is checked by the browser suite; vnu does not know newer properties.
  /^CSS:/
]

function valid() {
  const folder = mkdtempSync(join(tmpdir(), 'pw-html-'))
  const names = new Map()
  let number = 0
  for (const language of LANGUAGES)
    for (const list of sample(pages, language, language === 'nl' ? 4 : 1).values())
      for (const page of list) {
        const name = join(folder, `${++number}.html`)
        names.set(`file:${name}`, page.path)
        writeFileSync(name, page.html)
      }
  const report = execFileSync('java', ['-Xmx300m', '-jar', vnu, '--format', 'json', '--stdout', '--exit-zero-always', ...[...names.keys()].map((n) => n.slice(5))],
                              { encoding: 'utf8', maxBuffer: 64 << 20 })
  rmSync(folder, { recursive: true })
  const problems = new Map()
  for (const message of JSON.parse(report).messages) {
    if (ACCEPTED.some((pattern) => pattern.test(message.message))) continue
    const text = `${message.type}: ${message.message} (${(message.extract ?? '').trim().replace(/\s+/g, ' ').slice(0, 120)})`
    problems.set(text, [...(problems.get(text) ?? []), names.get(message.url) ?? message.url])
  }
  check(`HTML is valid (${number} pages)`, [...problems].map(([text, paths]) => `${text} on ${paths.slice(0, 3).join(' ')}`))
}

linksLeadSomewhere()
languagesHaveTheSamePages()
linksKeepTheLanguage()
valid()
close()
