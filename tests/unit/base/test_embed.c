/* SPDX-License-Identifier: EUPL-1.2 */
/* The embedded files against the source tree: same files, same bytes, same hash, and gzip that unpacks to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/embed.h"

/* The path where the bytes came from: translations are compiled, the rest is as in the tree. */
static FILE *open_source(const EmbeddedFile *file) {
  char path[1200];
  snprintf(path, sizeof path, "%s%s", str_ends(file->path, S(".mo")) ? "build/gen/" : "", file->path.ptr);
  return fopen(path, "rb");
}

static void test_bytes_are_those_of_the_tree(void **state) {
  (void)state;
  assert_true(embed_count() > 0);
  for (size_t i = 0; i < embed_count(); i++) {
    const EmbeddedFile *file = embed_at(i);
    FILE *in = open_source(file);
    if (!in) fail_msg("%s is embedded but not in the tree", file->path.ptr);
    char *bytes = malloc(file->bytes.len + 2);
    assert_non_null(bytes);
    size_t len = fread(bytes, 1, file->bytes.len + 2, in);
    assert_int_equal(len, file->bytes.len);
    assert_memory_equal(bytes, file->bytes.ptr, len);
    assert_int_equal(file->bytes.ptr[len], 0);
    free(bytes);
    fclose(in);
  }
}

static void test_every_file_of_the_tree_is_there(void **state) {
  (void)state;
  FILE *list = popen("find assets sql pacts -type f ! -name '.*' ! -name '*~' 2>/dev/null", "r");
  assert_non_null(list);
  char line[1200];
  size_t count = 0;
  while (fgets(line, sizeof line, list)) {
    line[strcspn(line, "\n")] = '\0';
    if (!embed_find(str_from(line), NULL)) fail_msg("%s is not embedded", line);
    count++;
  }
  pclose(list);
  size_t first, translations = embed_prefix(S("locale/"), &first);
  assert_int_equal(count + translations, embed_count());
}

static void test_tag_is_the_start_of_the_sha256(void **state) {
  (void)state;
  const EmbeddedFile *file = embed_at(0);
  FILE *pipe = popen("sha256sum > build/test_embed.sum", "w");
  assert_non_null(pipe);
  assert_int_equal(fwrite(file->bytes.ptr, 1, file->bytes.len, pipe), file->bytes.len);
  assert_int_equal(pclose(pipe), 0);
  char sum[80] = "";
  FILE *in = fopen("build/test_embed.sum", "r");
  assert_non_null(in);
  assert_non_null(fgets(sum, sizeof sum, in));
  fclose(in);
  remove("build/test_embed.sum");
  assert_int_equal(strlen(file->tag), EMBED_TAG_LEN);
  assert_memory_equal(sum, file->tag, EMBED_TAG_LEN);
}

static void test_gzip_unpacks_to_the_bytes(void **state) {
  (void)state;
  size_t seen = 0;
  for (size_t i = 0; i < embed_count(); i++) {
    const EmbeddedFile *file = embed_at(i);
    if (!file->gzip.ptr) continue;
    assert_true(file->gzip.len < file->bytes.len);
    unsigned char *out = malloc(file->bytes.len + 1);
    assert_non_null(out);
    z_stream z = {0};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)file->gzip.ptr;
    z.avail_in = (unsigned)file->gzip.len;
    z.next_out = out;
    z.avail_out = (unsigned)file->bytes.len + 1;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, file->bytes.len);
    assert_memory_equal(out, file->bytes.ptr, file->bytes.len);
    inflateEnd(&z);
    free(out);
    seen++;
  }
  assert_true(seen > 0);
}

static void test_lookup(void **state) {
  (void)state;
  for (size_t i = 0; i < embed_count(); i++) {
    EmbeddedFile found;
    assert_true(embed_find(embed_at(i)->path, &found));
    assert_ptr_equal(found.bytes.ptr, embed_at(i)->bytes.ptr);
    if (i > 0) assert_int_equal(str_cmp(embed_at(i - 1)->path, embed_at(i)->path), -1);
  }
  EmbeddedFile untouched = {.tag = "x"};
  assert_false(embed_find(S(""), &untouched));
  assert_false(embed_find(S("assets"), &untouched));
  assert_false(embed_find(S("zzz/none"), &untouched));
  assert_string_equal(untouched.tag, "x");
}

static void test_prefix(void **state) {
  (void)state;
  size_t first, all = embed_prefix(S(""), &first);
  assert_int_equal(all, embed_count());
  assert_int_equal(first, 0);
  size_t assets = embed_prefix(S("assets/"), &first), counted = 0;
  for (size_t i = 0; i < embed_count(); i++) {
    bool inside = i >= first && i < first + assets;
    assert_int_equal(inside, str_starts(embed_at(i)->path, S("assets/")));
    counted += inside;
  }
  assert_int_equal(counted, assets);
  assert_int_equal(embed_prefix(S("nothing-starts-so"), NULL), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes_are_those_of_the_tree), cmocka_unit_test(test_every_file_of_the_tree_is_there),
      cmocka_unit_test(test_tag_is_the_start_of_the_sha256), cmocka_unit_test(test_gzip_unpacks_to_the_bytes),
      cmocka_unit_test(test_lookup), cmocka_unit_test(test_prefix),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
