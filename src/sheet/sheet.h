/* SPDX-License-Identifier: EUPL-1.2 */
/* One reader for the tables people send: CSV, XLSX (.xlsx, .xlsm) and ODS, row by row, in bounded memory and time.
 * What the file is follows from its bytes, never from its name. Whatever a hostile file tries ends in an Err with one
 * sentence that a programme officer understands. docs/sheets.md lists what is read, what is ignored and the limits.
 *
 *   Sheet *sheet;
 *   TRY(sheet_open(&sheet, path, NULL, info));
 *   const SheetCell *cells; size_t count; long row;
 *   while ((err = sheet_next(sheet, &cells, &count, &row, info)) == ERR_OK && count > 0) { ... }
 *   sheet_close(sheet);
 */
#ifndef PW_SHEET_SHEET_H
#define PW_SHEET_SHEET_H

#include "base/buf.h"
#include "base/day.h"
#include "base/err.h"
#include "base/str.h"

typedef enum SheetFormat { SHEET_CSV, SHEET_XLSX, SHEET_ODS } SheetFormat;

typedef enum SheetKind {
  SHEET_EMPTY,    /* no cell there, or nothing in it; text is "" */
  SHEET_TEXT,     /* in CSV every cell that is not empty */
  SHEET_NUMBER,   /* number; text without ".0" for whole numbers, else the shortest text that reads back the same;
                     a cell format of zeros only ("0000") pads the text of a whole number, as the user sees it */
  SHEET_DATE,     /* day; text "2013-11-15", with a time of day "2013-11-15T13:30:00"; number is the fraction of the day */
  SHEET_TIME,     /* time of day or duration; text "13:30:00" (hours may pass 24); number in days */
  SHEET_BOOLEAN,  /* number 0 or 1; text "false" or "true" */
  SHEET_ERROR     /* a formula that failed; text as the program shows it: "#N/A", "#DIV/0!", "Err:502" */
} SheetKind;

typedef struct SheetCell {
  SheetKind kind;
  bool formula;   /* the value is the stored result of a formula (nothing is ever calculated here) */
  Day day;        /* SHEET_DATE; else DAY_NONE */
  double number;  /* see the kind; else 0 */
  Str text;       /* valid UTF-8 without NUL; "" for SHEET_EMPTY */
} SheetCell;

/* A member left 0 has its default. Passing one is ERR_LIMIT. */
typedef struct SheetLimits {
  uint64_t file_bytes;          /* the file itself; 64 MiB */
  uint64_t uncompressed_bytes;  /* all parts of a workbook that are read, together; 1 GiB */
  unsigned ratio;               /* uncompressed : compressed of one part, looked at beyond 4 MiB; 300 */
  unsigned parts;               /* entries in the zip; 10,000 */
  unsigned sheets;              /* 1,000 */
  long rows;                    /* highest row number in a sheet; 1,048,576 */
  size_t columns;               /* highest column in a sheet; 16,384 */
  uint64_t cells;               /* cells handed out per sheet, empty ones inside a row included; 50,000,000 */
  size_t cell_bytes;            /* text of one cell; 1 MiB */
  size_t row_bytes;             /* text of one row; 16 MiB */
  unsigned xml_depth;           /* nested elements; 64 */
  size_t shared_bytes;          /* the shared strings of a workbook; 256 MiB */
  unsigned time_ms;             /* time spent inside this reader, from open to close; 60,000 */
  bool csv_literal;             /* not a limit: take CSV cells as they are, see sheet_csv_restore */
} SheetLimits;

typedef struct Sheet Sheet;

/* Opens a table file and reads what is needed to name its sheets. `limits` NULL: all defaults; copied.
 * ERR_NOT_FOUND, ERR_PERMISSION, ERR_IO: the file; ERR_INPUT: damaged, truncated or contradictory; ERR_UNSUPPORTED: well
 * known but not one of ours (.xls, .xlsb, .numbers, PDF, a password, ...) with what to do about it; ERR_LIMIT; ERR_MEMORY.
 * On failure *out is NULL. `info` names the file (its last path component). The caller closes it with sheet_close. */
