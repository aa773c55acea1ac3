/* SPDX-License-Identifier: EUPL-1.2 */
#include "html.h"

#include <stdio.h>
#include <string.h>

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool in_list(const char *word, const char *const *list) {
  for (; *list; list++)
    if (!strcmp(word, *list)) return true;
  return false;
}

void html_init(Html *h) {
  memset(h, 0, sizeof *h);
}

static void go(Html *h, HtmlState state) {
  h->state = state;
  h->seen_len = 0;
  h->seen[0] = '\0';
}

/* Adds a character to a name; false when the name is too long to be one we know. */
static bool add(char *name, size_t room, char c) {
  size_t len = strlen(name);
  if (len + 1 >= room) return false;
  name[len] = lower(c);
  name[len + 1] = '\0';
  return true;
}

/* Keeps the first characters of a value (lower case). */
static void see_first(Html *h, char c) {
  if (h->seen_len + 1 < sizeof h->seen) h->seen[h->seen_len] = lower(c);
  h->seen_len++;
  h->seen[h->seen_len < sizeof h->seen ? h->seen_len : sizeof h->seen - 1] = '\0';
}

/* Keeps the last characters. */
static void see_last(Html *h, char c) {
  if (h->seen_len + 1 == sizeof h->seen) memmove(h->seen, h->seen + 1, --h->seen_len);
  h->seen[h->seen_len++] = lower(c);
  h->seen[h->seen_len] = '\0';
}

static bool seen_ends(const Html *h, const char *tail) {
  size_t len = strlen(tail);
  return h->seen_len >= len && !strcmp(h->seen + h->seen_len - len, tail);
}

/* --- tags --- */

static const char *refuse_element(const char *tag) {
  static const char *const refused[] = {"object", "embed", "applet", "iframe", "noembed", "noframes", "xmp", "plaintext",
                                        "frame", "frameset", "base", NULL};
  return in_list(tag, refused) ? "this element is not allowed in templates" : NULL;
}

/* The > of a start tag: what the contents are. (A / before it changes nothing for these elements in HTML.) */
static const char *open_contents(Html *h) {
  HtmlState contents = HTML_TEXT;
  const char *wrong = refuse_element(h->tag);
  if (wrong) return wrong;
  if (!strcmp(h->tag, "title") || !strcmp(h->tag, "textarea")) contents = HTML_RCDATA;
  else if (!strcmp(h->tag, "style")) contents = HTML_STYLE;
  else if (!strcmp(h->tag, "script")) contents = h->json_type ? HTML_JSON : HTML_SCRIPT;
  go(h, contents);
  if (contents == HTML_TEXT) h->tag[0] = '\0';
  h->attr[0] = '\0';
  h->attr_kind = ATTR_PLAIN;
  h->url = URL_START;
  h->json_type = h->json_string = h->json_escape = false;
  return NULL;
}

static const char *step_tag_open(Html *h, char c) {
  if (h->seen_len == 0 && c == '/') return go(h, HTML_END_TAG), h->tag[0] = '\0', NULL;
  if (h->seen_len == 0 && is_letter(c)) {
    go(h, HTML_TAG_NAME);
    h->tag[0] = '\0';
    h->json_type = false;
    add(h->tag, sizeof h->tag, c);
    return NULL;
  }
  if (h->seen_len == 0 && c == '!') return see_last(h, c), NULL;
  if (h->seen_len > 0 && !strncmp("!--", h->seen, h->seen_len) && c == '-') {
    see_last(h, c);
    if (h->seen_len == 3) go(h, HTML_COMMENT);
    return NULL;
  }
  if (h->seen_len == 1 && lower(c) == 'd') return go(h, HTML_DOCTYPE), NULL;
  return "< must begin a tag, a comment or <!doctype>; write &lt; for the sign itself";
}

static const char *step_end_tag(Html *h, char c) {
  if (c == '>') {
    if (!h->tag[0]) return "an end tag without a name";
    go(h, HTML_TEXT);
    h->tag[0] = '\0';
    return NULL;
  }
  if (is_space(c)) return NULL;
  if (!add(h->tag, sizeof h->tag, c)) return "the name of this element is too long";
  return c == '<' || c == '"' || c == '=' ? "an end tag holds only a name" : NULL;
}

static const char *step_tag_name(Html *h, char c) {
  if (c == '>') return open_contents(h);
  if (is_space(c) || c == '/') return go(h, HTML_BEFORE_ATTR), NULL;
  if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-') return "not a character of an element's name";
  return add(h->tag, sizeof h->tag, c) ? NULL : "the name of this element is too long";
}

