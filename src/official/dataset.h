/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside of src/official: the table datasets.def as C. */
#ifndef PW_OFFICIAL_DATASET_H
#define PW_OFFICIAL_DATASET_H

#include "official/official.h"

typedef struct DatasetField {
  const char *name;
  bool required;
  const char *headings;   /* alternatives between | */
} DatasetField;

typedef struct DatasetSeries {
  const char *measure;
  const char *headings;   /* with {period}, {start}, {end}, {sex}, {grade} */
} DatasetSeries;

typedef struct DatasetSuppressed {
  const char *text;       /* in place of a number */
  double low, high;       /* between which it lies */
} DatasetSuppressed;

/* A dataset of the table, or one made while a file is read that tells its own fields (odata.h). */
struct Dataset {
  const char *id, *code, *publisher, *title;
  const DatasetField *fields;  /* NULL: those of the table */
  size_t field_count;
  const DatasetArea *areas;    /* likewise */
  size_t area_count;
};

/* The dataset's rows of the tables; *count of them. */
const DatasetField *dataset_fields(const Dataset *dataset, size_t *count);
const DatasetSeries *dataset_series(const Dataset *dataset, size_t *count);
const DatasetSuppressed *dataset_suppressed(const Dataset *dataset, size_t *count);

/* The fields that no two rows of a file have alike, with | between them; ptr NULL when none are told. */
Str dataset_key(const Dataset *dataset);

/* What a heading of numbers stands for. */
typedef struct SeriesMatch {
  size_t series;        /* index in the dataset */
  char period[16];      /* "2019/20" or "" */
  const char *sex;      /* "male", "female", "total" or "" */
  int grade;
} SeriesMatch;

/* Whether the folded heading is one of the field's names. */
bool dataset_names_field(const DatasetField *field, Str folded);
/* Whether the folded heading is a column of numbers of the dataset. */
bool dataset_names_series(const Dataset *dataset, Str folded, SeriesMatch *match);

/* Widens the report's first and last period to this one. */
void official_note_period(OfficialReport *report, Str period);

#endif