Err sheet_open(Sheet **out, const char *path, const SheetLimits *limits, ErrInfo *info) MUST_CHECK;
/* The same on bytes in memory (an upload), borrowed until sheet_close; `name` is for messages only. */
Err sheet_open_bytes(Sheet **out, Str bytes, const char *name, const SheetLimits *limits, ErrInfo *info) MUST_CHECK;
/* Releases everything; NULL is allowed. */
void sheet_close(Sheet *sheet);

SheetFormat sheet_format(const Sheet *sheet);
const char *sheet_format_name(SheetFormat format);   /* "CSV", "XLSX", "ODS" */
/* How a CSV was understood: ',' ';' '\t' '|' and "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"; 0 and "" otherwise. */
char sheet_csv_delimiter(const Sheet *sheet);
const char *sheet_csv_encoding(const Sheet *sheet);

/* The sheets of cells in workbook order (sheets of charts are left out). A CSV has one, named "". Borrowed. */
size_t sheet_count(const Sheet *sheet);
Str sheet_name(const Sheet *sheet, size_t index);
bool sheet_hidden(const Sheet *sheet, size_t index);
/* The sheet of that name (Unicode case and accents folded); false when there is none. */
bool sheet_find(const Sheet *sheet, Str name, size_t *index);
/* Index of the sheet being read. */
size_t sheet_selected(const Sheet *sheet);

/* Starts reading sheet `index` at its top, also when it was being read already. Without it sheet_next begins with the
 * first sheet that is not hidden. ERR_NOT_FOUND: no such index. */
Err sheet_select(Sheet *sheet, size_t index, ErrInfo *info) MUST_CHECK;

/* The next row that has a cell which is not empty: *cells[0..*count) from column A, the last one not empty; borrowed until
 * the next call on this sheet. *row is its 1-based number as a spreadsheet program shows it (a CSV record counts as one row however many
 * lines it has). *count 0 (and *row 0) at the end, and again when called again. `cells`, `row` must not be NULL.
 * After an error every further call gives the same error until sheet_select. `info` gets file, sheet, row and column. */
Err sheet_next(Sheet *sheet, const SheetCell **cells, size_t *count, long *row, ErrInfo *info) MUST_CHECK;
/* The 1-based line of a CSV on which the last row began; 0 for a workbook. */
long sheet_line(const Sheet *sheet);

#define SHEET_REF 24
/* "C12": column 0-based, row 1-based; row 0 gives the letters alone. */
void sheet_ref(char out[SHEET_REF], long row, size_t column);

/* ---- Writing ----
 * Either the whole new file is there after sheet_writer_finish, or what was there before. A text never becomes a
 * formula: XLSX and ODS say for every cell that it is text; for CSV see sheet_csv_neutral. */

typedef struct SheetWriter SheetWriter;

typedef struct SheetWriteOptions {
  char delimiter;      /* CSV; 0: ',' (Dutch Excel opens ';' by a double click) */
  bool bom;            /* CSV: begin with a UTF-8 byte order mark, which Excel needs to see it is UTF-8 */
  bool csv_literal;    /* CSV: do not neutralise (for machines; never for a download that people open) */
  const char *title;   /* document property, NULL: none; borrowed until _new returns */
  int64_t created;     /* seconds since 1970, in the document's properties; 0: 1980-01-01, so that equal content gives equal bytes */
} SheetWriteOptions;

/* Begins a file at `path` (written beside it first). `options` NULL: all zero. ERR_IO, ERR_MEMORY. */
Err sheet_writer_new(SheetWriter **out, SheetFormat format, const char *path, const SheetWriteOptions *options,
                     ErrInfo *info) MUST_CHECK;
/* The next rows go to a new sheet. Needed before the first row (CSV: at most once, the name is not stored). Characters that
 * a sheet's name may not have become '_', it is cut at 31 characters, and a name already used gets " (2)". */
Err sheet_writer_sheet(SheetWriter *writer, Str name, ErrInfo *info) MUST_CHECK;
/* The row of headings: bold, stays in view when scrolling, repeated on each printed page; sets the widths of the columns. Only
 * as the first row of a sheet. */
