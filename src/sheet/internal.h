/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of src/sheet share; nothing outside this directory includes it. */
#ifndef PW_SHEET_INTERNAL_H
#define PW_SHEET_INTERNAL_H

#include <expat.h>
#include <stdio.h>
#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "sheet/sheet.h"

#define SHEET_CHUNK 65536u   /* bytes read at a time */

/* ---- budget.c: the limits and what was used of them ---- */

typedef struct SheetBudget {
  SheetLimits limits;      /* no member is 0 */
  uint64_t uncompressed;   /* bytes unpacked since the last open or select */
  int64_t spent_ns;        /* time inside earlier calls */
  int64_t entered_ns;      /* monotonic clock at the start of this call */
} SheetBudget;

void budget_init(SheetBudget *budget, const SheetLimits *limits);
void budget_enter(SheetBudget *budget);
void budget_leave(SheetBudget *budget);
/* ERR_LIMIT when the time is used up. Asked once per chunk. */
Err budget_time(SheetBudget *budget, ErrInfo *info) MUST_CHECK;
/* "64 MiB", "900 kB": for messages. */
const char *budget_bytes(uint64_t bytes, char out[32]);

/* ---- input.c: a regular file or bytes in memory, read at any offset ---- */

typedef struct Input {
  int fd;          /* -1 for memory */
  Str bytes;       /* memory only */
  uint64_t size;   /* at opening */
} Input;

Err input_open(Input *in, const char *path, uint64_t max_bytes, ErrInfo *info) MUST_CHECK;
Err input_memory(Input *in, Str bytes, uint64_t max_bytes, ErrInfo *info) MUST_CHECK;
void input_close(Input *in);
/* Reads up to `size` bytes at `offset`; *got is less only at the end of the file. */
Err input_read(const Input *in, uint64_t offset, void *dst, size_t size, size_t *got, ErrInfo *info) MUST_CHECK;

/* ---- zipdir.c: the list of contents of a zip, judged before anything is unpacked ---- */

typedef struct ZipEntry {
  uint64_t offset;        /* of its local header */
  uint64_t packed, size;  /* bytes compressed and not */
  uint32_t index;         /* place in the list */
  uint32_t name_len;      /* as stored */
  uint16_t flags, method;
} ZipEntry;

typedef struct ZipDir {
  Arena arena;
  ZipEntry *entries;
  size_t count;
  Map by_name;            /* name with '/' and, for XLSX, ASCII lower case -> index */
} ZipDir;

/* Reads and checks the list: parts that overlap, occur twice, lie outside the file, have a dangerous name, are encrypted, or
 * promise more than the limits allow are refused. zipdir_clear in every case. */
Err zipdir_read(ZipDir *dir, const Input *in, const SheetLimits *limits, ErrInfo *info) MUST_CHECK;
void zipdir_clear(ZipDir *dir);
/* Case of ASCII letters does not matter. */
bool zipdir_find(const ZipDir *dir, Str name, size_t *index);

/* ---- package.c: parts of the zip as streams ---- */

typedef struct Package {
  ZipDir dir;
  zip_t *zip;
  SheetBudget *budget;
} Package;

typedef struct PackagePart {
  Package *package;
  zip_file_t *file;
  uint64_t packed, got;
  char name[96];          /* for messages */
} PackagePart;

Err package_open(Package *package, const Input *in, SheetBudget *budget, ErrInfo *info) MUST_CHECK;
void package_close(Package *package);
bool package_has(const Package *package, Str name);
/* ERR_INPUT when there is no such part. */
Err package_part_open(PackagePart *part, Package *package, Str name, ErrInfo *info) MUST_CHECK;
/* *got 0 at the end; only then the checksum has been compared. */
Err package_part_read(PackagePart *part, void *dst, size_t size, size_t *got, ErrInfo *info) MUST_CHECK;
void package_part_close(PackagePart *part);
/* The first bytes of a part (mimetype). */
Err package_peek(Package *package, Str name, char *dst, size_t size, size_t *got, ErrInfo *info) MUST_CHECK;
/* "xl/workbook.xml" + "worksheets/sheet1.xml" -> "xl/worksheets/sheet1.xml"; "/a/b" is absolute; ERR_INPUT when it climbs out. */
Err package_resolve(Arena *arena, Str base, Str target, Str *out, ErrInfo *info) MUST_CHECK;

/* ---- xml.c: expat on a part, paused at rows ---- */

typedef enum XmlNs {
  XML_NS_NONE, XML_NS_OTHER,
#define NAMESPACE(ID, uri) XML_NS_##ID,
#define NAMESPACE_ALIAS(ID, uri)
#include "sheet/namespaces.def"
#undef NAMESPACE
#undef NAMESPACE_ALIAS
  XML_NS_COUNT
} XmlNs;

typedef struct Xml Xml;

typedef struct XmlHandler {
  void (*start)(void *user, Xml *xml, XmlNs ns, const char *name, const char **attributes);
  void (*end)(void *user, Xml *xml, XmlNs ns, const char *name);
  void (*text)(void *user, Xml *xml, Str text);   /* NULL: text does not matter */
} XmlHandler;

