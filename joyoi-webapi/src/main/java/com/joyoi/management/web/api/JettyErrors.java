package com.joyoi.management.web.api;

import com.joyoi.management.json.WireJson;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers in the envelope also where the web server refuses a request before it is routed. */
final class JettyErrors extends ErrorHandler {
  private final Gate gate;

  JettyErrors(Gate gate) {
    this.gate = gate;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    int status = gate.statusOfMalformed(request, response.getStatus());
    var reason = request.getAttribute(ERROR_MESSAGE);
    String message;
    if (status != response.getStatus()) {
      // Some are refused before their headers are read: the credentials may be among these.
      message = "no credentials were read, or the request is malformed";
    } else {
      // What Jetty says of a server error may come from an exception: that stays inside.
      message = reason == null || status >= 500 ? HttpStatus.getMessage(status) : reason.toString();
    }
    var json = WireJson.responses().writeValueAsBytes(new Envelope(status, message, null));
    response.setStatus(status);
    if (status == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Responses.JSON);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
    response.write(true, ByteBuffer.wrap(json), callback);
    return true;
  }
}
