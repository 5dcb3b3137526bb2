package com.joyoi.management.web.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobJsonTest {
  private static final int MAX_BYTES = 4096;
  private static final Set<String> NAMES = Set.of("remark", "timestamp");

  private final JsonBodies bodies =
      new JsonBodies(MAX_BYTES, 1 << 20, Duration.ZERO, Duration.ofMinutes(1));
  private byte[] content = {};
  private ObjectNode before = JsonNodeFactory.instance.objectNode();

  private ObjectNode read(String json) {
    return read(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }

  private ObjectNode read(InputStream json) {
    try (var body = bodies.open(new RequestBody(json, -1, Long.MAX_VALUE))) {
      return body.blob(NAMES, this::keep);
    }
  }

  private void keep(InputStream sent, ObjectNode fields) {
    try {
      content = sent.readAllBytes();
      before = fields.deepCopy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands out one byte at a time, as a network may. */
  private static InputStream trickling(String json) {
    return new FilterInputStream(new ByteArrayInputStream(json.getBytes(UTF_8))) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.min(length, 1));
      }
    };
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5994, 5995, 5996, 6144, 8192, 100_000})
  void content_ofAnyLength_comesDecoded(int length) {
    var sent = random(length);
    var json =
        "{\"remark\":\"r\",\"body\":\""
            + Base64.getEncoder().encodeToString(sent)
            + "\",\"timeStamp\":7}";

    var fields = read(json);

    assertThat(content).isEqualTo(sent);
    assertThat(before).hasToString("{\"remark\":\"r\",\"body\":\"\"}");
    assertThat(fields).hasToString("{\"remark\":\"r\",\"body\":\"\",\"timeStamp\":7}");
    assertThat(read(trickling(json))).isEqualTo(fields);
    assertThat(content).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 60, 76})
  void content_withWhiteSpace_isTaken(int lineLength) {
    var sent = random(20_000);
    for (var space : new String[] {"\\n", "\\r\\n", " ", "\\t", "\\u000a", " \\u000D "}) {
      var text = Base64.getEncoder().encodeToString(sent);
      var broken = text.replaceAll("(.{" + lineLength + "})", "$1" + space.replace("\\", "\\\\"));

      read("{\"Body\" : \"" + space + broken + space + "\" , \"x\":[1,{\"body\":2}]}");

      assertThat(content).as(space).isEqualTo(sent);
    }
  }

  @Test
  void content_escaped_isTaken() {
    var text = "+/+/\\u002b\\u002F\\/+AA\\u003D=";

    read("{\"body\":\"" + text + "\"}");

    assertThat(content).isEqualTo(Base64.getDecoder().decode("+/+/+//+AA=="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA", "AAA", "AAAAAA", "AA==", "AAA="})
  void content_withoutPadding_isTaken(String text) {
    read("{\"body\":\"" + text + "\"}");

    assertThat(content).isEqualTo(Base64.getDecoder().decode(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A|body is cut off behind character 1",
        "AAAA=|body has '=' as its character 5",
        "AA=|body is cut off behind character 3",
        "AAA==|body has '=' as its character 5",
        "AA==AA|body has 'A' as its character 5",
        "AA-A|body has '-' as its character 3",
        "AAé|body has one of code 195 as its character 3",
        "AA\\u4e00|body has one of code 19968 as its character 3",
        "AA\\b|body has one of code 8 as its character 3",
        "AA\\x|malformed JSON: body has a backslash",
        "AA\\u00zz|malformed JSON: a \\u of body",
      })
  void content_thatIsNoBase64_isNamed(String text, String message) {
    assertThatThrownBy(() -> read("{\"body\":\"" + text + "\"}"))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.INVALID))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the body is empty",
        "null|is a JSON NULL",
        "[1]|is a JSON ARRAY",
        "\"x\"|is a JSON STRING",
        "{|malformed JSON at line 1",
        "{\"body\":\"AA|it ends within body",
        "{\"body\":\"AAAA\"|malformed JSON at line 1",
        "{\"body\":\"AAAA\",}|malformed JSON at line 1, column",
        "{\"body\":\"AAAA\",}|(not counting the characters of body)",
        "{\"body\":\"AAAA\" /* no */}|malformed JSON",
        "{\"body\":\"AAAA\"} x|malformed JSON",
        "{\"body\":\"AAAA\"} {}|something stands behind its end",
        "{\"body\":\"AAAA\",\"body\":\"AAAA\"}|Duplicate field 'body'",
        "{\"x\":{\"a\":1,\"a\":2},\"body\":\"AAAA\"}|Duplicate field 'a'",
        "{'body':\"AAAA\"}|malformed JSON",
        "{body:\"AAAA\"}|malformed JSON",
        "{\"body\":\"AA\tAA\"}|control character that is not escaped, of code 9"
      })
  void json_malformed_isRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.INVALID))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"body\":\"\",\"Body\":\"AA\"}|Body stands twice, also as 'body'",
        "{\"body\":\"\",\"z\":1,\"Z\":1}|Z stands twice, also as 'z'",
        "{\"body\":{\"a\":[1]}}|body is {…}; it must be a string",
        "{\"body\":[]}|body is []; it must be a string",
        "{\"body\":[[],{}]}|body is […]; it must be a string",
        "{\"body\":1.5}|body is 1.5; it must be a string",
        "{\"body\":true}|body is true; it must be a string",
        "{\"body\":null}|body is missing",
        "{\"remark\":{\"body\":\"AA\"}}|body is missing"
      })
  void properties_wrong_areTold(String json, String message) {
    var faults = new Faults();
    var section = new JsonSection("", read(json), faults);

    var unused = section.requiredText("body");

    assertThat(String.join("; ", faults.messages())).contains(message);
  }

  @Test
  void unknownProperties_largeOnes_areSkipped() {
    var large = "x".repeat(1 << 20);
    var json =
        "{\"a\":\""
            + large
            + "\",\"b\":["
            + ("[1,\"" + large.substring(1000) + "\"],").repeat(3)
            + "{}],\"body\":\"AAAA\",\"c\":\""
            + large
            + "\",\"remark\":\"r\"}";

    assertThat(read(json).get("remark").textValue()).isEqualTo("r");
    assertThat(content).hasSize(3);
  }

  @Test
  void remark_overTheLimit_isRefused() {
    var json = "{\"body\":\"AAAA\",\"remark\":\"" + "r".repeat(MAX_BYTES + (1 << 17)) + "\"}";

    assertThatThrownBy(() -> read(json)).isInstanceOf(BodyRefusedException.class);
  }

  @Test
  void names_withoutEnd_areChargedAndRefused() {
    var json = new StringBuilder("{\"body\":\"AAAA\"");
    for (int i = 0; i < 20_000; i++) {
      json.append(",\"n").append(i).append("\":0");
    }

    assertThatThrownBy(() -> readBeside(json + "}"))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.BUSY));
  }

  /** Beside one that has all there is, and goes on. */
  private void readBeside(String json) {
    var large = "[" + "0,".repeat(1 << 15) + "0]";
    var first = "{\"body\":\"AAAA\",\"x\":" + large + "}";
    try (var body =
        bodies.open(
            new RequestBody(new ByteArrayInputStream(first.getBytes(UTF_8)), -1, 1 << 20))) {
      body.blob(NAMES, this::keep);
      read(json);
    }
  }

  @Test
  void json_inUtf16_isRefused() {
    var json = "{\"body\":\"AAAA\"}".getBytes(StandardCharsets.UTF_16LE);

    assertThatThrownBy(() -> read(new ByteArrayInputStream(json)))
        .hasMessageContaining("no JSON in UTF-8");
  }

  @Test
  void client_thatBreaksOff_isToldSo() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("cut");
          }
        };
    var start = new ByteArrayInputStream("{\"body\":\"AAAA".getBytes(UTF_8));

    assertThatThrownBy(() -> read(new java.io.SequenceInputStream(start, broken)))
        .isInstanceOf(JoyoiException.class)
        .hasMessage("the body broke off: cut");
  }
}