struct Xml {
  XML_Parser parser;
  PackagePart part;
  const XmlHandler *handler;
  void *user;
  SheetBudget *budget;
  size_t heap, heap_max;   /* bytes expat holds */
  XML_Index event_at;      /* byte at which the last thing expat told of began */
  unsigned depth;
  unsigned skip_from;      /* depth of the element whose contents are skipped, 0: none */
  bool open, ended;
  bool starved, over_quota;   /* an allocation of expat failed; was refused */
  Err err;
  ErrInfo failure;
};

Err xml_open(Xml *xml, Package *package, Str part, const XmlHandler *handler, void *user, ErrInfo *info) MUST_CHECK;
void xml_close(Xml *xml);
/* Parses until a handler pauses (*ended false) or the part has been read to its last byte (*ended true). */
Err xml_run(Xml *xml, bool *ended, ErrInfo *info) MUST_CHECK;
/* Opens, parses a whole part and closes. */
Err xml_part(Package *package, Str part, const XmlHandler *handler, void *user, ErrInfo *info) MUST_CHECK;
/* For handlers: stop with an error; pause; skip the element that just started: nothing in it is told,
 * nor its end. */
void xml_fail(Xml *xml, Err code, const char *format, ...) PRINTF_LIKE(3, 4);
void xml_fail_at(Xml *xml, long row, size_t column);   /* 0-based column; after xml_fail */
void xml_pause(Xml *xml);
void xml_skip(Xml *xml);
/* The namespace of a name as expat gives it; *local gets the rest. */
XmlNs xml_namespace(const char *qualified, const char **local);
/* The value of an attribute, or NULL. `ns` XML_NS_NONE for one without prefix. */
const char *xml_attribute(const char **attributes, XmlNs ns, const char *name);
/* True for "1", "true", "on". */
bool xml_true(const char *value);

/* ---- row.c: the row being built ---- */

typedef struct SheetRow {
  SheetCell *cells;
  size_t *start;      /* offset of each cell's text in `text` */
  size_t cap_cells, cap_start;
  size_t count;       /* one past the last cell that is not empty */
  Buf text;
} SheetRow;

void row_init(SheetRow *row, const SheetLimits *limits);
void row_clear(SheetRow *row);
void row_reset(SheetRow *row);
/* Text of a cell is appended to row->text first; it begins at the row->text.len of before. */
/* Sets cells [column, column + repeat) to `cell` with the text [start, row->text.len). Empty cells are not stored. */
Err row_set(SheetRow *row, size_t column, size_t repeat, SheetCell cell, size_t start) MUST_CHECK;
/* A sentence for what row_set gave. */
const char *row_problem(Err err);
/* Points the texts into the buffer; after this nothing is added. */
void row_finish(SheetRow *row);

/* ---- value.c: numbers, dates and number formats ---- */

typedef struct NumberFormat {
  bool date, time, elapsed;
  unsigned char pad;   /* digits of a format of zeros only */
} NumberFormat;

NumberFormat format_parse(Str code);
NumberFormat format_builtin(long id);
/* Appends the text and fills the cell for a serial number of that format. */
void value_serial(SheetCell *cell, Buf *text, double serial, NumberFormat format, bool from_1904);
/* Number without format. */
void value_number(SheetCell *cell, Buf *text, double number);
/* ISO 8601 date with or without time; false when it is not one. */
bool value_iso(SheetCell *cell, Buf *text, Str iso);
/* ISO 8601 duration PT13H30M00S. */
bool value_duration(SheetCell *cell, Buf *text, Str iso);
/* Day -> Excel's number in the 1900 system; below 1 when it has none. */
double value_excel_serial(Day day);

/* ---- the formats ---- */

typedef struct SheetInfo {
  Str name;
  Str part;      /* XLSX: the part with its rows */
  bool hidden;
} SheetInfo;

typedef struct SheetList {
  SheetInfo *items;
  size_t count, cap;
} SheetList;

typedef struct Xlsx Xlsx;
typedef struct Ods Ods;
typedef struct CsvIn CsvIn;

struct Sheet {
  SheetFormat format;
  SheetBudget budget;
  Input input;
  Package package;
  Arena arena;           /* names and parts */
  SheetList sheets;
  size_t selected;
  bool started, ended;
  Err failed;            /* sticky until select */
  ErrInfo failure;
  char file[256];
  SheetRow row;
  long row_number;       /* of the row in `row` */
  long row_repeat;       /* more times the same row is to be given */
  uint64_t cells_out;
  Xml xml;               /* the rows of a workbook */
  Xlsx *xlsx;
  Ods *ods;
  CsvIn *csv;
};

/* Adds a sheet; ERR_LIMIT above limits.sheets. Texts are copied. */
Err sheet_add(Sheet *sheet, Str name, Str part, bool hidden, ErrInfo *info) MUST_CHECK;

Err xlsx_open(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Err xlsx_select(Sheet *sheet, ErrInfo *info) MUST_CHECK;
void xlsx_close(Sheet *sheet);
Err ods_open(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Err ods_select(Sheet *sheet, ErrInfo *info) MUST_CHECK;
void ods_close(Sheet *sheet);
Err csv_in_open(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Err csv_in_select(Sheet *sheet, ErrInfo *info) MUST_CHECK;
Err csv_in_next(Sheet *sheet, ErrInfo *info) MUST_CHECK;   /* fills row and row_number; ended at the end */
void csv_in_close(Sheet *sheet);
char csv_in_delimiter(const Sheet *sheet);
const char *csv_in_encoding(const Sheet *sheet);
long csv_in_line(const Sheet *sheet);

#endif
