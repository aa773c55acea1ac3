/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  int exit_code;
  int http_status;
  const char *meaning;
} kinds[ERR_COUNT] = {
#define ERROR(NAME, name, exit_code, http_status, meaning) {name, exit_code, http_status, meaning},
#include "base/errors.def"
#undef ERROR
};

Err err_set(ErrInfo *info, Err code, const char *format, ...) {
  if (info) {
    info->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(info->message, sizeof info->message, format, args);
    va_end(args);
  }
  return code;
}

/* Copies as much as fits, never leaving half a UTF-8 sequence at the cut. */
static void copy_cut(char *dst, size_t size, const char *src) {
  size_t len = strlen(src);
  if (len >= size) {
    len = size - 1;
    while (len > 0 && ((unsigned char)src[len] & 0xC0) == 0x80) len--;
  }
  memmove(dst, src, len);
  dst[len] = '\0';
}

void err_at(ErrInfo *info, const char *file, const char *sheet, long row, const char *column) {
  if (!info) return;
  if (file) copy_cut(info->file, sizeof info->file, file);
  if (sheet) copy_cut(info->sheet, sizeof info->sheet, sheet);
  if (row) info->row = row;
  if (column) copy_cut(info->column, sizeof info->column, column);
}

void err_reset(ErrInfo *info) {
  *info = (ErrInfo)ERRINFO_INIT;
}

void err_format(const ErrInfo *info, char *out, size_t size) {
  char row[32] = "";
  if (info->row) snprintf(row, sizeof row, "row %ld: ", info->row);
  char text[sizeof info->file + sizeof info->sheet + sizeof info->column + sizeof info->message + 80];
  snprintf(text, sizeof text, "%s%s%s%s%s%s%s%s%s%s", info->file, info->file[0] ? ": " : "",
           info->sheet[0] ? "sheet " : "", info->sheet, info->sheet[0] ? ": " : "", row,
           info->column[0] ? "column " : "", info->column, info->column[0] ? ": " : "", info->message);
  if (size) copy_cut(out, size, text);
}

static Err known(Err code) {
  return (unsigned)code < ERR_COUNT ? code : ERR_IO;
}

const char *err_name(Err code) { return kinds[known(code)].name; }
int err_exit_code(Err code) { return kinds[known(code)].exit_code; }
int err_http_status(Err code) { return kinds[known(code)].http_status; }
const char *err_meaning(Err code) { return kinds[known(code)].meaning; }
