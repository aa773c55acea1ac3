/* SPDX-License-Identifier: EUPL-1.2 */
/* Where in an HTML document a text ends: a state machine after the tokenizer of the HTML standard (13.2.5), cut down
 * to what hand-written templates need; what it does not know it refuses. */
#ifndef PW_TMPLC_HTML_H
#define PW_TMPLC_HTML_H

#include <stdbool.h>
#include <stddef.h>

typedef enum HtmlState {
  HTML_TEXT,            /* between tags */
  HTML_TAG_OPEN,        /* after < */
  HTML_TAG_NAME,
  HTML_END_TAG,         /* inside </name ...> */
  HTML_BEFORE_ATTR,     /* inside a tag, white space before */
  HTML_AFTER_ATTR,      /* inside a tag, white space, / or > must follow (also where branches differ) */
  HTML_ATTR_NAME,
  HTML_BEFORE_VALUE,    /* after = */
  HTML_VALUE_DOUBLE,    /* inside "..." */
  HTML_VALUE_SINGLE,    /* inside '...' */
  HTML_VALUE_BARE,
  HTML_RCDATA,          /* inside title or textarea: text, but no tags */
  HTML_SCRIPT,          /* inside a script that is code */
  HTML_JSON,            /* inside <script type="application/json"> */
  HTML_STYLE,           /* inside style */
  HTML_COMMENT,
  HTML_DOCTYPE
} HtmlState;

/* Within a URL attribute. */
typedef enum UrlPart {
  URL_START,     /* nothing yet that rules out a scheme */
  URL_PATH,      /* after a slash or a known scheme */
  URL_QUERY,     /* after ? or & */
  URL_VALUE,     /* after = in the query */
  URL_FRAGMENT,
  URL_UNSURE,    /* branches differ: nothing may be printed here */
} UrlPart;

typedef enum AttrKind { ATTR_PLAIN, ATTR_URL, ATTR_CLOSED } AttrKind;  /* CLOSED: code or style, no printing */

typedef struct Html {
  HtmlState state;
  char tag[24];        /* element whose tag or contents we are in, lower case; "" in text */
  char attr[32];       /* attribute, lower case */
  AttrKind attr_kind;
  UrlPart url;
  char seen[24];       /* in a value: its first characters; in text-only contents: the last ones */
  size_t seen_len;
  bool json_type;      /* this script tag says it is JSON */
  bool json_string;    /* HTML_JSON: inside "..." */
  bool json_escape;    /* HTML_JSON: after a backslash */
} Html;

/* How a printed value must be written at this place. */
typedef enum Escape { ESCAPE_NONE, ESCAPE_TEXT, ESCAPE_ATTR, ESCAPE_URL_START, ESCAPE_URL_PART, ESCAPE_URL_VALUE,
                      ESCAPE_JSON } Escape;

void html_init(Html *h);
/* Takes one character in; NULL, or what is wrong with it. */
const char *html_step(Html *h, char c);
/* How a value printed here is escaped; ESCAPE_NONE when nothing may be printed, and then *why says so. */
Escape html_print(Html *h, const char **why);
/* After the value: the state as if ordinary characters came. */
void html_printed(Html *h);
/* Makes *a the state in which both may go on. False when they cannot. */
bool html_join(Html *a, const Html *b);
bool html_same(const Html *a, const Html *b);
/* In words, for messages: "text", "the value of href". */
void html_describe(const Html *h, char *out, size_t size);

#endif
