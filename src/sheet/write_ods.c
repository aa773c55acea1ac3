/* SPDX-License-Identifier: EUPL-1.2 */
/* ODS out: content.xml is written to a temporary file row by row, then libzip packs it. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <zip.h>

#include "base/text.h"
#include "sheet/writer.h"

#define EPOCH_ZIP 315532800   /* 1980-01-01, where the time of zip files begins */
#define MIMETYPE "application/vnd.oasis.opendocument.spreadsheet"
#define NS(prefix, name) " xmlns:" prefix "=\"urn:oasis:names:tc:opendocument:xmlns:" name ":1.0\""
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

typedef struct OdsState {
  FILE *content;      /* NULL once libzip has it */
  bool in_table, rows;
  Buf line;
} OdsState;

static const char CONTENT_HEAD[] =
  XML_HEAD "<office:document-content" NS("office", "office") NS("table", "table") NS("text", "text") NS("style", "style")
  " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\"" NS("number", "datastyle")
  " office:version=\"1.3\"><office:automatic-styles>"
  "<number:date-style style:name=\"iso\"><number:year number:style=\"long\"/><number:text>-</number:text>"
  "<number:month number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/></number:date-style>"
  "<number:boolean-style style:name=\"tf\"><number:boolean/></number:boolean-style>"
  "<style:style style:name=\"date\" style:family=\"table-cell\" style:data-style-name=\"iso\"/>"
  "<style:style style:name=\"bool\" style:family=\"table-cell\" style:data-style-name=\"tf\"/>"
  "<style:style style:name=\"head\" style:family=\"table-cell\"><style:text-properties fo:font-weight=\"bold\"/></style:style>"
  "<style:style style:name=\"open\" style:family=\"table-cell\"><style:table-cell-properties style:cell-protect=\"none\"/></style:style>"
  "<style:style style:name=\"opendate\" style:family=\"table-cell\" style:data-style-name=\"iso\">"
  "<style:table-cell-properties style:cell-protect=\"none\"/></style:style>"
  "<style:style style:name=\"lock\" style:family=\"table-cell\"><style:table-cell-properties style:cell-protect=\"protected\" "
  "fo:background-color=\"#eeeeee\"/></style:style>"
  "<style:style style:name=\"lockdate\" style:family=\"table-cell\" style:data-style-name=\"iso\"><style:table-cell-properties "
  "style:cell-protect=\"protected\" fo:background-color=\"#eeeeee\"/></style:style>";

static const char MANIFEST[] =
  XML_HEAD "<manifest:manifest" NS("manifest", "manifest") " manifest:version=\"1.3\">"
  "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"" MIMETYPE "\"/>"
  "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
  "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>"
  "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>"
  "<manifest:file-entry manifest:full-path=\"settings.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";

static const char STYLES[] =
  XML_HEAD "<office:document-styles" NS("office", "office") NS("style", "style") " office:version=\"1.3\"><office:styles>"
  "<style:style style:name=\"Default\" style:family=\"table-cell\"/></office:styles></office:document-styles>";

/* XML text; what XML cannot hold becomes U+FFFD. */
static void put_escaped(Buf *out, Str text) {
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    Str rest = str_slice(text, i, text.len);
    bool no_character = str_starts(rest, S("\xef\xbf\xbe")) || str_starts(rest, S("\xef\xbf\xbf"));
    if (c < 32 || no_character) buf_cstr(out, "\xef\xbf\xbd");
    else if (c == '&') buf_cstr(out, "&amp;");
    else if (c == '<') buf_cstr(out, "&lt;");
    else if (c == '>') buf_cstr(out, "&gt;");
    else if (c == '"') buf_cstr(out, "&quot;");
    else buf_char(out, (char)c);
    if (no_character) i += 2;
  }
}

/* One paragraph: a space at its beginning or end, or after another one, needs an element of its own. */
static void put_paragraph(Buf *out, Str text) {
  buf_cstr(out, "<text:p>");
  for (size_t i = 0; i < text.len;) {
    size_t n = i;
    while (n < text.len && text.ptr[n] != ' ' && text.ptr[n] != '\t') n++;
    put_escaped(out, str_slice(text, i, n));
    if (n == text.len) break;
    if (text.ptr[n] == '\t') {
      buf_cstr(out, "<text:tab/>");
      i = n + 1;
      continue;
    }
    size_t end = n;
    while (end < text.len && text.ptr[end] == ' ') end++;
    bool plain = n > 0 && end < text.len && text.ptr[n - 1] != '\t' && text.ptr[end] != '\t';
    size_t extra = end - n - (plain ? 1 : 0);
    if (plain) buf_char(out, ' ');
    if (extra == 1) buf_cstr(out, "<text:s/>");
    else if (extra > 1) buf_printf(out, "<text:s text:c=\"%zu\"/>", extra);
    i = end;
  }
  buf_cstr(out, "</text:p>");
}

