/* SPDX-License-Identifier: EUPL-1.2 */
/* expat on a part of a workbook. Refused: a document type declaration (there is none in these formats, and entities
 * are how a hundred bytes become a gigabyte), nesting, a single tag or a memory use beyond the limits. */
#include <string.h>

#include "sheet/internal.h"

#define NS_SEPARATOR '\x1f'
#define HEAP_MAX (48u << 20)    /* bytes expat may hold: names it has seen are kept until the end */
#define HEAP_HEADER 16u         /* size of each block, keeps the alignment */

/* expat's allocator has no context argument. The parser that is at work on this thread; NULL between calls. */
static _Thread_local Xml *heap_owner;

static void *heap_realloc(void *ptr, size_t size) {
  char *block = ptr ? (char *)ptr - HEAP_HEADER : NULL;
  size_t old = 0;
  if (block) memcpy(&old, block, sizeof old);
  Xml *xml = heap_owner;
  if (size > SIZE_MAX - HEAP_HEADER || (xml && size > old && size - old > xml->heap_max - xml->heap)) {
    if (xml) xml->over_quota = true;
    return NULL;
  }
  char *grown = mem_realloc(block, size + HEAP_HEADER);
  if (!grown) {
    if (xml) xml->starved = true;
    return NULL;
  }
  memcpy(grown, &size, sizeof size);
  if (xml) xml->heap = xml->heap - old + size;
  return grown + HEAP_HEADER;
}

static void *heap_alloc(size_t size) {
  return heap_realloc(NULL, size);
}

static void heap_free(void *ptr) {
  if (!ptr) return;
  char *block = (char *)ptr - HEAP_HEADER;
  size_t old;
  memcpy(&old, block, sizeof old);
  if (heap_owner) heap_owner->heap -= old;
  mem_free(block);
}

static const struct { const char *uri; size_t len; XmlNs ns; } NAMESPACES[] = {
#define NAMESPACE(ID, uri) {uri, sizeof uri - 1, XML_NS_##ID},
#define NAMESPACE_ALIAS(ID, uri) {uri, sizeof uri - 1, XML_NS_##ID},
#include "sheet/namespaces.def"
#undef NAMESPACE
#undef NAMESPACE_ALIAS
};

XmlNs xml_namespace(const char *qualified, const char **local) {
  const char *end = strchr(qualified, NS_SEPARATOR);
  *local = end ? end + 1 : qualified;
  if (!end) return XML_NS_NONE;
  size_t len = (size_t)(end - qualified);
  for (size_t i = 0; i < sizeof NAMESPACES / sizeof *NAMESPACES; i++)
    if (NAMESPACES[i].len == len && memcmp(NAMESPACES[i].uri, qualified, len) == 0) return NAMESPACES[i].ns;
  return XML_NS_OTHER;
}

void xml_fail(Xml *xml, Err code, const char *format, ...) {
  if (xml->err != ERR_OK) return;
  va_list args;
  va_start(args, format);
  char message[sizeof xml->failure.message];
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  xml->err = err_set(&xml->failure, code, "%s", message);
  XML_StopParser(xml->parser, XML_FALSE);
}

void xml_fail_at(Xml *xml, long row, size_t column) {
  char letters[SHEET_REF];
  sheet_ref(letters, 0, column);
  err_at(&xml->failure, NULL, NULL, row, letters);
}

void xml_pause(Xml *xml) {
  XML_StopParser(xml->parser, XML_TRUE);
}

void xml_skip(Xml *xml) {
  if (!xml->skip_from) xml->skip_from = xml->depth;
}

static void on_start(void *user, const char *name, const char **attributes) {
  Xml *xml = user;
  if (xml->err != ERR_OK) return;
  if (++xml->depth > xml->budget->limits.xml_depth) {
    xml_fail(xml, ERR_LIMIT, "part %s nests elements deeper than the limit of %u", xml->part.name,
             xml->budget->limits.xml_depth);
    return;
  }
  if (xml->skip_from) return;
  const char *local;
  XmlNs ns = xml_namespace(name, &local);
  xml->handler->start(xml->user, xml, ns, local, attributes);
}

static void on_end(void *user, const char *name) {
  Xml *xml = user;
  if (xml->err != ERR_OK) return;
  unsigned depth = xml->depth--;
  if (xml->skip_from) {
    if (depth == xml->skip_from) xml->skip_from = 0;
    return;
  }
  const char *local;
  XmlNs ns = xml_namespace(name, &local);
  xml->handler->end(xml->user, xml, ns, local);
}

static void on_text(void *user, const char *text, int len) {
  Xml *xml = user;
  if (xml->err == ERR_OK && !xml->skip_from) xml->handler->text(xml->user, xml, (Str){text, (size_t)len});
}

static void on_doctype(void *user, const char *name, const char *system_id, const char *public_id, int internal) {
  (void)name, (void)system_id, (void)public_id, (void)internal;
  Xml *xml = user;
  xml_fail(xml, ERR_INPUT, "part %s declares a document type, which no spreadsheet program writes; it is refused",
           xml->part.name);
}

