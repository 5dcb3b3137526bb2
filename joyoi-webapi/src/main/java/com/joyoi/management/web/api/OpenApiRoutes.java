package com.joyoi.management.web.api;

import com.joyoi.management.json.WireJson;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.OpenApiDocument;
import com.joyoi.management.web.openapi.OpenApiDocument.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/** The OpenAPI document, made once from all routes, and the page that shows it. */
final class OpenApiRoutes {
  private static final String POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String OWN_FOLDER = "/com/joyoi/management/web/swagger/";

  /** What of the page's package is served. */
  private static final Set<String> FILES =
      Set.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

  /** The page sets styles on its elements, and its icons are data. Nothing comes from outside. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action"
          + " 'none'; frame-ancestors 'none'";

  private byte[] document = {};

  /** All calls, its own included. */
  List<Route> after(List<Route> others) {
    var routes = new ArrayList<>(others);
    routes.add(
        Route.of("GET", "/openapi.json", Role.READ, "This document", this::document)
            .with(CallDoc.media("application/json")));
    routes.add(
        page("/swagger", "This document as a page", "text/html", call -> own(call, "index.html")));
    routes.add(
        page(
            "/swagger/start.js",
            "The page's start",
            "text/javascript",
            call -> own(call, "start.js")));
    routes.add(
        Route.of("GET", "/swagger/{name}", Role.READ, "A part of the page", this::file)
            .with(CallDoc.media("*/*").errors(404)));
    document = json(routes);
    return List.copyOf(routes);
  }

  private static Route page(String path, String summary, String type, Route.Handler handler) {
    return Route.of("GET", path, Role.READ, summary, handler).with(CallDoc.media(type));
  }

  private static byte[] json(List<Route> routes) {
    var operations =
        routes.stream()
            .map(
                route ->
                    new Operation(
                        route.method(),
                        route.path().toString(),
                        route.roleName(),
                        route.summary(),
                        route.doc()))
            .toList();
    try {
      return WireJson.responses().writeValueAsBytes(OpenApiDocument.build(operations));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void document(Call call) throws IOException {
    var response = call.context().res();
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-cache");
    response.setContentLengthLong(document.length);
    response.getOutputStream().write(document);
  }

  private static void own(Call call, String name) throws IOException {
    send(call, name, OpenApiRoutes.class.getResourceAsStream(OWN_FOLDER + name));
  }

  private void file(Call call) throws IOException {
    var name = call.path("name");
    if (!FILES.contains(name)) {
      throw new HttpError(404, "no such route: " + call.context().req().getRequestURI());
    }
    send(call, name, OpenApiRoutes.class.getResourceAsStream(folder() + name));
  }

  /** The package keeps its files under its version. */
  private static String folder() throws IOException {
    var properties = new Properties();
    try (var pom = OpenApiRoutes.class.getResourceAsStream(POM)) {
      if (pom == null) {
        throw new FileNotFoundException(POM);
      }
      properties.load(pom);
    }
    return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
  }

  private static void send(
      Call call, String name, @org.jspecify.annotations.Nullable InputStream resource)
      throws IOException {
    try (var content = resource) {
      if (content == null) {
        throw new FileNotFoundException(name);
      }
      var response = call.context().res();
      response.setContentType(type(name));
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("Referrer-Policy", "no-referrer");
      response.setHeader("Cache-Control", "no-cache");
      content.transferTo(response.getOutputStream());
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      default -> "image/png";
    };
  }
}
