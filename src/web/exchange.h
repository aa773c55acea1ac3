/* SPDX-License-Identifier: EUPL-1.2 */
/* One request on its connection, from its first line to the last byte of the answer; and libmicrohttpd's callbacks. */
#ifndef PW_WEB_EXCHANGE_H
#define PW_WEB_EXCHANGE_H

#include <microhttpd.h>

#include "web/server.h"

struct Exchange {
  Exchange *next_waiting;
  struct MHD_Connection *connection;  /* while waiting */
  Conn *conn;
  int64_t begin_micros;
  const Route *route;
  int status;              /* 0 until answered */
  size_t bytes;            /* of the answer's body */
  size_t body_seen;        /* bytes of the request's body that came in, chunked or not */
  Buf body;
  bool headers_in, too_long, body_over, waited, head;
  char target[];           /* raw path and query */
};

void server_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                       enum MHD_ConnectionNotificationCode code);
void *server_target(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result server_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload_data, size_t *upload_size, void **request_context);
void server_completed(void *context, struct MHD_Connection *connection, void **request_context,
                      enum MHD_RequestTerminationCode code);

#endif