Err sheet_write_heading(SheetWriter *writer, const Str *headings, size_t count, ErrInfo *info) MUST_CHECK;
/* A column of a sheet that somebody is to fill in. Texts are borrowed until the writer is freed. */
typedef struct SheetColumn {
  Str heading;
  bool locked;                 /* cells we write are grey and refuse typing (empty ones and rows below do not) */
  const char *note;            /* shown when a cell of the column is chosen (cut at 255 characters); NULL: none */
  const char *const *choices;  /* the only texts the cells take, to choose from a list; NULL: any. Together at most 255 bytes */
  size_t choice_count;
} SheetColumn;

/* Begins the first sheet of the file as a form: the row of headings as sheet_write_heading, and in XLSX and ODS what the
 * columns say; CSV has the headings alone. The sheet is protected without a password, so that nothing is changed by accident
 * and everything can be on purpose. ERR_USAGE: not the first sheet, or more columns than 64. */
Err sheet_write_form(SheetWriter *writer, Str name, const SheetColumn *columns, size_t count, ErrInfo *info) MUST_CHECK;
/* A row. Kinds: EMPTY, TEXT, NUMBER (not finite: left empty; XLSX keeps 16 digits), DATE (`day`; years 1 to 9999), BOOLEAN; TIME and ERROR are written as
 * their text. ERR_LIMIT: more rows or columns than the format has, or a text above 32,767 UTF-16 units (XLSX) —
 * `info` tells which cell; ERR_INPUT: text that is not UTF-8 or has a NUL. Control characters that XML cannot
 * hold become U+FFFD in ODS, and CR becomes a line break there. */
Err sheet_write_row(SheetWriter *writer, const SheetCell *cells, size_t count, ErrInfo *info) MUST_CHECK;
/* Completes the file and puts it in its place; the writer still has to be freed. A file without sheets gets one. */
Err sheet_writer_finish(SheetWriter *writer, ErrInfo *info) MUST_CHECK;
/* Releases; without a successful finish nothing remains of the new file. NULL is allowed. */
void sheet_writer_free(SheetWriter *writer);

static inline SheetCell sheet_cell_empty(void) { return (SheetCell){.kind = SHEET_EMPTY, .day = DAY_NONE}; }
/* Borrows the text; empty text gives an empty cell. */
static inline SheetCell sheet_cell_text(Str text)
{ return (SheetCell){.kind = text.len ? SHEET_TEXT : SHEET_EMPTY, .day = DAY_NONE, .text = text}; }
static inline SheetCell sheet_cell_number(double number)
{ return (SheetCell){.kind = SHEET_NUMBER, .day = DAY_NONE, .number = number}; }
static inline SheetCell sheet_cell_boolean(bool value)
{ return (SheetCell){.kind = SHEET_BOOLEAN, .day = DAY_NONE, .number = value ? 1 : 0}; }
/* DAY_NONE gives an empty cell. */
static inline SheetCell sheet_cell_date(Day day)
{ return (SheetCell){.kind = day == DAY_NONE ? SHEET_EMPTY : SHEET_DATE, .day = day}; }

/* CSV has no types, and spreadsheet programs run a cell that begins with = + - @ (also full-width), tab, CR or LF as a
 * formula or command. Rule of our CSV files: a text that consists of any number of apostrophes followed by such a
 * character gets one apostrophe put before it, nothing else does. Reading takes exactly one apostrophe off a cell that begins
 * with one or more apostrophes and such a character. So restore(neutral(x)) is x for every x, a file read twice is not
 * changed twice, and a number cell (-5) is not touched. The only texts of foreign files that reading changes are
 * those that begin '= '+ '- '@, where the apostrophe is what a spreadsheet user types to say "this is text". */
bool sheet_csv_dangerous(Str text);            /* begins with apostrophes (or none) and a starting character */
void sheet_csv_neutral(Buf *out, Str text);    /* appends the text as our CSV has it (before quoting) */
Str sheet_csv_restore(Str text);               /* the inverse; a slice of text */

#endif