Err xml_open(Xml *xml, Package *package, Str part, const XmlHandler *handler, void *user, ErrInfo *info) {
  *xml = (Xml){.handler = handler, .user = user, .budget = package->budget, .heap_max = HEAP_MAX, .open = true};
  TRY(package_part_open(&xml->part, package, part, info));
  const XML_Memory_Handling_Suite heap = {heap_alloc, heap_realloc, heap_free};
  const char separator[2] = {NS_SEPARATOR, 0};
  heap_owner = xml;
  xml->parser = XML_ParserCreate_MM(NULL, &heap, separator);
  heap_owner = NULL;
  if (!xml->parser) return err_set(info, ERR_MEMORY, "out of memory");
  XML_SetUserData(xml->parser, xml);
  XML_SetElementHandler(xml->parser, on_start, on_end);
  if (handler->text) XML_SetCharacterDataHandler(xml->parser, on_text);
  XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
  return ERR_OK;
}

void xml_close(Xml *xml) {
  if (!xml->open) return;
  heap_owner = xml;
  if (xml->parser) XML_ParserFree(xml->parser);
  heap_owner = NULL;
  package_part_close(&xml->part);
  *xml = (Xml){0};
}

static Err parser_failure(Xml *xml, ErrInfo *info) {
  if (xml->err != ERR_OK) {
    if (info) {
      err_at(info, NULL, NULL, xml->failure.row, xml->failure.column[0] ? xml->failure.column : NULL);
      return err_set(info, xml->err, "%s", xml->failure.message);
    }
    return xml->err;
  }
  enum XML_Error code = XML_GetErrorCode(xml->parser);
  /* expat does not always call lack of memory by its name, so what the allocator saw goes first. */
  if (xml->over_quota) return err_set(info, ERR_LIMIT, "part %s needs more memory than a real table does", xml->part.name);
  if (xml->starved || code == XML_ERROR_NO_MEMORY) return err_set(info, ERR_MEMORY, "out of memory");
  return err_set(info, ERR_INPUT, "part %s is damaged at line %lu, column %lu: %s", xml->part.name,
                 (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                 (unsigned long)XML_GetCurrentColumnNumber(xml->parser) + 1, XML_ErrorString(code));
}

/* expat keeps a tag (with its attributes), comment or the like in memory until its last byte has come. While it waits for more of
 * one it may not tell where it is (-1): then it is where it was. */
static Err check_token(Xml *xml, ErrInfo *info) {
  size_t max = 2 * xml->budget->limits.cell_bytes + 2 * SHEET_CHUNK;
  XML_Index at = XML_GetCurrentByteIndex(xml->parser);
  if (at > xml->event_at) xml->event_at = at;
  if (xml->part.got - (uint64_t)xml->event_at <= max) return ERR_OK;
  return err_set(info, ERR_LIMIT, "part %s has a single tag of more than %zu bytes", xml->part.name, max);
}

static Err step(Xml *xml, enum XML_Status *status, ErrInfo *info) {
  XML_ParsingStatus now;
  XML_GetParsingStatus(xml->parser, &now);
  if (now.parsing == XML_SUSPENDED) {
    *status = XML_ResumeParser(xml->parser);
    return ERR_OK;
  }
  void *chunk = XML_GetBuffer(xml->parser, (int)SHEET_CHUNK);
  if (!chunk) return parser_failure(xml, info);
  size_t got;
  TRY(package_part_read(&xml->part, chunk, SHEET_CHUNK, &got, info));
  *status = XML_ParseBuffer(xml->parser, (int)got, got == 0);
  return *status == XML_STATUS_OK ? check_token(xml, info) : ERR_OK;
}

Err xml_run(Xml *xml, bool *ended, ErrInfo *info) {
  *ended = xml->ended;
  if (xml->ended) return ERR_OK;
  enum XML_Status status = XML_STATUS_OK;
  Err err = ERR_OK;
  heap_owner = xml;
  while (err == ERR_OK && status == XML_STATUS_OK) {
    err = step(xml, &status, info);
    XML_ParsingStatus now;
    XML_GetParsingStatus(xml->parser, &now);
    if (now.parsing == XML_FINISHED && status == XML_STATUS_OK) break;
  }
  heap_owner = NULL;
  if (err != ERR_OK) return err;
  if (status == XML_STATUS_ERROR) return parser_failure(xml, info);
  xml->ended = *ended = status == XML_STATUS_OK;
  return ERR_OK;
}

Err xml_part(Package *package, Str part, const XmlHandler *handler, void *user, ErrInfo *info) {
  Xml xml;
  bool ended;
  Err err = xml_open(&xml, package, part, handler, user, info);
  if (err == ERR_OK) err = xml_run(&xml, &ended, info);
  xml_close(&xml);
  return err;
}

const char *xml_attribute(const char **attributes, XmlNs ns, const char *name) {
  for (; *attributes; attributes += 2) {
    const char *local;
    if (ns == XML_NS_NONE) {
      if (strcmp(*attributes, name) == 0) return attributes[1];
    } else if (xml_namespace(*attributes, &local) == ns && strcmp(local, name) == 0) {
      return attributes[1];
    }
  }
  return NULL;
}

bool xml_true(const char *value) {
  return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}
