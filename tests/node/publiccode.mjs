// SPDX-License-Identifier: EUPL-1.2
// publiccode.yml against the standard, version 0.4 (https://docs.italia.it/italia/developers-italia/publiccodeyml-en):
// its required keys, closed lists and lengths, and that it agrees with the program.
import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import yaml from '@stoplight/yaml'
import { check, close } from './count.mjs'

const { data, diagnostics } = yaml.parseWithPointers(readFileSync('publiccode.yml', 'utf8'))
check('publiccode.yml is YAML', diagnostics.map((d) => d.message))

const texts = { type: 'array', items: { type: 'string', minLength: 1, maxLength: 100 } }
const description = {
  type: 'object',
  required: ['shortDescription', 'longDescription'],
  properties: {
    localisedName: { type: 'string' }, genericName: { type: 'string', maxLength: 35 },
    shortDescription: { type: 'string', minLength: 1, maxLength: 150 },
    longDescription: { type: 'string', minLength: 150, maxLength: 10000 },
    documentation: { type: 'string', format: 'uri' }, apiDocumentation: { type: 'string', format: 'uri' },
    features: { ...texts, minItems: 1 }, screenshots: texts, videos: texts, awards: texts
  },
  additionalProperties: false
}
const schema = {
  type: 'object',
  required: ['publiccodeYmlVersion', 'name', 'url', 'platforms', 'developmentStatus', 'softwareType', 'description', 'legal',
             'maintenance', 'localisation', 'categories'],
  properties: {
    publiccodeYmlVersion: { enum: ['0.2', '0.3', '0.4'] },
    name: { type: 'string', minLength: 1 },
    url: { type: 'string', format: 'uri' }, landingURL: { type: 'string', format: 'uri' },
    softwareVersion: { type: 'string' }, releaseDate: { type: 'string', format: 'date' },
    platforms: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^(web|windows|mac|linux|ios|android|[a-z0-9-]+)$' } },
    categories: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[a-z]+(-[a-z0-9]+)*$' } },
    developmentStatus: { enum: ['concept', 'development', 'beta', 'stable', 'obsolete'] },
    softwareType: { enum: ['standalone/mobile', 'standalone/iot', 'standalone/desktop', 'standalone/web', 'standalone/backend',
                           'standalone/other', 'addon', 'library', 'configurationFiles'] },
    intendedAudience: { type: 'object' }, usedBy: { type: 'array' }, dependsOn: { type: 'object' }, isBasedOn: {}, roadmap: {}, logo: {},
    description: { type: 'object', minProperties: 1, additionalProperties: description },
    legal: { type: 'object', required: ['license'], properties: { license: { const: 'EUPL-1.2' } } },
    maintenance: {
      type: 'object',
      required: ['type'],
      properties: { type: { enum: ['internal', 'contract', 'community', 'none'] },
                    contacts: { type: 'array', minItems: 1, items: { type: 'object', required: ['name'] } } },
      if: { properties: { type: { enum: ['internal', 'community'] } } }, then: { required: ['contacts'] }
    },
    localisation: {
      type: 'object',
      required: ['localisationReady', 'availableLanguages'],
      properties: { localisationReady: { type: 'boolean' }, availableLanguages: { type: 'array', minItems: 1, items: { pattern: '^[a-z]{2}(-[A-Z]{2})?$' } } }
    }
  },
  additionalProperties: false
}
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats(ajv)
const validate = ajv.compile(schema)
check('publiccode.yml keeps to the standard', validate(data) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`))

const languages = readFileSync('src/view/languages.def', 'utf8').match(/^LANGUAGE\((\w+)/gm).map((m) => m.slice(9))
check('it names the languages of the program', [...data.localisation.availableLanguages].sort().join() === [...languages].sort().join())
const version = readFileSync('src/base/version.h', 'utf8').match(/"(\d+\.\d+\.\d+)"/)?.[1]
check('it names the version of the program', data.softwareVersion === version ? [] : [`${data.softwareVersion}, the program is ${version}`])
close()
