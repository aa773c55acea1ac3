/* SPDX-License-Identifier: EUPL-1.2 */
#include "web/answer.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

#define GZIP_MIN_BYTES 600       /* below this the frame costs more than it saves */
#define TAKE_BODY_BYTES 262144   /* above this the buffer is handed over instead of copied */

/* Pages need their own style, fonts and images and nothing else: no script, no frame, no form to elsewhere. One with charts
 * also runs our own scripts, which ask for its options; one that is made for it may be framed anywhere. */
#define PAGE_NEEDS "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; "
#define SCRIPT_NEEDS "script-src 'self'; connect-src 'self'; "
static const char PAGE_POLICY[] = PAGE_NEEDS "frame-ancestors 'none'";
static const char SCRIPT_POLICY[] = PAGE_NEEDS SCRIPT_NEEDS "frame-ancestors 'none'";
static const char FRAMED_POLICY[] = PAGE_NEEDS SCRIPT_NEEDS "frame-ancestors *";
static const char DATA_POLICY[] = "default-src 'none'; frame-ancestors 'none'";

const char *status_reason(int status) { return MHD_get_reason_phrase_for((unsigned)status); }

static bool compressible(const char *type) {
  return type && (strncmp(type, "text/", 5) == 0 || strstr(type, "json") || strstr(type, "xml") || strstr(type, "svg") ||
                  strstr(type, "javascript"));
}

/* gzip of `body` in *out (mem_alloc), false when it does not come out smaller. Level 5: two thirds of the time of 6 for
 * 1 to 2 % more bytes on our pages. */