/* --- attributes --- */

static AttrKind attr_kind(const Html *h) {
  static const char *const urls[] = {"href", "src", "action", "formaction", "cite", "poster", "data", "background",
                                     "longdesc", "manifest", "xlink:href", "icon", "usemap", "srcset", NULL};
  static const char *const closed[] = {"style", "srcdoc", "imagesrcset", "ping", "http-equiv", "xmlns",
                                       "attributename", NULL};
  static const char *const animations[] = {"animate", "set", "animatetransform", "animatemotion", NULL};
  if (!strncmp(h->attr, "on", 2) || in_list(h->attr, closed) || in_list(h->tag, animations)) return ATTR_CLOSED;
  return in_list(h->attr, urls) ? ATTR_URL : ATTR_PLAIN;
}

static const char *begin_attr(Html *h, char c) {
  h->attr[0] = '\0';
  if (!is_letter(c) && c != '_' && c != ':' && c != '@') return "not the beginning of an attribute";
  add(h->attr, sizeof h->attr, c);
  go(h, HTML_ATTR_NAME);
  return NULL;
}

static const char *step_before_attr(Html *h, char c) {
  if (is_space(c) || c == '/') return NULL;
  if (c == '>') return open_contents(h);
  return begin_attr(h, c);
}

static const char *step_after_attr(Html *h, char c) {
  if (is_space(c) || c == '/' || c == '>') return go(h, HTML_BEFORE_ATTR), step_before_attr(h, c);
  return "white space is needed between attributes (also where an {% if %} or {% for %} ends)";
}

static const char *step_attr_name(Html *h, char c) {
  if (c == '=') {
    h->attr_kind = attr_kind(h);
    h->url = URL_START;
    if (!strcmp(h->attr, "http-equiv")) return "http-equiv is not allowed: the server sets headers";
    return go(h, HTML_BEFORE_VALUE), NULL;
  }
  if (is_space(c) || c == '/' || c == '>') return go(h, HTML_BEFORE_ATTR), step_before_attr(h, c);
  if (c == '"' || c == '\'' || c == '<') return "not a character of an attribute's name";
  return add(h->attr, sizeof h->attr, c) ? NULL : "the name of this attribute is too long";
}

static const char *step_before_value(Html *h, char c) {
  if (is_space(c)) return "no white space after =";
  if (c == '>') return "an attribute without its value";
  go(h, c == '"' ? HTML_VALUE_DOUBLE : c == '\'' ? HTML_VALUE_SINGLE : HTML_VALUE_BARE);
  if (h->state == HTML_VALUE_BARE) see_first(h, c);
  return NULL;
}

/* The scheme that static text gives a URL. */
static const char *check_scheme(const Html *h) {
  static const char *const open[] = {"http", "https", "mailto", "tel", NULL};
  if (!strcmp(h->seen, "data")) return NULL;  /* url becomes UNSURE: nothing may be printed in it */
  return in_list(h->seen, open) ? NULL : "a URL may only be relative, http, https, mailto or tel";
}

static const char *step_url(Html *h, char c) {
  const char *wrong = NULL;
  /* what is printed is one address: where a second would begin, nobody knows which part of it a print stands in */
  if (!strcmp(h->attr, "srcset") && (is_space(c) || c == ',')) return "srcset takes one address, without a size";
  if (h->url == URL_START && c == ':') {
    wrong = check_scheme(h);
    h->url = !strcmp(h->seen, "data") ? URL_UNSURE : URL_PATH;
  } else if (h->url == URL_UNSURE) {
    return NULL;
  } else if (c == '#') {
    h->url = URL_FRAGMENT;
  } else if (h->url == URL_FRAGMENT) {
    return NULL;
  } else if (c == '?') {
    h->url = URL_QUERY;
  } else if (h->url == URL_START && c == '/') {
    h->url = URL_PATH;
  } else if (h->url == URL_QUERY && c == '=') {
    h->url = URL_VALUE;
  } else if (h->url == URL_VALUE && c == '&') {
    h->url = URL_QUERY;
  }
  return wrong;
}

static const char *end_value(Html *h) {
  if (!strcmp(h->tag, "script") && !strcmp(h->attr, "type"))
    h->json_type = !strcmp(h->seen, "application/json") || !strcmp(h->seen, "application/ld+json");
  go(h, HTML_AFTER_ATTR);
  h->attr[0] = '\0';
  h->attr_kind = ATTR_PLAIN;
  h->url = URL_START;
  return NULL;
}

