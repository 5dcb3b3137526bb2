package com.joyoi.management.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.web.openapi.CallDoc;
import com.joyoi.management.web.openapi.Schemas;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Answers of long lists: how much of one, and where it goes on. */
final class Lists {
  /** A client that names a limit wants to hold a page in memory. */
  private static final int MAX_LIMIT = 10_000;

  private Lists() {}

  /**
   * A call that answers a list.
   *
   * @param key schema of what {@code after} names
   */
  static CallDoc doc(String component, ObjectNode key) {
    return AnswerDocs.list(component)
        .query("after", key, "Begins behind this one; the header Link of the page before names it")
        .query(
            "limit",
            Schemas.integer(1, MAX_LIMIT),
            "At most so many; all when left out, up to the bound of the configuration, and msg says"
                + " when there were more");
  }

  /**
   * Answers a list.
   *
   * @param list by the limit that holds
   */
  static void answer(Call call, IntFunction<? extends Listing<?>> list) throws IOException {
    answer(call, List.of(), list);
  }

  /**
   * Answers a list.
   *
   * @param notes what else the client should know
   * @param list by the limit that holds
   */
  static void answer(Call call, List<String> notes, IntFunction<? extends Listing<?>> list)
      throws IOException {
    int bound = call.limits().transfers().maxListed();
    boolean bounded = call.query("limit") == null;
    var listing = list.apply(call.queryNumber("limit", 1, MAX_LIMIT, bound));
    var next = listing.next();
    if (next != null) {
      call.context().header("Link", "<" + link(call, next) + ">; rel=\"next\"");
    }
    var said = new ArrayList<>(notes);
    if (next != null && bounded) {
      said.add("the list is cut behind " + bound + " entries; the header Link leads to the rest");
    }
    Responses.writeList(call.context(), said.isEmpty() ? null : String.join("; ", said), listing);
  }

  /** The same call, for what stands behind. */
  private static String link(Call call, String next) {
    var link = new StringBuilder(call.context().req().getRequestURI()).append('?');
    call.context()
        .queryParamMap()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("after")) {
                values.forEach(
                    value ->
                        link.append(escaped(name)).append('=').append(escaped(value)).append('&'));
              }
            });
    return link.append("after=").append(escaped(next)).toString();
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
