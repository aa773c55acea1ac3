/* SPDX-License-Identifier: EUPL-1.2 */
/* Rendering of the test pages (tests/templates/good) for the test programs of this folder. */
#ifndef PW_TEST_VIEW_TEST_H
#define PW_TEST_VIEW_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "view/tmpl.h"

/* The generated test pages are compiled into the test program itself. */
#include "ttmpl_index.h"

static inline Err render_err(const char *name, const Val *root, const char *lang, Buf *out) {
  const Template *page = tmpl_find(ttmpl_index, ttmpl_index_count, str_from(name));
  assert_non_null(page);
  return tmpl_render(page, root, view_lang(str_from(lang)), out, NULL);
}

static inline void assert_render(const char *name, const Val *root, const char *lang, const char *expected) {
  Buf out;
  buf_init(&out, 0);
  assert_int_equal(render_err(name, root, lang, &out), ERR_OK);
  assert_string_equal(buf_zstr(&out), expected);
  buf_clear(&out);
}

#endif