static void put_paragraphs(Buf *out, Str text) {
  size_t from = 0;
  for (size_t i = 0; i <= text.len; i++) {
    bool end = i == text.len, cr = !end && text.ptr[i] == '\r';
    if (!end && !cr && text.ptr[i] != '\n') continue;
    put_paragraph(out, str_slice(text, from, i));
    if (cr && i + 1 < text.len && text.ptr[i + 1] == '\n') i += 1;
    from = i + 1;
  }
}

static Err flush(SheetWriter *w, ErrInfo *info) {
  OdsState *s = w->state;
  Err err = buf_err(&w->scratch) != ERR_OK ? buf_err(&w->scratch) : buf_err(&s->line);
  if (err != ERR_OK) return err_set(info, err, "out of memory");
  errno = 0;
  if (s->line.len && fwrite(s->line.ptr, 1, s->line.len, s->content) != s->line.len) return writer_io(w, info);
  buf_reset(&s->line);
  return ERR_OK;
}

static Err begin(SheetWriter *w, ErrInfo *info) {
  OdsState *s = w->state = mem_alloc0(1, sizeof *s);
  if (!s) return err_set(info, ERR_MEMORY, "out of memory");
  buf_init(&s->line, 0);
  errno = 0;
  s->content = tmpfile();
  if (!s->content) return writer_io(w, info);
  buf_cstr(&s->line, CONTENT_HEAD);
  for (int width = 9; width <= 50; width++)
    buf_printf(&s->line, "<style:style style:name=\"co%d\" style:family=\"table-column\"><style:table-column-properties "
               "style:column-width=\"%dmm\"/></style:style>", width, width * 2);
  buf_cstr(&s->line, "</office:automatic-styles><office:body><office:spreadsheet xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\">");
  return flush(w, info);
}

static void end_table(OdsState *s) {
  if (!s->in_table) return;
  if (!s->rows) buf_cstr(&s->line, "<table:table-column/><table:table-row><table:table-cell/></table:table-row>");
  buf_cstr(&s->line, "</table:table>\n");
  s->in_table = false;
}

/* The condition of a list, as an attribute's value: quotes inside a text are doubled. */
static void put_choices(Buf *out, const SheetColumn *c) {
  buf_cstr(out, " table:condition=\"of:cell-content-is-in-list(");
  for (size_t i = 0; i < c->choice_count; i++) {
    buf_cstr(out, i ? ";&quot;" : "&quot;");
    put_escaped(out, str_from(c->choices[i]));
    buf_cstr(out, "&quot;");
  }
  buf_cstr(out, ")\"");
}

/* What may be typed in the columns of a form, and what is told of it: stands before the tables. */
static void put_rules(SheetWriter *w, Buf *out, const char *name) {
  buf_cstr(out, "<table:content-validations>");
  for (size_t i = 0; i < w->column_count; i++) {
    const SheetColumn *c = &w->columns[i];
    if (!c->note && !c->choices) continue;
    buf_printf(out, "<table:content-validation table:name=\"v%zu\"", i);
    if (c->choices) put_choices(out, c);
    buf_cstr(out, " table:allow-empty-cell=\"true\" table:display-list=\"unsorted\" table:base-cell-address=\"");
    put_escaped(out, str_from(name));
    buf_cstr(out, ".A2\">");
    if (c->note) {
      buf_cstr(out, "<table:help-message table:display=\"true\">");
      put_paragraph(out, writer_note(c));
      buf_cstr(out, "</table:help-message>");
    }
    if (c->choices) buf_cstr(out, "<table:error-message table:message-type=\"stop\" table:display=\"true\"/>");
    buf_cstr(out, "</table:content-validation>");
  }
  buf_cstr(out, "</table:content-validations>");
}

static Err sheet(SheetWriter *w, const char *name, ErrInfo *info) {
  OdsState *s = w->state;
  end_table(s);
  if (w->column_count) put_rules(w, &s->line, name);
  buf_cstr(&s->line, "<table:table table:name=\"");
  put_escaped(&s->line, str_from(name));
  buf_cstr(&s->line, w->column_count ? "\" table:protected=\"true\">" : "\">");
  s->in_table = true;
  s->rows = false;
  return flush(w, info);
}

