package com.joyoi.management.web.api;

import com.joyoi.management.web.openapi.CallDoc;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;

/** The dashboard's page; it brings all that it shows, and asks the API for the rest. */
final class DashboardRoutes {
  private static final String FOLDER = "/com/joyoi/management/web/dashboard/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
          + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  List<Route> routes() {
    return List.of(
        file("/", "index.html", "text/html; charset=utf-8", "The dashboard"),
        file("/dashboard.css", "dashboard.css", "text/css; charset=utf-8", "Its style"),
        file("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8", "Its program"));
  }

  private static Route file(String path, String name, String type, String summary) {
    return Route.of("GET", path, Role.READ, summary, call -> send(call, name, type))
        .with(CallDoc.media(type.replaceFirst(";.*", "")));
  }

  private static void send(Call call, String name, String type) throws IOException {
    try (var content = DashboardRoutes.class.getResourceAsStream(FOLDER + name)) {
      if (content == null) {
        throw new FileNotFoundException(FOLDER + name);
      }
      var response = call.context().res();
      response.setContentType(type);
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("Referrer-Policy", "no-referrer");
      response.setHeader("Cache-Control", "no-cache");
      content.transferTo(Responses.output(response));
    }
  }
}
