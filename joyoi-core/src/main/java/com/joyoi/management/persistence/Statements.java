package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Statements to be executed, each text once with all its rows, in the order in which the texts
 * first came. Confined to one thread.
 */
final class Statements {
  private final Handle handle;
  private final Map<String, Rows> byText = new LinkedHashMap<>();

  private record Rows(boolean exact, List<Map<String, ?>> rows) {}

  Statements(Handle handle) {
    this.handle = handle;
  }

  void add(String text, Map<String, ?> row) {
    add(text, row, false);
  }

  /** An update that fails when it finds no row. */
  void addExact(String text, Map<String, ?> row) {
    add(text, row, true);
  }

  private void add(String text, Map<String, ?> row, boolean exact) {
    byText.computeIfAbsent(text, key -> new Rows(exact, new ArrayList<>())).rows().add(row);
  }

  void execute() {
    byText.forEach(
        (text, rows) -> {
          for (int count : execute(handle, text, rows.rows())) {
            if (rows.exact() && count == 0) {
              throw new JoyoiException(
                  JoyoiException.Kind.INTERNAL, "a row that was to be changed is not there");
            }
          }
        });
    byText.clear();
  }

  /** The row counts, in the order of the rows. */
  static int[] execute(Handle handle, String text, List<Map<String, ?>> rows) {
    var batch = handle.prepareBatch(text);
    rows.forEach(row -> batch.bindMap(row).add());
    return batch.execute();
  }
}