static Err heading(SheetWriter *w, const Str *headings, size_t count, ErrInfo *info) {
  OdsState *s = w->state;
  const char *usual = w->column_count ? " table:default-cell-style-name=\"open\"" : "";
  for (size_t i = 0; i < count; i++)
    buf_printf(&s->line, "<table:table-column table:style-name=\"co%d\"%s/>", writer_width(headings[i]), usual);
  if (count == 0) buf_cstr(&s->line, "<table:table-column/>");
  buf_cstr(&s->line, "<table:table-header-rows><table:table-row>");
  for (size_t i = 0; i < count; i++) {
    buf_cstr(&s->line, "<table:table-cell table:style-name=\"head\" office:value-type=\"string\">");
    put_paragraphs(&s->line, headings[i]);
    buf_cstr(&s->line, "</table:table-cell>");
  }
  if (count == 0) buf_cstr(&s->line, "<table:table-cell/>");
  buf_cstr(&s->line, "</table:table-row></table:table-header-rows>\n");
  s->rows = true;
  return flush(w, info);
}

/* The style of a cell and, in a form, its rule. */
static void put_style(SheetWriter *w, Buf *out, const SheetCell *cell, size_t column) {
  bool date = cell->kind == SHEET_DATE;
  if (w->column_count == 0) {
    if (date || cell->kind == SHEET_BOOLEAN) buf_printf(out, " table:style-name=\"%s\"", date ? "date" : "bool");
    return;
  }
  bool locked = writer_locked(w, column) && cell->kind != SHEET_EMPTY;
  buf_printf(out, " table:style-name=\"%s%s\"", locked ? "lock" : "open", date ? "date" : "");
  if (column < w->column_count && (w->columns[column].note || w->columns[column].choices)) buf_printf(out, " table:content-validation-name=\"v%zu\"", column);
}

static void put_cell(SheetWriter *w, const SheetCell *cell, size_t column) {
  Buf *out = &((OdsState *)w->state)->line;
  Str text = writer_cell_text(w, cell);
  buf_cstr(out, "<table:table-cell");
  put_style(w, out, cell, column);
  if (text.len == 0) {
    buf_cstr(out, "/>");
    return;
  }
  switch (cell->kind) {
    case SHEET_NUMBER: buf_printf(out, " office:value-type=\"float\" office:value=\"" STR_FMT "\">", STR_ARG(text)); break;
    case SHEET_DATE:
      buf_printf(out, " office:value-type=\"date\" office:date-value=\"" STR_FMT "\">", STR_ARG(text));
      break;
    case SHEET_BOOLEAN:
      buf_printf(out, " office:value-type=\"boolean\" office:boolean-value=\"" STR_FMT "\">",
                 STR_ARG(text));
      break;
    case SHEET_EMPTY: case SHEET_TEXT: case SHEET_TIME: case SHEET_ERROR:
      buf_cstr(out, " office:value-type=\"string\">");
      break;
  }
  put_paragraphs(out, text);
  buf_cstr(out, "</table:table-cell>");
}

static Err row(SheetWriter *w, const SheetCell *cells, size_t count, ErrInfo *info) {
  OdsState *s = w->state;
  if (!s->rows) buf_cstr(&s->line, "<table:table-column/>");
  s->rows = true;
  buf_cstr(&s->line, "<table:table-row>");
  for (size_t i = 0; i < count; i++) put_cell(w, &cells[i], i);
  if (count == 0) buf_cstr(&s->line, "<table:table-cell/>");
  buf_cstr(&s->line, "</table:table-row>\n");
  return flush(w, info);
}

/* The headings stay in view. */
static void put_settings(SheetWriter *w, Buf *out) {
  buf_cstr(out, XML_HEAD "<office:document-settings" NS("office", "office") NS("config", "config")
           " office:version=\"1.3\"><office:settings><config:config-item-set config:name=\"ooo:view-settings\">"
           "<config:config-item-map-indexed config:name=\"Views\"><config:config-item-map-entry>"
           "<config:config-item config:name=\"ViewId\" config:type=\"string\">view1</config:config-item>"
           "<config:config-item-map-named config:name=\"Tables\">");
  for (size_t i = 0; i < w->names.count; i++) {
    if (!w->names.items[i].heading) continue;
    buf_cstr(out, "<config:config-item-map-entry config:name=\"");
    put_escaped(out, str_from(w->names.items[i].text));
    buf_cstr(out, "\"><config:config-item config:name=\"VerticalSplitMode\" config:type=\"short\">2</config:config-item>"
             "<config:config-item config:name=\"VerticalSplitPosition\" config:type=\"int\">1</config:config-item>"
             "<config:config-item config:name=\"ActiveSplitRange\" config:type=\"short\">2</config:config-item>"
             "<config:config-item config:name=\"PositionBottom\" config:type=\"int\">1</config:config-item>"
             "</config:config-item-map-entry>");
  }
  buf_cstr(out, "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
           "</config:config-item-set></office:settings></office:document-settings>");
}

