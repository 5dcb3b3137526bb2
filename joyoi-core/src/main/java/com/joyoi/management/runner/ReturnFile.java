package com.joyoi.management.runner;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a run leaves as its result: {@code {"Outputs": ["name", …]}}, keys in any case. */
final class ReturnFile {
  /** Room for thousands of names; nobody needs more, and it is read into memory. */
  static final int MAX_BYTES = 1 << 20;

  private static final String EXPECTED = "; it must be {\"Outputs\": [\"name\", …]}";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** Shown of a file that is not JSON; enough to see what was written there instead. */
  private static final int SHOWN_BYTES = 60;

  private ReturnFile() {}

  /**
   * The names of the outputs, checked and normalised.
   *
   * @param path how messages call the file
   * @throws ProgramFaultException when it is anything else
   */
  static List<String> outputs(String path, byte[] content, long maxFiles) {
    if (content.length == 0) {
      throw new ProgramFaultException(path + " is empty" + EXPECTED);
    }
    JsonNode root;
    try {
      root = JSON.readTree(content);
    } catch (JacksonException e) {
      throw new ProgramFaultException(notJson(path, content, e));
    } catch (IOException e) {
      throw new ProgramFaultException(path + " is not JSON" + EXPECTED);
    }
    if (root == null || !root.isObject()) {
      throw new ProgramFaultException(path + " is not a JSON object" + EXPECTED);
    }
    var lists = new ArrayList<JsonNode>();
    root.properties()
        .forEach(
            property -> {
              if (property.getKey().equalsIgnoreCase("Outputs")) {
                lists.add(property.getValue());
              }
            });
    if (lists.size() != 1 || !lists.getFirst().isArray()) {
      throw new ProgramFaultException(path + " has not exactly one list 'Outputs'" + EXPECTED);
    }
    var list = lists.getFirst();
    if (list.size() > maxFiles) {
      throw new ProgramFaultException(
          path + " names " + list.size() + " outputs; Limitation.OutputFiles allows " + maxFiles);
    }
    var names = new ArrayList<String>();
    for (var name : list) {
      if (!name.isTextual()) {
        throw new ProgramFaultException(path + " has an output that is not a string" + EXPECTED);
      }
      names.add(name.textValue());
    }
    var checked = FileNames.checkOutputs(names);
    if (!checked.messages().isEmpty()) {
      // The first is enough to correct the program; all of them might be a megabyte.
      throw new ProgramFaultException(path + ": " + checked.messages().getFirst());
    }
    return checked.names();
  }

  private static String notJson(String path, byte[] content, JacksonException e) {
    var at = e.getLocation();
    var place = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
    var shown = Math.min(content.length, SHOWN_BYTES);
    // A character that the bound cuts in two is left out.
    while (shown < content.length && shown > 0 && (content[shown] & 0xC0) == 0x80) {
      shown--;
    }
    var begins = CleanText.oneLine(new String(content, 0, shown, StandardCharsets.UTF_8));
    return path
        + " is not JSON ("
        + place
        + CleanText.oneLine(e.getOriginalMessage())
        + "); it begins with '"
        + begins
        + (shown < content.length ? "…'" : "'")
        + EXPECTED;
  }
}
