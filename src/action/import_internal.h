/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of the import: headings, names, rows, the difference with what is stored, writing. */
#ifndef PW_ACTION_IMPORT_INTERNAL_H
#define PW_ACTION_IMPORT_INTERNAL_H

#include "action/cells.h"
#include "action/import.h"
#include "action/stem.h"
#include "base/map.h"
#include "sheet/sheet.h"

typedef enum FieldKind {
  FIELD_KIND_TEXT,
  FIELD_KIND_CHOICE,   /* a closed list of the program */
  FIELD_KIND_ONE,      /* one name from a list of the pact */
  FIELD_KIND_MANY,     /* several */
  FIELD_KIND_GOALS,
  FIELD_KIND_DAY,
  FIELD_KIND_PERIOD,   /* gives a first and a last day */
  FIELD_KIND_MONEY,
  FIELD_KIND_NUMBER,
  FIELD_KIND_PRIVATE   /* data of persons: never in a report, message, log or export */
} FieldKind;

typedef enum Field {
#define FIELD(NAME, key, kind, heading) FIELD_##NAME,
#include "action/fields.def"
#undef FIELD
  FIELD_COUNT,
  FIELD_NONE = FIELD_COUNT
} Field;

typedef struct FieldInfo { const char *key; FieldKind kind; const char *heading; } FieldInfo;
extern const FieldInfo FIELDS[FIELD_COUNT];

/* A fact of a row: not in the file, an empty cell, or a value. Texts are canonical: codes, ISO dates, digits. */
typedef struct Fact {
  bool present;      /* the file has the column */
  bool given;        /* and the cell holds something */
  Str text;          /* fields with one value */
  CellList *list;    /* GOALS and MANY */
} Fact;

typedef struct Column {
  Field field;
  Str heading;
} Column;

enum { COLUMNS_MAX = 256 };

/* What is already registered, as far as needed to recognise an action without a code. */
typedef struct Known {
  Str code;
  uint64_t title, owner, regions;  /* hashes; 0: none */
  uint32_t next;                   /* with the same title hash, plus 1 */
} Known;

typedef struct Import {
  Store *store;
  const ImportOptions *options;
  Arena *arena;            /* report */
  Arena names;             /* vocabulary, known actions */
  Arena row;               /* emptied for every row */
  ErrInfo *info;
  Sheet *sheet;
  Str sheet_name, file_name;
  Column columns[COLUMNS_MAX];
  size_t column_count;
  bool has[FIELD_COUNT];
  Map vocabulary[FIELD_COUNT];   /* name -> code (Str *), for CHOICE, ONE, MANY, GOALS */
  Known *known;
  size_t known_count, known_cap;
  Map by_code, by_title;         /* into known */
  uint64_t *seen;                /* keys of the rows read, open addressing, with the row beside it */
  uint32_t *seen_row;
  size_t seen_count, seen_cap;
  Stemmer *stemmer;
  Str source;                    /* of what this file adds; ptr NULL until something was added */
  int64_t next_seq[16];          /* per table that is added to, see import_write.c */
  long row_number, rows, added, changed, unchanged, assumed;
  size_t error_count;
  Val *report, *errors;
  const SheetCell *cells;        /* of the row being read */
  size_t cell_count;
  Fact facts[FIELD_COUNT];
  bool line_assumed;             /* the row itself calls its line an assumption */
} Import;

/* import_columns.c */
Err import_find_headings(Import *import) MUST_CHECK;
/* import_names.c */
Err import_read_names(Import *import) MUST_CHECK;
bool import_lookup(Import *import, Field field, Str text, Str *code, bool *ambiguous);
Err import_add_name(Import *import, Field field, Str name, Str code) MUST_CHECK;
/* import_row.c: fills import->facts from the cells; refused cells are reported. */
Err import_read_row(Import *import) MUST_CHECK;
/* Reports a refused cell; column is the place in the row or COLUMNS_MAX for the row as a whole. */
void import_refuse(Import *import, size_t column, const char *expected, ...) PRINTF_LIKE(3, 4);
/* import_match.c */
Err import_read_known(Import *import) MUST_CHECK;
/* The code of the action that the row is about; ptr NULL when it is a new one. False when the row was refused. */
Err import_match(Import *import, Str *code, bool *ok) MUST_CHECK;
/* import_write.c */
Err import_begin_writing(Import *import) MUST_CHECK;
Err import_write_new(Import *import) MUST_CHECK;
Err import_write_existing(Import *import, Str code) MUST_CHECK;
Err import_add_organisation(Import *import, Str name, Str *code) MUST_CHECK;

#define IMPORT_MEMORY(import) err_set((import)->info, ERR_MEMORY, "out of memory while importing")

#endif
