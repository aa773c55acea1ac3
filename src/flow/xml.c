/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/xml.h"

#include <expat.h>
#include <string.h>

#include "base/mem.h"

typedef struct Reader {
  Arena *arena;
  XML_Parser parser;
  XmlNode *root, *open;
  int depth;
  Buf text;        /* characters since the last tag */
  Err err;
  ErrInfo *info;
} Reader;

/* expat's memory goes through our door too, so that a failing allocation is tested there as well. */
static const XML_Memory_Handling_Suite MEMORY = {mem_alloc, mem_realloc, mem_free};

static void stop(Reader *r, Err err) {
  if (r->err == ERR_OK) r->err = err;
  XML_StopParser(r->parser, XML_FALSE);
}

static void refuse(Reader *r, Err err, const char *message) {
  if (r->err != ERR_OK) return;
  err_at(r->info, NULL, NULL, (long)XML_GetCurrentLineNumber(r->parser), NULL);
  stop(r, err_set(r->info, err, "%s", message));
}

static XmlNode *add_node(Reader *r, XmlKind kind) {
  XmlNode *node = ARENA_NEW(r->arena, XmlNode);
  if (!node) {
    stop(r, err_set(r->info, ERR_MEMORY, "out of memory while reading the file"));
    return NULL;
  }
  node->kind = kind;
  node->line = (long)XML_GetCurrentLineNumber(r->parser);
  node->parent = r->open;
  if (r->open) {
    if (r->open->last) r->open->last->next = node; else r->open->first = node;
    r->open->last = node;
  } else if (kind == XML_ELEMENT) {
    r->root = node;
  }
  return node;
}

static Str keep(Reader *r, Str s) {
  Str copy = arena_str(r->arena, s);
  if (!copy.ptr) stop(r, err_set(r->info, ERR_MEMORY, "out of memory while reading the file"));
  return copy;
}

static void flush_text(Reader *r) {
  if (buf_err(&r->text) != ERR_OK) {
    stop(r, err_set(r->info, buf_err(&r->text), "out of memory while reading the file"));
    return;
  }
  if (r->text.len == 0 || !r->open) { buf_reset(&r->text); return; }
  XmlNode *node = add_node(r, XML_TEXT);
  if (node) node->text = keep(r, buf_view(&r->text));
  buf_reset(&r->text);
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attrs) {
  Reader *r = context;
  if (r->err != ERR_OK) return;
  flush_text(r);
  if (r->err != ERR_OK) return;
  if (++r->depth > XML_DEPTH_MAX) { refuse(r, ERR_LIMIT, "elements are nested deeper than 128 levels"); return; }
  XmlNode *node = add_node(r, XML_ELEMENT);
  if (!node) return;
  size_t count = 0;
  while (attrs[2 * count]) count++;
  if (count > XML_ATTRIBUTES_MAX) { refuse(r, ERR_LIMIT, "an element has more than 256 attributes"); return; }
  node->name = keep(r, str_from(name));
  node->attrs = ARENA_ARRAY(r->arena, XmlAttr, count ? count : 1);
  if (!node->attrs) { stop(r, err_set(r->info, ERR_MEMORY, "out of memory while reading the file")); return; }
  for (size_t i = 0; i < count && r->err == ERR_OK; i++) {
    Str key = str_from(attrs[2 * i]), value = str_from(attrs[2 * i + 1]);
    if (key.len + value.len > XML_ATTRIBUTE_MAX) {
      refuse(r, ERR_LIMIT, "an attribute is longer than 65536 bytes");
      return;
    }
    node->attrs[i] = (XmlAttr){keep(r, key), keep(r, value)};
    node->attr_count = i + 1;
  }
  r->open = node;
}

static void on_end(void *context, const XML_Char *name) {
  (void)name;
  Reader *r = context;
  if (r->err != ERR_OK) return;
  flush_text(r);
  if (r->open) r->open = r->open->parent;
  r->depth--;
}

static void on_text(void *context, const XML_Char *text, int len) {
  Reader *r = context;
  if (r->err == ERR_OK && r->open) buf_put(&r->text, text, (size_t)len);
}

static void on_comment(void *context, const XML_Char *text) {
  Reader *r = context;
  if (r->err != ERR_OK || !r->open) return;
  flush_text(r);
  XmlNode *node = r->err == ERR_OK ? add_node(r, XML_COMMENT) : NULL;
  if (node) node->text = keep(r, str_from(text));
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal) {
  (void)name; (void)sysid; (void)pubid; (void)internal;
  refuse(context, ERR_INPUT, "a document type declaration is refused (XMILE has none, and it can hide entity bombs)");
}

/* Files written on Windows often say windows-1252, which expat does not know. */
static int on_encoding(void *context, const XML_Char *name, XML_Encoding *encoding) {
  static const int high[32] = {0x20AC, -1, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                               0x2039, 0x0152, -1, 0x017D, -1, -1, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
                               0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1, 0x017E, 0x0178};
  (void)context;
  if (!str_eq_nocase(str_from(name), S("windows-1252")) && !str_eq_nocase(str_from(name), S("cp1252")))
    return XML_STATUS_ERROR;
  for (int i = 0; i < 256; i++) encoding->map[i] = i >= 0x80 && i < 0xA0 ? high[i - 0x80] : i;
  encoding->data = NULL;
  encoding->convert = NULL;
  encoding->release = NULL;
  return XML_STATUS_OK;
}

