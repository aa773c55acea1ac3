// SPDX-License-Identifier: EUPL-1.2
// Counting checks in the form that tests/run reads.

let passed = 0
const failed = []

// A check with the particulars of its failure: a list (empty is good), a text ('' is good) or a boolean (true is good).
export function check(name, problem) {
  const problems = typeof problem === 'boolean' ? (problem ? [] : ['no']) : [problem].flat().filter(Boolean)
  if (problems.length === 0) {
    passed++
    return true
  }
  failed.push(name)
  console.log(`FAILED ${name}`)
  for (const line of problems.slice(0, 12)) console.log(`  ${line}`)
  if (problems.length > 12) console.log(`  and ${problems.length - 12} more`)
  return false
}

export function close() {
  console.log(`${passed} passed, ${failed.length} failed`)
  process.exitCode = failed.length ? 1 : 0
}
