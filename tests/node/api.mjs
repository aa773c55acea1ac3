// SPDX-License-Identifier: EUPL-1.2
// The API as its own description tells it: the description keeps to the design rules, and every answer to what it
// offers (each path, each parameter, good and bad values) is of the schema it promises.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { check, close } from './count.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const base = process.env.APP_URL
const answer = await fetch(`${base}/api/v1/openapi.json`)
const text = await answer.text()
check('the description is there', answer.status === 200 ? [] : [`status ${answer.status}`])
const api = JSON.parse(text)
const prefix = new URL(api.servers[0].url, base).pathname

function designRules() {
  const folder = mkdtempSync(join(tmpdir(), 'pw-api-'))
  const file = join(folder, 'openapi.json')
  writeFileSync(file, text)
  let out = ''
  try {
    out = execFileSync(join(here, 'node_modules/.bin/spectral'),
                       ['lint', file, '--ruleset', join(here, 'spectral.yaml'), '--fail-severity', 'error', '-f', 'json', '--quiet'],
                       { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    out = error.stdout || JSON.stringify([{ severity: 0, code: 'spectral', message: String(error.stderr || error), path: [] }])
  }
  rmSync(folder, { recursive: true })
  const found = JSON.parse(out.trim() || '[]')
  check('the description keeps to the API design rules', found.map((f) => `${f.code}: ${f.message} at ${f.path.join('.')}`))
}

function invalidInput() {
  const silent = Object.entries(api.paths).filter(([, item]) => (item.get.parameters ?? []).length && !item.get.responses['400']).map(([path]) => path)
  check('/core/error-handling/invalid-input: what takes parameters says what follows on wrong ones', silent)
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats(ajv)
ajv.addSchema({ $id: 'api', ...api })
const validators = new Map()

function pointer(...parts) {
  return parts.map((p) => encodeURIComponent(p.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')
}

// A response may be given by reference.
function resolve(value, at) {
  if (!value?.$ref) return { value, at }
  const parts = value.$ref.slice(2).split('/')
  return { value: parts.reduce((v, p) => v?.[p.replace(/~1/g, '/').replace(/~0/g, '~')], api), at: pointer(...parts) }
}

let answers = 0

// Asks for an address of the operation at `path` and holds the answer against its description.
async function ask(path, operation, address, expected) {
  const response = await fetch(base + prefix + address)
  const body = await response.text()
  const problems = []
  const type = (response.headers.get('content-type') ?? '').split(';')[0]
  answers++
  if (!expected.includes(response.status)) problems.push(`status ${response.status}, expected ${expected.join(' or ')}: ${body.slice(0, 200)}`)
  const code = String(response.status)
  const key = operation.responses[code] ? code : 'default'
  const found = resolve(operation.responses[key], pointer('paths', path, 'get', 'responses', key))
  if (!found.value) problems.push(`status ${code} is not described`)
  const content = found.value?.content?.[type]
  if (found.value && !content) problems.push(`content type "${type}" is not described for status ${code}`)
  if (response.headers.get('api-version') !== api.info.version) problems.push(`API-Version is ${response.headers.get('api-version')}`)
  if (response.status >= 400 && type !== 'application/problem+json') problems.push(`an error of type ${type}`)
  let data
  try {
    data = JSON.parse(body)
  } catch (error) {
    problems.push(`no JSON: ${error.message}`)
  }
  if (content?.schema && data !== undefined) {
    const id = `api#/${found.at}/${pointer('content', type, 'schema')}`
    if (!validators.has(id)) validators.set(id, ajv.compile({ $ref: id }))
    const validate = validators.get(id)
    if (!validate(data)) problems.push(...validate.errors.slice(0, 5).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`))
  }
  check(`GET ${prefix}${address}`, problems)
  return data
}

// Values that a parameter should take, and values that it must refuse.
function valuesOf(schema) {
  const items = schema.type === 'array' ? schema.items : schema
  const type = [items.type].flat()[0]
  if (items.enum) return { good: items.enum.filter((v) => v !== null), bad: ['no-such-choice'] }
  if (type === 'integer')
    return { good: [items.minimum ?? 1, Math.min(items.maximum ?? 2, (items.minimum ?? 1) + 1)],
             bad: ['x', '1.5', '99999999999999999999', ...(items.minimum !== undefined ? [items.minimum - 1] : []),
                   ...(items.maximum !== undefined ? [items.maximum + 1] : [])] }
  if (type === 'boolean') return { good: ['true', 'false'], bad: ['misschien'] }
  if (items.format === 'date') return { good: ['2013-11-15'], bad: ['15-11-2013', '2013-02-30'] }
  if (items.pattern) return { good: [], maybe: ['a', 'techniek'], bad: ['<b>', '%FF'] }
  return { good: ['a', 'techniek', '"een zin"', '%'], bad: [...(items.maxLength ? ['x'.repeat(items.maxLength + 1)] : []), '%FF'] }
}

function itemsIn(data) {
  return Array.isArray(data) ? data : Object.values(data ?? {}).find(Array.isArray) ?? []
}

function codesIn(data) {
  return itemsIn(data).map((item) => item?.code ?? item?.id).filter(Boolean)
}

const codes = new Map()  // of every collection that was asked

// Codes that a filter takes, from the collection that it is about.
function codesFor(name) {
  const about = { goal: '/goals', line: '/action-lines', region: '/regions', owner: '/organisations', partner: '/organisations' }[name]
  return (codes.get(about) ?? []).slice(0, 4)
}

async function collection(path, operation) {
  const data = await ask(path, operation, path, [200])
  for (const given of operation.parameters ?? []) {
    const parameter = resolve(given, '').value
    if (parameter.in !== 'query') continue
    const { good, bad, maybe = [] } = valuesOf(parameter.schema)
    good.push(...codesFor(parameter.name))
    if (parameter.name === 'fields') {
      await ask(path, operation, `${path}?fields=${Object.keys(itemsIn(data)[0] ?? { code: 0 })[0]}`, [200])
      await ask(path, operation, `${path}?fields=noSuchField`, [400])
      continue
    }
    for (const value of good) await ask(path, operation, `${path}?${parameter.name}=${encodeURIComponent(value)}`, [200])
    for (const value of maybe) await ask(path, operation, `${path}?${parameter.name}=${value}`, [200, 400])
    for (const value of bad) {
      const raw = value === '%FF' ? value : encodeURIComponent(value)
      await ask(path, operation, `${path}?${parameter.name}=${raw}`, [400])
    }
  }
  if ((operation.parameters ?? []).length) await ask(path, operation, `${path}?noSuchParameter=1`, [200, 400])
  return data
}

// Details are asked with the codes that the collection above them gives.
async function details(path, operation, codes) {
  check(`GET ${prefix}${path} has something to show`, codes.length > 0)
  const step = Math.max(1, Math.floor(codes.length / 25))
  for (let i = 0; i < codes.length; i += step) await ask(path, operation, path.replace(/\{[^}]+\}/, encodeURIComponent(codes[i])), [200])
  await ask(path, operation, path.replace(/\{[^}]+\}/, 'no-such-code'), [404])
  await ask(path, operation, path.replace(/\{[^}]+\}/, '%3Cscript%3E'), [400, 404])
}

// Actions last: their filters take the codes of the others.
const order = (path) => (path.startsWith('/actions') ? 1 : 0)

async function everyPath() {
  const paths = Object.keys(api.paths).sort((a, b) => a.split('{').length - b.split('{').length || order(a) - order(b))
  for (const path of paths) {
    const operation = api.paths[path].get
    if (path.includes('{')) await details(path, operation, codes.get(path.replace(/\/\{.*$/, '')) ?? [])
    else codes.set(path, codesIn(await collection(path, operation)))
  }
  check(`there are paths (${paths.length} paths, ${answers} answers)`, paths.length >= 10 && answers > 100)
}

// Every list from its first page to its last: no row twice, none missing, as many as it says.
const rowsIn = (data) => itemsIn(data).map((item) => JSON.stringify(item))

async function everyPage() {
  let lists = 0
  for (const [path, item] of Object.entries(api.paths)) {
    if (path.includes('{') || !(item.get.parameters ?? []).some((p) => resolve(p, '').value.name === 'size')) continue
    const whole = rowsIn(await (await fetch(`${base}${prefix}${path}?size=1000`)).json())
    const seen = []
    let address = `${prefix}${path}?size=7`
    for (let page = 0; address && page < 400; page++) {
      const response = await fetch(base + address)
      const data = await response.json()
      seen.push(...rowsIn(data))
      address = data._links?.next?.href ?? data.links?.next?.href ?? null
    }
    if (whole.length === 0) continue
    lists++
    check(`${path} gives every row once, page by page`, seen.join('\n') === whole.join('\n') && new Set(seen).size === seen.length ? [] : [`${whole.length} at once, ${seen.length} by page`])
  }
  check(`there are lists with pages (${lists})`, lists >= 5)
}

async function unknownAndMethods() {
  const problem = await fetch(`${base}${prefix}/no-such-collection`)
  check('an unknown path is a problem', problem.status === 404 && problem.headers.get('content-type').startsWith('application/problem+json'))
  const post = await fetch(`${base}${prefix}${Object.keys(api.paths)[1]}`, { method: 'POST', body: 'x' })
  check('another method is refused with Allow', post.status === 405 && /GET/.test(post.headers.get('allow') ?? ''))
  const slash = await fetch(`${base}${prefix}/goals/`, { redirect: 'manual' })
  check('/core/no-trailing-slash: a path with a slash is not the same', slash.status === 404 || slash.status === 308 || slash.status === 301)
  check('the description may be read from anywhere', answer.headers.get('access-control-allow-origin') === '*')
}

designRules()
invalidInput()
await everyPath()
await everyPage()
await unknownAndMethods()
close()
