/* SPDX-License-Identifier: EUPL-1.2 */
/* Sets of parameters that several rows of routes.def share, so that a page, its download and the API take the same. */
#ifndef PW_WEB_PARAMS_H
#define PW_WEB_PARAMS_H

#define PARAMS_PAGING \
  QUERY_INT("page", 1, 1000000, "1", "Page number, counted from 1"), \
  QUERY_INT("size", 1, 1000, "25", "Items per page")

/* Filters of the registry: every dimension of action/dimensions.def (a test compares). Values of one parameter are
 * alternatives, different parameters must all hold; every dimension knows the value none. */
#define PARAMS_ACTION_FILTERS \
  QUERY_TEXT("q", 500, "Words that must all occur in title, description or organisations; Dutch word forms, capitals and diacritics do not matter"), \
  QUERY_CODES("line", 64, 64, "Action line: kiezen, leren, werken; none is an action without one"), \
  QUERY_CODES("goal", 64, 64, "Goal with its sub-goals (1), sub-goal (1c), or the goal itself (1-direct)"), \
  QUERY_CODES("region", 64, 64, "Region with all that lies in it: LD01, PV20, GM0014"), \
  QUERY_CODES("reach", 64, 64, "Reach as registered: LD01, PV20, PV20-local, a municipality, other"), \
  QUERY_CODES("kind", 64, 64, "activity or structure"), \
  QUERY_CODES("form", 64, 64, "once, structural, project, platform, approach, education_concept, collaboration"), \
  QUERY_CODES("level", 64, 64, "national or regional"), \
  QUERY_CODES("education", 64, 64, "Education sector"), \
  QUERY_CODES("technical", 64, 64, "Technical sector"), \
  QUERY_CODES("audience", 64, 64, "Audience"), \
  QUERY_CODES("owner", 64, 64, "Organisation that leads the action"), \
  QUERY_CODES("partner", 64, 64, "Organisation that takes part"), \
  QUERY_CODES("status", 64, 64, "Execution as its owner says"), \
  QUERY_CODES("missing", 64, 64, "Fact that is not registered, for example owner"), \
  PARAM_YEAR

/* Which pairs of actions; as on the page, in its downloads and in the API. */
#define PARAMS_COHERENCE \
  QUERY_ENUM("decision", "open|decided|merge|align|stop|keep|all", "open", "open: candidates nothing was decided about; decided: decided about; or one decision"), \
  QUERY_CODE("goal", 64, "Only pairs with an action for this goal"), \
  QUERY_CODE("line", 64, "Only pairs with an action of this action line; none for actions without one"), \
  QUERY_CODE("region", 64, "Only pairs with an action in this region or all that lies in it: PV20")

/* Which places; as on the page, in its downloads and in the API. */
#define PARAMS_PLACES \
  QUERY_ENUM("kind", "primary|secondary|vocational|higher", NULL, "Only of this register: primary, secondary, vocational or higher education"), \
  QUERY_CODE("region", 16, "Only in this region, with all that lies in it: PV20, GM0014"), \
  QUERY_TEXT("q", 200, "Words that must all occur in name or town or begin code or postcode; capitals and diacritics do not matter"), \
  QUERY_DATE("asOf", "Places as the newest edition of this day has them; today when absent")

#define PARAM_YEAR \
  QUERY_INT("year", 1800, 2200, NULL, "Division into municipalities as of 1 January of this year; the latest known when absent")

#define PARAM_AS_OF \
  QUERY_DATE("asOf", "Judged as of this day, with what was known then; today when absent")

/* The day judged as of, and whether in hindsight: read by req_as_of and req_known_on. */
#define PARAMS_JUDGED \
  PARAM_AS_OF, \
  QUERY_ENUM("known", "then|now", "then", "Which knowledge counts: then, of the day judged as of, or now, with what became known of the time until that day later")

/* What identifies a chart. */
#define PARAMS_CHART \
  PATH_CODE("chart", 96, "Identifier of the chart, for example halen"), \
  PARAMS_JUDGED, \
  QUERY_CODE("edition", 64, "Only the targets of this edition; of all editions when absent")

#define PARAM_CHART_SIZE \
  QUERY_ENUM("size", "wide|narrow", "wide", "For a wide column (720 px) or a telephone (328 px)")

#define PARAMS_ACTION_ORDER \
  QUERY_ENUM("sort", "relevance|code|title|line|period|completeness", NULL, "What the list is sorted on"), \
  QUERY_ENUM("order", "asc|desc", NULL, "Ascending or descending; absent: as is usual for that sort")

#define PARAM_FIELDS \
  QUERY_CODES("fields", 64, 64, "Only these fields of each item, separated by commas")

#endif
