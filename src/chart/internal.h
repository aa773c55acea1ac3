/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of this part share: an indicator as it is to be drawn, and pieces of an ECharts option. */
#ifndef PW_CHART_INTERNAL_H
#define PW_CHART_INTERNAL_H

#include "chart/chart.h"
#include "pact/indicator.h"

/* --- the model: an indicator in its regions, read from the tree of indicator_list --- */

typedef struct Figure {
  Day day;
  Str period;
  FigureState state;
  double value;          /* NAN without a number */
  double low, high;      /* NAN when exact */
  int definition;
  bool complete, leading, firm;  /* firm: neither provisional nor an estimate */
  const Val *val;
} Figure;

/* One target of one edition. */
typedef struct Aim {
  Str edition, edition_code;
  bool current, at_most;
  bool shared;           /* another edition says the same; drawn once, by the current one */
  bool hidden;           /* said by another edition too, which is the one drawn */
  CourseMode mode;
  double target;         /* NAN when it cannot be worked out */
  Day due;               /* DAY_NONE: without day */
  double baseline;       /* NAN: none */
  Day baseline_day;
  const Val *course;
} Aim;

enum { AIMS_MAX = 16, PANELS_MAX = 12 };

typedef struct Panel {
  Str code, name, kind;
  Figure *figures;       /* those that held on the day, by day; leading or not */
  size_t count;
  Aim aims[AIMS_MAX];
  size_t aim_count;
  const Val *trend;      /* NULL: none */
} Panel;

typedef struct Scale { double min, max, step; int decimals; } Scale;

typedef struct Model {
  Arena *arena;
  const ViewLang *lang;
  Day as_of;
  bool hindsight;        /* judged by what became known after as_of too */
  const Val *indicator;
  Str code, title, unit;
  bool percent, quota;
  Panel *panels;
  size_t panel_count;    /* at most PANELS_MAX */
  size_t region_count;   /* regions there are */
  Scale y;
  Day from, to;          /* what the x axis spans */
} Model;

/* Reads the regions of `indicator` of which `take` is true. */
Err chart_model_read(const ChartAsk *ask, const Val *indicator, bool (*take)(const Val *region, Str wanted), Str wanted, Arena *arena,
               Model *out, ErrInfo *info) MUST_CHECK;
/* Sets the axes to what the panels hold. */
void model_scale(Model *m);
/* Whether a figure of the panel can be drawn: a number or bounds. */
bool figure_drawn(const Figure *f);
bool panel_has_numbers(const Panel *p);
bool model_has_numbers(const Model *m);
/* The last day a target of the panel has; DAY_NONE when none has one. */
Day panel_due(const Panel *p);
/* The day of a change of definition between two figures: that on which the later version begins, when it lies between. */
Day model_break(const Model *m, const Figure *before, const Figure *after);
/* A scale from a little below `low` to a little above `high` with 4 to 8 round steps; with zero in it when that costs less
 * than half of the height, or `zero` says so. */
Scale scale_nice(double low, double high, bool zero);

/* --- words --- */

Str say(const Model *m, const char *message, ...);   /* pairs of name and Str value, ended by NULL: view_fill */
Str taken(const Model *m, Buf *out);                  /* what was written, in the arena, which has failed when that did; ends `out` */
Str say_number(const Model *m, double value);         /* with at most one decimal, in the unit: "24,3%" */
Str say_points(const Model *m, double value, int decimals);
Str say_day(const Model *m, Day day);
Str say_as_of(const Model *m);                        /* the sentence that says as of which day, and by which knowledge */
Str say_figure(const Model *m, const Figure *f);      /* "24,3% (tussen 23,9% en 24,7%)", "ontbreekt: reden" */
Str say_aim(const Model *m, const Aim *a);            /* "ten minste 30% op 31 december 2020" */
Str say_course(const Model *m, const Aim *a);         /* "niet bereikt" */
const char *state_word(FigureState state);            /* Dutch */
Str describe_course_chart(const Model *m);
Str describe_regions_chart(const Model *m);
Str describe_missing(const Model *m);                 /* why there is no chart, and what is needed */

