/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside of the OData reader: odata.c opens, odata_chain.c checks the pages, odata_read.c hands out the numbers. */
#ifndef PW_OFFICIAL_ODATA_INTERNAL_H
#define PW_OFFICIAL_ODATA_INTERNAL_H

#include <jansson.h>

#include "base/map.h"
#include "official/dataset.h"
#include "official/odata.h"

/* One file. */
typedef struct OdataPage {
  const OdataSource *source;
  Str entity;       /* "TypedDataSet", "Leeftijd", "MeasureCodes" */
  Str next;         /* link to the following page; ptr NULL: the last */
  int64_t skip;     /* of the link; -1: it does not say */
  size_t records;
} OdataPage;

typedef struct OdataCode {
  Str code, title;  /* trimmed */
  bool provisional; /* of a period: its status is not definite */
  size_t index;
} OdataCode;

typedef struct OdataDimension {
  Str name;
  Map codes;        /* code -> OdataCode */
  size_t count;
  bool listed;      /* the codes are those of a list; else those met in the data */
} OdataDimension;

/* A field of a record of the data. */
typedef struct OdataField {
  Str name, text;   /* text: the first record's, ptr NULL when it is none */
} OdataField;

struct OdataTable {
  Arena *arena;
  int version;             /* 3 or 4 */
  Str id, title;           /* id as the first file writes it */
  OdataPage *pages;
  size_t page_count;
  Map lists;               /* name of a dimension, or "Measure" -> OdataDimension */
  Map types;               /* field -> Str *, its type by DataProperties or Dimensions */
  OdataField *fields;      /* of the first record of the data */
  size_t field_count;
  Str entity;              /* of the data */
  OdataDimension *dimensions[ODATA_DIMENSIONS];
  size_t dimension_count, time, region;  /* region: SIZE_MAX when there is none */
  OdataDimension *measures;              /* OData 4 */
  Str *topics;                           /* OData 3: the fields that hold numbers */
  size_t topic_count;
  Dataset dataset;
  DatasetField *dataset_fields;
  DatasetArea area;
};

/* The parsed answer; free with json_decref. Places the file in `info`. */
Err odata_load(const OdataSource *source, json_t **out, ErrInfo *info) MUST_CHECK;
/* The last component of a path. */
const char *odata_name(const OdataSource *source);
/* Error at a record (from 1; 0: the file) and field of a file. */
Err odata_wrong(ErrInfo *info, const OdataSource *source, size_t record, const char *field, const char *format, ...) PRINTF_LIKE(5, 6) MUST_CHECK;
Err odata_check_chains(const OdataTable *table, ErrInfo *info) MUST_CHECK;
static inline Str odata_text(const json_t *json) { return (Str){json_string_value(json), json_string_length(json)}; }

#endif