static const char *step_value(Html *h, char c) {
  if (h->state == HTML_VALUE_DOUBLE && c == '"') return end_value(h);
  if (h->state == HTML_VALUE_SINGLE && c == '\'') return end_value(h);
  if (h->state == HTML_VALUE_BARE) {
    if (is_space(c) || c == '>') return end_value(h), step_after_attr(h, c);
    if (c == '"' || c == '\'' || c == '<' || c == '=' || c == '`') return "put quotes around this value";
  }
  const char *wrong = h->attr_kind == ATTR_URL ? step_url(h, c) : NULL;
  see_first(h, c);
  return wrong;
}

/* --- contents that are not markup --- */

/* Whether the end tag of the element has just been completed up to its name. */
static bool at_end_tag(Html *h, char c) {
  char end[32];
  snprintf(end, sizeof end, "</%s", h->tag);
  bool ended = (c == '>' || is_space(c)) && seen_ends(h, end);
  see_last(h, c);
  return ended;
}

static const char *step_contents(Html *h, char c) {
  if (h->state == HTML_JSON && !seen_ends(h, "<")) {
    if (h->json_string && h->json_escape) h->json_escape = false;
    else if (h->json_string && c == '\\') h->json_escape = true;
    else if (c == '"') h->json_string = !h->json_string;
  }
  if (!at_end_tag(h, c)) return NULL;
  if (h->json_string) return "the JSON ends inside a text";
  go(h, c == '>' ? HTML_TEXT : HTML_END_TAG);
  if (c == '>') h->tag[0] = '\0';
  return NULL;
}

const char *html_step(Html *h, char c) {
  switch (h->state) {
    case HTML_TEXT:
      if (c == '<') go(h, HTML_TAG_OPEN);
      return NULL;
    case HTML_TAG_OPEN: return step_tag_open(h, c);
    case HTML_TAG_NAME: return step_tag_name(h, c);
    case HTML_END_TAG: return step_end_tag(h, c);
    case HTML_BEFORE_ATTR: return step_before_attr(h, c);
    case HTML_AFTER_ATTR: return step_after_attr(h, c);
    case HTML_ATTR_NAME: return step_attr_name(h, c);
    case HTML_BEFORE_VALUE: return step_before_value(h, c);
    case HTML_VALUE_DOUBLE:
    case HTML_VALUE_SINGLE:
    case HTML_VALUE_BARE: return step_value(h, c);
    case HTML_RCDATA:
    case HTML_SCRIPT:
    case HTML_JSON:
    case HTML_STYLE: return step_contents(h, c);
    case HTML_COMMENT:
      see_last(h, c);
      if (seen_ends(h, "-->")) go(h, HTML_TEXT);
      return NULL;
    case HTML_DOCTYPE:
      if (c == '>') go(h, HTML_TEXT);
      return NULL;
  }
  return "unknown state";
}

/* --- printing --- */

static Escape print_in_value(const Html *h, const char **why) {
  if (h->attr_kind == ATTR_CLOSED) return *why = "nothing can be printed safely in this attribute", ESCAPE_NONE;
  if (h->attr_kind == ATTR_PLAIN) return ESCAPE_ATTR;
  switch (h->url) {
    case URL_START: return ESCAPE_URL_START;
    case URL_VALUE: return ESCAPE_URL_VALUE;
    case URL_PATH:
    case URL_QUERY:
    case URL_FRAGMENT: return ESCAPE_URL_PART;
    case URL_UNSURE: break;
  }
  return *why = "it is not clear in which part of the URL this stands", ESCAPE_NONE;
}

Escape html_print(Html *h, const char **why) {
  *why = "nothing can be printed here";
  switch (h->state) {
    case HTML_TEXT:
    case HTML_RCDATA: return ESCAPE_TEXT;
    case HTML_VALUE_DOUBLE:
    case HTML_VALUE_SINGLE: return print_in_value(h, why);
    case HTML_JSON:
      if (!h->json_string) return ESCAPE_JSON;
      *why = "a print writes a whole JSON value: leave out the quotes around it";
      return ESCAPE_NONE;
    case HTML_BEFORE_VALUE:
    case HTML_VALUE_BARE: *why = "put quotes around the value of this attribute"; return ESCAPE_NONE;
    case HTML_TAG_OPEN:
    case HTML_TAG_NAME:
    case HTML_END_TAG: *why = "the name of an element cannot be printed"; return ESCAPE_NONE;
    case HTML_BEFORE_ATTR:
    case HTML_AFTER_ATTR:
    case HTML_ATTR_NAME: *why = "an attribute cannot be printed, only its value"; return ESCAPE_NONE;
    case HTML_SCRIPT: *why = "nothing can be printed in a script; use <script type=\"application/json\">"; return ESCAPE_NONE;
    case HTML_STYLE: *why = "nothing can be printed in a style sheet"; return ESCAPE_NONE;
    case HTML_COMMENT: *why = "nothing can be printed in a comment"; return ESCAPE_NONE;
    case HTML_DOCTYPE: break;
  }
  return ESCAPE_NONE;
}

