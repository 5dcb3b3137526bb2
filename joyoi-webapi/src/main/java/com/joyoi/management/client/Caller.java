package com.joyoi.management.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the groups of calls share. Thread-safe. */
final class Caller {
  private static final TypeReference<NewId> NEW_ID = new TypeReference<>() {};
  private static final int NOT_FOUND = 404;

  private final Transport transport;

  Caller(Transport transport) {
    this.transport = transport;
  }

  Transport transport() {
    return transport;
  }

  <T> T data(ApiRequest request, TypeReference<T> type) {
    return Answers.data(request, transport.send(request), type);
  }

  /** A list and what the service leads on to, where it cuts long lists. */
  <T> List<T> all(ApiRequest request, TypeReference<List<T>> type) {
    var all = new ArrayList<T>();
    for (var page = request; page != null; ) {
      var response = transport.send(page);
      all.addAll(Answers.data(page, response, type));
      page = Answers.next(request, response);
    }
    return List.copyOf(all);
  }

  /** Empty for 404. */
  <T> Optional<T> find(ApiRequest request, TypeReference<T> type) {
    try {
      return Optional.of(data(request, type));
    } catch (JoyoiClientException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** For calls that make something. */
  UUID newId(ApiRequest request) {
    return data(request, NEW_ID).id();
  }

  /** For calls whose data says nothing new. */
  void run(ApiRequest request) {
    var unused = Answers.text(request, transport.send(request));
  }

  private record NewId(UUID id) {}
}