Err xml_parse(XmlNode **out, Arena *arena, Str text, ErrInfo *info) {
  Reader r = {.arena = arena, .info = info};
  *out = NULL;
  r.parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
  if (!r.parser) return err_set(info, ERR_MEMORY, "out of memory while reading the file");
  buf_init(&r.text, 0);
  XML_SetUserData(r.parser, &r);
  XML_SetElementHandler(r.parser, on_start, on_end);
  XML_SetCharacterDataHandler(r.parser, on_text);
  XML_SetCommentHandler(r.parser, on_comment);
  XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
  XML_SetUnknownEncodingHandler(r.parser, on_encoding, NULL);
  size_t at = 0;
  do {
    size_t len = text.len - at < (1u << 20) ? text.len - at : (1u << 20);
    bool final = at + len == text.len;
    if (XML_Parse(r.parser, text.ptr ? text.ptr + at : "", (int)len, final) != XML_STATUS_OK && r.err == ERR_OK) {
      enum XML_Error code = XML_GetErrorCode(r.parser);
      err_at(info, NULL, NULL, (long)XML_GetCurrentLineNumber(r.parser), NULL);
      r.err = code == XML_ERROR_NO_MEMORY
                  ? err_set(info, ERR_MEMORY, "out of memory while reading the file")
                  : err_set(info, ERR_INPUT, "the file is not well-formed XML: %s at column %ld", XML_ErrorString(code),
                            (long)XML_GetCurrentColumnNumber(r.parser) + 1);
    }
    at += len;
  } while (r.err == ERR_OK && at < text.len);
  XML_ParserFree(r.parser);
  buf_clear(&r.text);
  if (r.err == ERR_OK && !r.root) r.err = err_set(info, ERR_INPUT, "the file is empty; expected an <xmile> element");
  *out = r.err == ERR_OK ? r.root : NULL;
  return r.err;
}

Str xml_attr(const XmlNode *node, const char *name) {
  for (size_t i = 0; node && i < node->attr_count; i++)
    if (str_eq(node->attrs[i].name, str_from(name))) return node->attrs[i].value;
  return STR_NONE;
}

bool xml_is(const XmlNode *node, const char *name) {
  return node && node->kind == XML_ELEMENT && str_eq_nocase(node->name, str_from(name));
}

XmlNode *xml_child(const XmlNode *node, const char *name) {
  XmlNode *child = node ? node->first : NULL;
  while (child && !xml_is(child, name)) child = child->next;
  return child;
}

XmlNode *xml_next(const XmlNode *node, const char *name) {
  XmlNode *sibling = node->next;
  while (sibling && !xml_is(sibling, name)) sibling = sibling->next;
  return sibling;
}

Str xml_text(const XmlNode *node, Arena *arena) {
  Str only = S("");
  size_t count = 0, total = 0;
  for (const XmlNode *n = node ? node->first : NULL; n; n = n->next)
    if (n->kind == XML_TEXT) { only = n->text; total += n->text.len; count++; }
  if (count <= 1) return count ? str_trim(only) : S("");
  char *joined = arena_alloc(arena, total + 1);
  if (!joined) return STR_NONE;
  size_t at = 0;
  for (const XmlNode *n = node->first; n; n = n->next) {
    if (n->kind != XML_TEXT) continue;
    memcpy(joined + at, n->text.ptr, n->text.len);
    at += n->text.len;
  }
  joined[at] = 0;
  return str_trim((Str){joined, at});
}

static void write_escaped(Buf *out, Str s, bool attribute) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    switch (c) {
      case '&': buf_cstr(out, "&amp;"); break;
      case '<': buf_cstr(out, "&lt;"); break;
      case '>': buf_cstr(out, "&gt;"); break;
      case '\r': buf_cstr(out, "&#13;"); break;
      case '"': if (attribute) buf_cstr(out, "&quot;"); else buf_char(out, c); break;
      case '\n': if (attribute) buf_cstr(out, "&#10;"); else buf_char(out, c); break;
      case '\t': if (attribute) buf_cstr(out, "&#9;"); else buf_char(out, c); break;
      default: buf_char(out, c);
    }
  }
}

/* Recursion is bounded by XML_DEPTH_MAX. */
void xml_write(const XmlNode *node, Buf *out) {
  if (node->kind == XML_TEXT) { write_escaped(out, node->text, false); return; }
  if (node->kind == XML_COMMENT) { buf_cstr(out, "<!--"); buf_str(out, node->text); buf_cstr(out, "-->"); return; }
  buf_char(out, '<');
  buf_str(out, node->name);
  for (size_t i = 0; i < node->attr_count; i++) {
    buf_char(out, ' ');
    buf_str(out, node->attrs[i].name);
    buf_cstr(out, "=\"");
    write_escaped(out, node->attrs[i].value, true);
    buf_char(out, '"');
  }
  if (!node->first) { buf_cstr(out, "/>"); return; }
  buf_char(out, '>');
  for (const XmlNode *child = node->first; child; child = child->next) xml_write(child, out);
  buf_cstr(out, "</");
  buf_str(out, node->name);
  buf_char(out, '>');
}