void html_printed(Html *h) {
  if (h->state == HTML_VALUE_DOUBLE || h->state == HTML_VALUE_SINGLE) see_first(h, '?');  /* no scheme of ours any more */
  if (h->state == HTML_RCDATA || h->state == HTML_JSON) see_last(h, '?');
}

/* --- branches --- */

bool html_same(const Html *a, const Html *b) {
  return a->state == b->state && !strcmp(a->tag, b->tag) && !strcmp(a->attr, b->attr) && a->attr_kind == b->attr_kind &&
         a->url == b->url && a->json_type == b->json_type && a->json_string == b->json_string &&
         a->json_escape == b->json_escape;
}

static bool between_attrs(const Html *h) {
  return h->state == HTML_TAG_NAME || h->state == HTML_BEFORE_ATTR || h->state == HTML_AFTER_ATTR || h->state == HTML_ATTR_NAME;
}

/* The part of a URL that is right after either of two. */
static UrlPart join_url(UrlPart a, UrlPart b) {
  if (a == b) return a;
  bool query_a = a == URL_QUERY || a == URL_VALUE, query_b = b == URL_QUERY || b == URL_VALUE;
  if (query_a && query_b) return URL_QUERY;
  bool path_a = a == URL_START || a == URL_PATH, path_b = b == URL_START || b == URL_PATH;
  return path_a && path_b ? URL_START : URL_UNSURE;
}

bool html_join(Html *a, const Html *b) {
  if (strcmp(a->tag, b->tag) || a->json_type != b->json_type) return false;
  if (between_attrs(a) && between_attrs(b)) {
    if (a->state == b->state && (a->state == HTML_BEFORE_ATTR || a->state == HTML_TAG_NAME)) return true;
    go(a, HTML_AFTER_ATTR);
    a->attr[0] = '\0';
    return true;
  }
  if (a->state != b->state || strcmp(a->attr, b->attr) || a->attr_kind != b->attr_kind) return false;
  if (a->json_string != b->json_string || a->json_escape != b->json_escape) return false;
  a->url = join_url(a->url, b->url);
  if (a->seen_len != b->seen_len || strcmp(a->seen, b->seen)) {
    bool value = a->state == HTML_VALUE_DOUBLE || a->state == HTML_VALUE_SINGLE;
    bool plain = a->state == HTML_RCDATA || a->state == HTML_JSON || a->state == HTML_TEXT || value ||
                 a->state == HTML_SCRIPT || a->state == HTML_STYLE || a->state == HTML_COMMENT;
    if (!plain) return false;
    a->seen_len = 0;
    a->seen[0] = '\0';
    see_first(a, '?');
  }
  return true;
}

void html_describe(const Html *h, char *out, size_t size) {
  static const char *const names[] = {
      [HTML_TEXT] = "text", [HTML_TAG_OPEN] = "an unfinished tag", [HTML_TAG_NAME] = "the name of an element",
      [HTML_END_TAG] = "an end tag", [HTML_BEFORE_ATTR] = "a tag", [HTML_AFTER_ATTR] = "a tag",
      [HTML_ATTR_NAME] = "the name of an attribute", [HTML_BEFORE_VALUE] = "an attribute without value",
      [HTML_VALUE_BARE] = "a value without quotes", [HTML_RCDATA] = "text-only contents", [HTML_SCRIPT] = "a script",
      [HTML_JSON] = "JSON in a script", [HTML_STYLE] = "a style sheet", [HTML_COMMENT] = "a comment",
      [HTML_DOCTYPE] = "the doctype"};
  if (h->state == HTML_VALUE_DOUBLE || h->state == HTML_VALUE_SINGLE) snprintf(out, size, "the value of %s", h->attr);
  else if (h->tag[0]) snprintf(out, size, "%s (<%s>)", names[h->state], h->tag);
  else snprintf(out, size, "%s", names[h->state]);
}
