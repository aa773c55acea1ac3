/* SPDX-License-Identifier: EUPL-1.2 */
/* Official files of DUO and CBS, read by their headings into facts: one number of one row, with what describes it. Which files,
 * which columns and which names these had over the years is the table datasets.def.
 *
 * A number may be a value (zero is one), suppressed ("<5": known to be 1, 2, 3 or 4) or empty. Nothing is repaired: where
 * men and women do not add up to the total, the report says so. */
#ifndef PW_OFFICIAL_OFFICIAL_H
#define PW_OFFICIAL_OFFICIAL_H

#include "sheet/sheet.h"

enum { OFFICIAL_FIELDS = 20, OFFICIAL_MISMATCHES = 100 };

typedef struct Dataset Dataset;

/* The dataset of a code ("duo-exams"); NULL when there is none. */
const Dataset *dataset_by_code(Str code);
size_t dataset_count(void);
const Dataset *dataset_at(size_t index);
const char *dataset_code(const Dataset *dataset);
const char *dataset_publisher(const Dataset *dataset);
const char *dataset_title(const Dataset *dataset);
/* Index of a field by its name in datasets.def; -1 when the dataset has no such field. */
int dataset_field(const Dataset *dataset, Str name);
Str dataset_field_name(const Dataset *dataset, int field);

/* How far a file goes: see AREA in datasets.def. LEVELS: rows of several levels overlap (a province and its municipalities
 * each have their own), and the area is the code of a region ("GM0014"). */
typedef enum AreaExtent { AREA_NATIONAL, AREA_SELECTION, AREA_LEVELS } AreaExtent;

typedef struct DatasetArea {
  const char *field;
  const char *kind;   /* as region_kind_name: "municipality", "province"; NULL for LEVELS */
  AreaExtent extent;
} DatasetArea;

/* The fields that name the region of a row, in the order in which they are asked; *count of them. */
const DatasetArea *dataset_areas(const Dataset *dataset, size_t *count);

typedef enum CountState { COUNT_VALUE, COUNT_SUPPRESSED, COUNT_EMPTY } CountState;

typedef enum OfficialPeriodKind { OFFICIAL_CALENDAR_YEAR, OFFICIAL_SCHOOL_YEAR, OFFICIAL_QUARTER, OFFICIAL_REFERENCE_DATE } OfficialPeriodKind;

/* "2020", "2019/20", "2016Q4" or "2020-01-01" with its kind and its last day; false on anything else. The name of a kind is
 * that of the column period_kind of the measurements. */
bool official_period(Str text, OfficialPeriodKind *kind, Day *last);
const char *official_period_kind_name(OfficialPeriodKind kind);
/* A school year "2014", "2014-2015", "2014/2015", "2014-15" or "2014/15" as "2014/15"; false on anything else. */
bool official_school_year(Str text, char period[16]);

typedef struct OfficialFact {
  const Str *fields;    /* by dataset_field; ptr NULL for a column the file does not have; trimmed; borrowed */
  Str measure;          /* "candidates", "passed", "pupils" */
  size_t column;        /* number of its column among those of numbers, from 0; facts of one column mostly have the same measure,
                           sex and grade, and are quicker to count for it */
  Str period;           /* "2019/20"; that of the row or of the options when the heading names none */
  Str sex;              /* "male", "female", "total"; "" when the heading names none */
  int grade;            /* 1 to 9; that of the row when the heading names none; 0 when it has none either */
  CountState state;
  double low, high;     /* the number lies in [low, high]; both 0 when empty */
  bool provisional;     /* the publisher says that the period's figures may still change */
  long row;             /* of the file */
  bool same_row;        /* the fields are those of the fact handed out before; false when that is not known */
} OfficialFact;

/* A row in which male and female, all three visible, do not add up to the total. */
typedef struct OfficialMismatch {
  long row;
  Str measure, period;  /* borrowed from the reader's tables: valid as long as the report */
  double male, female, total;
} OfficialMismatch;

typedef struct OfficialReport {
  size_t rows;                  /* rows read */
  size_t facts;                 /* numbers handed out, empty ones not counted */
  size_t suppressed;
  struct {
    char measure[32];
    size_t checked, wrong;      /* fully visible triples of man, woman and total */
  } totals[4];
  size_t measures;              /* entries of totals */
  OfficialMismatch mismatches[OFFICIAL_MISMATCHES];
  size_t mismatch_count;        /* kept in mismatches; totals[].wrong counts all */
  size_t same_rows;             /* rows that are in every cell the same as an earlier one, of datasets without a key */
  long same_row, same_as;       /* the first of them, and the row it is the same as */
  size_t missing;               /* numbers that the file says are not there, of tables that do (odata.h) */
  struct {
    char name[32];
    size_t count;
  } reasons[8];                 /* why, where it tells */
  int64_t first_id;             /* of an answer of CBS that begins behind the table's first record and does not say what stood before: the least
                                   number of a record. It is a selection, or pages before it are lacking. Else 0 */
  size_t other_periods;         /* numbers of months, weeks and the like, which are no periods of measurements */
  char first_period[16], last_period[16];
  char period_text[64][16];     /* storage of mismatches' periods */
} OfficialReport;

typedef struct OfficialOptions {
  Str period;                   /* school year of a file whose headings name none ("2019/20"); ptr NULL otherwise */
  const SheetLimits *limits;    /* NULL: defaults */
} OfficialOptions;

/* Called for every number (of a dataset without columns of numbers for every row, as 1), of official_read only for those that are not empty. An error stops the reading and is passed on. */
typedef Err (*OfficialSink)(void *context, const OfficialFact *fact);

/* Reads the whole file. ERR_INPUT names file, row, column and value: a required column is missing (all that are missing are
 * named, with the headings expected and those found), two columns claim to be the same, one of men or women stands alone, a number or a period is not one, a row has more
 * cells than there are headings or the key of an earlier one, no school year is known, there are no rows. Also the errors of sheet_open
 * and of the sink, with the file. */
Err official_read(const Dataset *dataset, const char *path, const OfficialOptions *options, OfficialSink sink, void *context,
                  OfficialReport *report, ErrInfo *info) MUST_CHECK;

/* The same on a sheet opened by the caller, from where it stands. */
Err official_read_sheet(const Dataset *dataset, Sheet *sheet, const OfficialOptions *options, OfficialSink sink, void *context,
                        OfficialReport *report, ErrInfo *info) MUST_CHECK;

/* "12", "1.234", "1 234" (any kind of space), "12,0", "<5", "" or "-" as a count of at most 1,000,000,000. False on anything else.
 * Exposed for tests and fuzzing. */
bool official_count(Str text, CountState *state, double *low, double *high);

#endif