static bool gzip(Str body, char **out, size_t *len) {
  z_stream z;
  memset(&z, 0, sizeof z);
  if (deflateInit2(&z, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  size_t cap = deflateBound(&z, (uLong)body.len);
  char *packed = cap <= UINT32_MAX && body.len <= UINT32_MAX ? mem_alloc(cap) : NULL;
  bool done = false;
  if (packed) {
    z.next_in = (Bytef *)(uintptr_t)body.ptr;
    z.avail_in = (uInt)body.len;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)cap;
    done = deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < body.len;
  }
  *len = z.total_out;
  deflateEnd(&z);
  if (done) {
    char *exact = mem_realloc(packed, *len);
    *out = exact ? exact : packed;
  } else {
    mem_free(packed);
  }
  return done;
}

static struct MHD_Response *owned_body(char *bytes, size_t len) {
  struct MHD_Response *mhd = MHD_create_response_from_buffer_with_free_callback(len, bytes, mem_free);
  if (!mhd) mem_free(bytes);
  return mhd;
}

static struct MHD_Response *copied_body(Buf *body) {
  size_t len = body->len;
  if (len >= TAKE_BODY_BYTES) {
    char *bytes = buf_take(body, &len);
    return bytes ? owned_body(bytes, len) : NULL;
  }
  char *bytes = mem_alloc(len);
  if (!bytes) return NULL;
  if (len) memcpy(bytes, body->ptr, len);
  return owned_body(bytes, len);
}

static bool put(struct MHD_Response *mhd, const char *name, const char *value) {
  return MHD_add_response_header(mhd, name, value) == MHD_YES;
}

static const char *policy_of(const AnswerForm *form, const Reach *reach) {
  if (form->kind != KIND_PAGE && form->kind != KIND_FILE) return DATA_POLICY;
  return reach->framed ? FRAMED_POLICY : reach->scripts ? SCRIPT_POLICY : PAGE_POLICY;
}

static bool common_headers(struct MHD_Response *mhd, const AnswerForm *form, const Reach *reach) {
  bool page = form->kind == KIND_PAGE || form->kind == KIND_FILE, open = form->kind == KIND_API;
  bool ok = put(mhd, "X-Content-Type-Options", "nosniff") && put(mhd, "Referrer-Policy", "same-origin") &&
            put(mhd, "Content-Security-Policy", policy_of(form, reach)) &&
            put(mhd, "Cross-Origin-Resource-Policy", open || reach->open || reach->framed ? "cross-origin" : "same-origin");
  if (page && reach->open) ok = ok && put(mhd, "Access-Control-Allow-Origin", "*");
  if (page)
    ok = ok && put(mhd, "Cross-Origin-Opener-Policy", "same-origin") &&
         put(mhd, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()");
  if (open)
    ok = ok && put(mhd, "Access-Control-Allow-Origin", "*") && put(mhd, "API-Version", "1.0.0") &&
         put(mhd, "Access-Control-Expose-Headers", "API-Version, ETag, Link, Retry-After");
  if (form->secure) ok = ok && put(mhd, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  return ok;
}

static bool own_headers(struct MHD_Response *mhd, const Response *res, const AnswerForm *form, const char *etag) {
  bool ok = !res->content_type || put(mhd, "Content-Type", res->content_type);
  if (compressible(res->content_type)) ok = ok && put(mhd, "Vary", "Accept-Encoding");
  if (form->kind == KIND_PAGE && form->lang.len == 2) {
    char lang[3] = {form->lang.ptr[0], form->lang.ptr[1], '\0'};
    ok = ok && put(mhd, "Content-Language", lang);
  }
  if (res->filename.len) {
    char value[300];
    snprintf(value, sizeof value, "attachment; filename=\"" STR_FMT "\"", STR_ARG(str_slice(res->filename, 0, 200)));
    ok = ok && put(mhd, "Content-Disposition", value);
  }
  bool store = res->status < 400 && form->kind != KIND_OPS && !res->no_cache;
  ok = ok && put(mhd, "Cache-Control", res->immutable ? "public, max-age=31536000, immutable" : store ? "no-cache" : "no-store");
  if (etag[0]) ok = ok && put(mhd, "ETag", etag);
  for (size_t i = 0; ok && i < res->header_count; i++) ok = put(mhd, res->headers[i].name, res->headers[i].value);
  return ok;
}

static Str body_of(const Response *res) {
  return res->body_kind == BODY_STATIC ? res->fixed : res->body_kind == BODY_BUFFER ? buf_view(res->body) : S("");
}

/* *size gets the bytes to be sent. */
static struct MHD_Response *make_body(Response *res, const AnswerForm *form, bool *packed, size_t *size) {
  Str body = body_of(res);
  char *bytes;
  *packed = form->gzip && body.len >= GZIP_MIN_BYTES && compressible(res->content_type) && gzip(body, &bytes, size);
  if (*packed) return owned_body(bytes, *size);
  *size = body.len;
  if (res->body_kind == BODY_BUFFER) return copied_body(res->body);
  return MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr, MHD_RESPMEM_PERSISTENT);
}

Err answer_new(Answer **out, Response *res, const AnswerForm *form) {
  bool packed = false;
  char etag[ETAG_TEXT] = "";
  size_t plain = body_of(res).len;
  uint64_t hash = res->body_kind == BODY_BUFFER ? str_hash(body_of(res)) : 0;
  *out = NULL;
  Answer *answer = mem_alloc0(1, sizeof *answer);
  if (!answer) return ERR_MEMORY;
  answer->mhd = make_body(res, form, &packed, &answer->bytes);
  bool tagged = res->status == 200 && form->kind != KIND_OPS && !res->no_cache;
  /* strong: made from the bytes, and another one for the compressed form */
  if (tagged && res->body_kind == BODY_BUFFER)
    snprintf(etag, sizeof etag, "\"%016llx%zx%s\"", (unsigned long long)hash, plain, packed ? "-gz" : "");
  else if (tagged && res->fixed_etag.len)
    snprintf(etag, sizeof etag, "\"" STR_FMT "%s\"", STR_ARG(str_slice(res->fixed_etag, 0, 32)), packed ? "-gz" : "");
  if (!answer->mhd || !common_headers(answer->mhd, form, &res->reach) || !own_headers(answer->mhd, res, form, etag) ||
      (packed && !put(answer->mhd, "Content-Encoding", "gzip"))) {
    if (answer->mhd) MHD_destroy_response(answer->mhd);
    mem_free(answer);
    return ERR_MEMORY;
  }
  atomic_init(&answer->refs, 1);
  answer->status = res->status;
  answer->reach = res->reach;
  memcpy(answer->etag, etag, sizeof etag);
  *out = answer;
  return ERR_OK;
}

Answer *answer_retain(Answer *answer) {
  atomic_fetch_add(&answer->refs, 1);
  return answer;
}

void answer_release(Answer *answer) {
  if (!answer || atomic_fetch_sub(&answer->refs, 1) != 1) return;
  MHD_destroy_response(answer->mhd);
  mem_free(answer);
}

Answer *answer_not_modified(const Answer *answer, const AnswerForm *form) {
  Answer *same = mem_alloc0(1, sizeof *same);
  if (!same) return NULL;
  same->mhd = MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
  const char *control = MHD_get_response_header(answer->mhd, "Cache-Control");
  const char *vary = MHD_get_response_header(answer->mhd, "Vary");
  if (!same->mhd || !put(same->mhd, "ETag", answer->etag) || !common_headers(same->mhd, form, &answer->reach) ||
      (control && !put(same->mhd, "Cache-Control", control)) || (vary && !put(same->mhd, "Vary", vary))) {
    if (same->mhd) MHD_destroy_response(same->mhd);
    mem_free(same);
    return NULL;
  }
  atomic_init(&same->refs, 1);
  same->status = 304;
  return same;
}