/* --- pieces of an option --- */

#define INK "#14222a"
#define INK_SOFT "#49575e"
#define RULE "#ddd8cc"
#define COLOUR_MEASURED "#0b5563"
#define COLOUR_CURRENT "#ad3f17"
#define COLOUR_EARLIER "#4548ab"
#define COLOUR_TREND "#17694a"
#define COLOUR_BAND "#dfebe6"   /* what the band is on white */
#define COLOUR_BREAK "#6b4e00"

/* Where a panel is drawn. */
typedef struct Place { int x_axis, y_axis; int strip_x, strip_y; bool labels; } Place;

typedef struct Draw {
  const Model *m;
  Val *series;
  Val *legend;           /* [{name, icon and itemStyle when they are not the series' own}], each once */
} Draw;

/* The entry of a name, made when there is none yet; `icon` NULL: the series' own. */
Val *legend_name(const Draw *d, Str name, const char *icon);

void draw_panel(Draw *d, const Panel *p, const Place *place);
/* How many rows the words above the vertical lines of a panel take. */
unsigned panel_mark_rows(const Model *m, const Panel *p);
/* Whether a panel has figures without a number, for the strip below the scale. */
bool panel_has_gaps(const Panel *p);
double day_ms(Day day);
Val *val_pair(Arena *arena, double x, double y);
void push_number(Arena *arena, Val *list, double value);  /* NAN: null */
Val *option_new(const Model *m);

/* An option for all widths: what differs is in `wide` and `narrow`. Both say all of it, because a chart can be turned from
 * one into the other and back. */
typedef struct Sizes { Val *option, *wide, *narrow; } Sizes;
enum { NARROW_MAX = 560 };  /* px: a chart is drawn narrow up to this width; assets/js/charts.js has the same number */
Sizes option_sizes(Val *base, const Model *m);
/* Adds the axes of one panel; `grid` is its number. */
void option_axes(Val *option, const Model *m, int grid);
/* After all others: an axis that names the years below `grid`, each in its middle. */
void option_years(Val *option, const Model *m, int grid);
/* Adds the axes of the strip for what has no number. */
void option_strip(Val *option, const Model *m, int grid);
/* Begin of a sign drawn in the 30 by 12 px of the legend, as wide as these: so names stand below each other. */
#define LEGEND_SIGN "path://M0 6L0 6ZM30 6L30 6Z"
/* Adds the legend: in rows broken by us, in a narrow drawing one name below the other, so that it takes the same room in all
 * widths. Gives that room in px. */
typedef struct LegendRoom { unsigned wide, narrow; } LegendRoom;
LegendRoom option_legend(const Sizes *sizes, const Draw *d);

/* --- the table beside a chart --- */

void table_of(const Model *m, Chart *out);
Str sources_of(const Model *m);

/* --- the kinds --- */

#define OUTLOOK_TITLE N_("Hoe ver elk doel is, naast hoe ver het moest zijn")

typedef Err (*ChartBuild)(const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info);
Err chart_course(const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info) MUST_CHECK;
Err chart_regions(const ChartAsk *ask, const Val *indicator, Str region, Arena *arena, Chart *out, ErrInfo *info) MUST_CHECK;
Err chart_outlook(const ChartAsk *ask, const Val *indicators, Str region, Arena *arena, Chart *out, ErrInfo *info) MUST_CHECK;

/* Members of a tree. */
Str text_at(const Val *map, const char *key);
double number_at(const Val *map, const char *key);     /* NAN when it is none */
bool flag_at(const Val *map, const char *key);
Day day_at(const Val *map, const char *key);
size_t items(const Val *list);
Val *item(const Val *list, size_t i);

#endif