static void put_meta(SheetWriter *w, Buf *out) {
  time_t created = (time_t)(w->options.created ? w->options.created : EPOCH_ZIP);
  struct tm t;
  char when[32] = "";
  if (gmtime_r(&created, &t)) strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &t);
  buf_cstr(out, XML_HEAD "<office:document-meta" NS("office", "office") NS("meta", "meta")
           " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta>");
  if (w->title) {
    buf_cstr(out, "<dc:title>");
    put_escaped(out, str_from(w->title));
    buf_cstr(out, "</dc:title>");
  }
  buf_printf(out, "<meta:creation-date>%s</meta:creation-date></office:meta></office:document-meta>", when);
}

/* Adds a part; the source belongs to the archive afterwards, or is released. */
static bool add_part(zip_t *zip, const char *name, zip_source_t *source, bool compress) {
  if (!source) return false;
  zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  return zip_set_file_compression(zip, (zip_uint64_t)index, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_mtime(zip, (zip_uint64_t)index, EPOCH_ZIP, 0) == 0;
}

static zip_source_t *text_source(zip_t *zip, Str text) {
  return zip_source_buffer(zip, text.ptr, text.len, 0);
}

/* `mimetype` comes first and unpacked: so the kind of file can be seen without unpacking. */
static bool add_parts(SheetWriter *w, zip_t *zip, const Buf *settings, const Buf *meta) {
  OdsState *s = w->state;
  bool fine = add_part(zip, "mimetype", text_source(zip, S(MIMETYPE)), false);
  zip_source_t *content = fine ? zip_source_filep(zip, s->content, 0, -1) : NULL;
  if (content) s->content = NULL;
  return fine && add_part(zip, "content.xml", content, true) &&
         add_part(zip, "styles.xml", text_source(zip, str_from(STYLES)), true) &&
         add_part(zip, "meta.xml", text_source(zip, buf_view(meta)), true) &&
         add_part(zip, "settings.xml", text_source(zip, buf_view(settings)), true) &&
         add_part(zip, "META-INF/manifest.xml", text_source(zip, str_from(MANIFEST)), true);
}

static Err pack(SheetWriter *w, const Buf *settings, const Buf *meta, ErrInfo *info) {
  int code = 0;
  zip_t *zip = zip_open(w->temporary, ZIP_CREATE | ZIP_TRUNCATE, &code);
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  bool fine = zip != NULL;
  if (fine && (!add_parts(w, zip, settings, meta) || zip_close(zip) != 0)) {
    zip_error_set(&error, zip_error_code_zip(zip_get_error(zip)), zip_error_code_system(zip_get_error(zip)));
    zip_discard(zip);
    fine = false;
  }
  if (!fine) {
    const char *slash = strrchr(w->path, '/');
    err_at(info, slash ? slash + 1 : w->path, NULL, 0, NULL);
    err_set(info, ERR_IO, "cannot be written: %s", zip_error_strerror(&error));
  }
  zip_error_fini(&error);
  return fine ? ERR_OK : ERR_IO;
}

static Err finish(SheetWriter *w, ErrInfo *info) {
  OdsState *s = w->state;
  end_table(s);
  buf_cstr(&s->line, "</office:spreadsheet></office:body></office:document-content>\n");
  TRY(flush(w, info));
  errno = 0;
  if (fflush(s->content) != 0 || fseek(s->content, 0, SEEK_SET) != 0) return writer_io(w, info);
  Buf settings, meta;
  buf_init(&settings, 0);
  buf_init(&meta, 0);
  put_settings(w, &settings);
  put_meta(w, &meta);
  Err err = buf_err(&settings) != ERR_OK ? buf_err(&settings) : buf_err(&meta);
  if (err != ERR_OK) err_set(info, err, "out of memory");
  else err = pack(w, &settings, &meta, info);
  buf_clear(&settings);
  buf_clear(&meta);
  return err;
}

static void free_state(SheetWriter *w) {
  OdsState *s = w->state;
  if (!s) return;
  if (s->content) fclose(s->content);
  buf_clear(&s->line);
  mem_free(s);
}

const WriterKind WRITE_ODS = {begin, sheet, heading, NULL, row, finish, free_state, 1048576, 16384};
