/* SPDX-License-Identifier: EUPL-1.2 */
/* Sets of parameters that several rows of routes.def share, so that a page, its download and the API take the same. */
#ifndef PW_WEB_PARAMS_H
#define PW_WEB_PARAMS_H

#define PARAMS_PAGING \
  QUERY_INT("page", 1, 1000000, "1", "Page number, counted from 1"), \
  QUERY_INT("pageSize", 1, 500, "50", "Items per page")

/* Filters of the registry. Values of one parameter are alternatives, different parameters must all hold. */
#define PARAMS_ACTION_FILTERS \
  QUERY_TEXT("q", 200, "Words that occur in title, description or organisations; Dutch word forms and diacritics do not matter"), \
  QUERY_ENUMS("line", "kiezen|leren|werken|none", 4, "Action line; none is an action without one"), \
  QUERY_CODES("goal", 16, 32, "Goal or sub-goal, for example 1c; a goal includes its sub-goals; none is an action without goals"), \
  QUERY_ENUMS("kind", "activity|structure|none", 3, "Activity, or strengthening of the structure"), \
  QUERY_CODES("form", 32, 8, "Form: once, structural, project, platform, approach, education_concept, collaboration, none"), \
  QUERY_ENUMS("level", "national|regional|none", 3, "National or regional action"), \
  QUERY_CODES("region", 16, 32, "Region code: LD01, PV20, GM0014; a region includes all that lies in it; none is an action without reach"), \
  QUERY_CODES("owner", 64, 32, "Code of the organisation that leads the action; none is an action without owner"), \
  QUERY_CODES("partner", 64, 32, "Code of an organisation that takes part"), \
  QUERY_CODES("educationSector", 32, 16, "Education sector: po, vo, vmbo, mbo, hbo, wo, ..."), \
  QUERY_CODES("technicalSector", 32, 32, "Technical sector"), \
  QUERY_CODES("audience", 32, 16, "Audience"), \
  QUERY_CODES("status", 32, 8, "Execution as its owner says"), \
  QUERY_CODES("missing", 32, 16, "Only actions in which this fact is missing, for example owner")

#define PARAM_ACTION_SORT \
  QUERY_CODE("sort", 32, "Field to sort on; - before it turns the order")

#define PARAM_FIELDS \
  QUERY_CODES("fields", 64, 40, "Only these fields of each item, separated by commas")

#endif
