/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables of CBS as its open data services answer them, saved as files: OData 3 (opendata.cbs.nl: TypedDataSet or
 * UntypedDataSet, the code list of each dimension, DataProperties, TableInfos) and OData 4 (Observations, MeasureCodes,
 * <Dimension>Codes, Dimensions, Properties). Which answer a file is follows from its odata.metadata or @odata.context; the
 * files of one table come in any order. docs/cbs.md tells where the shapes are documented.
 *
 * A table becomes a Dataset whose fields are its dimensions by their codes ("Leeftijd"), and where the list of codes is
 * given also by their titles ("Leeftijd.title"); "region" is the code of the region (NL01 where the table has no regions).
 * A fact's measure is the topic ("Bevolking_1") or the code of the measure (OData 4). */
#ifndef PW_OFFICIAL_ODATA_H
#define PW_OFFICIAL_ODATA_H

#include "base/arena.h"
#include "official/official.h"

enum {
  ODATA_FILES = 2000,
  ODATA_FILE_BYTES = 64 << 20,   /* one answer: at most 100,000 records of CBS */
  ODATA_RECORDS = 2000000,       /* of the data, all pages together */
  ODATA_DIMENSIONS = 8,
  ODATA_CODES = 65535            /* of one dimension */
};

/* An answer, in a file or in memory; borrowed as long as the table. */
typedef struct OdataSource {
  const char *path;   /* for messages its last component */
  Str bytes;          /* ptr NULL: read from the path */
} OdataSource;

typedef struct OdataTable OdataTable;

/* Looks at all files: which answer each is, that they are of one table, that no page of a chain is lacking, and reads the
 * lists of codes. Lives in the arena. ERR_INPUT names file, record and field: no JSON, no answer of CBS, another table, a page
 * that is not given or given twice, a code twice; ERR_UNSUPPORTED: regions that the pact has no source for (postcodes);
 * ERR_LIMIT; ERR_NOT_FOUND, ERR_PERMISSION, ERR_IO; ERR_MEMORY. */
Err odata_open(OdataTable **out, Arena *arena, const OdataSource *files, size_t count, ErrInfo *info) MUST_CHECK;
/* Code "cbs-" and the table's identifier in lower case; its title where a file tells it. Lives as long as the table. */
const Dataset *odata_dataset(const OdataTable *table);
/* Hands out every number of years, school years and quarters, those that are missing too (state COUNT_EMPTY), page after
 * page: the memory is that of one page and 40 to 120 bytes per record. ERR_INPUT names file, record and field: a code that is not in its list, a
 * record twice, a period or number that is none. Also an error of the sink. A last page alone cannot be told from a selection:
 * report->first_id says where it begins. */
Err odata_read(OdataTable *table, OfficialSink sink, void *context, OfficialReport *report, ErrInfo *info) MUST_CHECK;

/* CBS's code of a period as official_period writes it: 2020JJ00 "2020", 2020SJ00 "2020/21", 2020KW01 "2020Q1". *known false
 * for another kind (months, weeks). False on what is no code of a period. Exposed for tests and fuzzing. */
bool odata_period(Str code, char out[16], bool *known);

#endif
