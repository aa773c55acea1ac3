/* SPDX-License-Identifier: EUPL-1.2 */
/* An XML file as a tree in an arena, kept whole so that it can be written back. Not namespace-aware: most XMILE files
 * use an undeclared isee: prefix, so a prefix is simply part of a name. */
#ifndef PW_FLOW_XML_H
#define PW_FLOW_XML_H

#include "base/arena.h"
#include "base/buf.h"

#define XML_DEPTH_MAX 128
#define XML_ATTRIBUTE_MAX 65536   /* bytes of one attribute, name and value */
#define XML_ATTRIBUTES_MAX 256    /* attributes of one element */

typedef struct XmlAttr { Str name, value; } XmlAttr;

typedef enum XmlKind { XML_ELEMENT, XML_TEXT, XML_COMMENT } XmlKind;

typedef struct XmlNode XmlNode;
struct XmlNode {
  XmlKind kind;
  Str name;               /* of an element, as written */
  Str text;               /* of text or a comment */
  XmlAttr *attrs;
  size_t attr_count;
  XmlNode *first, *last, *next, *parent;
  long line;
};

/* Parses `text`; nodes live in the arena. ERR_INPUT with the line for anything malformed and for a DOCTYPE (with it
 * go entities), ERR_LIMIT for depth and attributes beyond the bounds above, ERR_MEMORY. */
Err xml_parse(XmlNode **out, Arena *arena, Str text, ErrInfo *info) MUST_CHECK;
/* The value of an attribute; ptr NULL when absent. */
Str xml_attr(const XmlNode *node, const char *name);
/* The first child element of that name (ASCII case ignored), or NULL. */
XmlNode *xml_child(const XmlNode *node, const char *name);
/* The next sibling element of that name after `node`, or NULL. */
XmlNode *xml_next(const XmlNode *node, const char *name);
bool xml_is(const XmlNode *node, const char *name);
/* All text in the node, joined and trimmed; ptr "" when there is none, NULL on lack of memory. */
Str xml_text(const XmlNode *node, Arena *arena);
/* Appends the tree as XML. */
void xml_write(const XmlNode *node, Buf *out);

#endif
