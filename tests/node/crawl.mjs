// SPDX-License-Identifier: EUPL-1.2
// Finds the pages of the running program by following links, in all three languages.

export const LANGUAGES = ['nl', 'en', 'de']
const PAGES_MAX = 2500
const QUERIES_PER_KIND = 4   // addresses with a query that are followed, per kind of page and language

export function languageOf(path) {
  const match = path.match(/^\/(en|de)(?=\/|$|\?)/)
  return match ? match[1] : 'nl'
}

// What kind of page an address is: "/doelen/1c" and "/en/doelen/7" are both "/doelen/*".
export function kindOf(path) {
  const parts = path.replace(/[?#].*$/, '').replace(/^\/(en|de)(?=\/|$)/, '').split('/').filter(Boolean)
  return '/' + parts.map((part, i) => (i === 0 ? part : '*')).join('/')
}

function decode(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, number, name) => (number ? String.fromCodePoint(number) : named[name] ?? all))
}

export function linksOf(html) {
  return [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map((m) => decode(m[1]))
}

export function idsOf(html) {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map((m) => decode(m[1])))
}

// -> { pages: Map path -> {path, status, type, html, kind, language}, links: [{from, path, fragment}], foreign: Set }
export async function crawl(base) {
  const pages = new Map()
  const links = []
  const foreign = new Set()
  const followed = new Map()
  const queue = ['/', '/en/', '/de/']
  const seen = new Set(queue)
  while (queue.length && pages.size < PAGES_MAX) {
    const batch = queue.splice(0, 8)
    await Promise.all(batch.map(async (path) => {
      const answer = await fetch(base + path, { redirect: 'manual' })
      const type = answer.headers.get('content-type') ?? ''
      const html = type.startsWith('text/html') ? await answer.text() : (await answer.arrayBuffer(), '')
      pages.set(path, { path, status: answer.status, type, html, kind: kindOf(path), language: languageOf(path) })
      for (const href of linksOf(html)) {
        if (/^(mailto|tel):/.test(href)) continue
        const url = new URL(href, base + path)
        if (url.origin !== base) {
          foreign.add(url.href)
          continue
        }
        const target = url.pathname + url.search
        links.push({ from: path, path: target, fragment: decodeURIComponent(url.hash.slice(1)) })
        if (seen.has(target)) continue
        if (url.search) {
          const key = languageOf(target) + kindOf(target)
          followed.set(key, (followed.get(key) ?? 0) + 1)
          if (followed.get(key) > QUERIES_PER_KIND) continue
        }
        seen.add(target)
        queue.push(target)
      }
    }))
  }
  return { pages, links, foreign }
}

// At most `count` pages of every kind in a language, those without a query first.
export function sample(pages, language, count) {
  const kinds = new Map()
  const sorted = [...pages.values()].filter((p) => p.language === language && p.html && p.status === 200)
    .sort((a, b) => a.path.includes('?') - b.path.includes('?'))
  for (const page of sorted) {
    const list = kinds.get(page.kind) ?? []
    if (list.length < count) kinds.set(page.kind, [...list, page])
  }
  return kinds
}
