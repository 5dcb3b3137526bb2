package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobRoutesTest extends HttpContract {
  private static final String ABSENT = "00000000-0000-0000-0000-000000000099";

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "0123456789"})
  void blob_putAndRead_isTheSame(String content) {
    var id = putText(content, "\"timeStamp\":5,\"Remark\":\"r\\\"\\\"\"");

    var blob = get("/api/v1/Blob/" + id).data();
    assertThat(blob.get("id").textValue()).isEqualTo(id);
    assertThat(decoded(blob.get("body").textValue())).isEqualTo(content);
    assertThat(blob.get("timeStamp").longValue()).isEqualTo(5);
    assertThat(blob.get("remark").textValue()).isEqualTo("r\"\"");
    assertThat(blob.get("size").intValue()).isEqualTo(content.length());
    assertThat(blob.get("sha256").textValue()).hasSize(64);
    var listed = get("/api/v1/Blob/All").data().get(0);
    assertThat(listed.get("id").textValue()).isEqualTo(id);
    assertThat(listed.has("body")).isFalse();
  }

  @Test
  void blob_putTwice_hasOneId() {
    assertThat(putText("abc", "\"remark\":null")).isEqualTo(putText("abc", "\"remark\":\"x\""));
  }

  @Test
  void blob_compressed_isUncompressed() throws IOException {
    var json =
        "{\"body\":\""
            + Base64.getEncoder().encodeToString(gzip("hello"))
            + "\",\"isCompressed\":true}";

    var id = put("/api/v1/Blob", json).data().get("id").textValue();

    assertThat(decoded(get("/api/v1/Blob/" + id).data().get("body").textValue()))
        .isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"isCompressed\":true,\"remark\":\"r\",\"body\":\"%s\"}",
        "{\"body\":\"%s\",\"remark\":\"r\",\"IsCompressed\":true}",
      })
  void blob_compressed_isUncompressedWhereverThatIsSaid(String template) throws IOException {
    // Of two members, as tools write it that append.
    var gzip = new ByteArrayOutputStream();
    gzip.write(gzip("hello "));
    gzip.write(gzip("again"));
    var json = template.formatted(Base64.getEncoder().encodeToString(gzip.toByteArray()));

    var id = put("/api/v1/Blob", json).data().get("id").textValue();

    var blob = get("/api/v1/Blob/" + id).data();
    assertThat(decoded(blob.get("body").textValue())).isEqualTo("hello again");
    assertThat(blob.get("remark").textValue()).isEqualTo("r");
    assertThat(service.blobs().list()).hasSize(1);
  }

  @Test
  void blob_withLineBreaks_isTaken() {
    var content = "0123456789".repeat(20);
    var mime = Base64.getMimeEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    assertThat(mime).contains("\r\n");

    var id =
        put("/api/v1/Blob", "{\"body\":\"" + mime.replace("\r\n", "\\r\\n") + "\\n\"}")
            .data()
            .get("id")
            .textValue();

    assertThat(get("/api/v1/Blob/" + id + "/Raw").bytes()).asString().isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"body\":\"AAAA\",\"timeStamp\":\"5\"}",
        "{\"body\":\"AAAA\",}",
        "{\"body\":\"AAAA\"",
        "{\"body\":\"AAAA\",\"BODY\":\"AAAA\"}",
        "{\"body\":\"AA%AA\"}"
      })
  void blob_refusedBehindItsContent_isNotThere(String json) {
    assertThat(put("/api/v1/Blob", json).status()).isEqualTo(400);
    assertThat(service.blobs().list()).isEmpty();
  }

  @Test
  void blob_saidToBeGzipAndIsNot_isRefused() throws IOException {
    var cut = java.util.Arrays.copyOf(gzip("hello hello"), 15);
    for (var bytes : new byte[][] {"plain".getBytes(StandardCharsets.UTF_8), cut}) {
      var body = "\"body\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
      for (var json :
          new String[] {body + ",\"isCompressed\":true", "\"isCompressed\":true," + body}) {
        var answer = put("/api/v1/Blob", "{" + json + "}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("body is not gzip");
      }
    }
  }

  @Test
  void blob_uncompressedOverTheLimit_is413() throws IOException {
    var json =
        "{\"body\":\""
            + Base64.getEncoder().encodeToString(gzip("x".repeat(100_000)))
            + "\",\"isCompressed\":true}";

    assertThat(put("/api/v1/Blob", json).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|body is missing",
        "{\"body\":\"%%%\"}|body has '%' as its character 1; it must be base64",
        "{\"body\":5}|body is 5; it must be a string",
        "{\"body\":\"\",\"timeStamp\":\"5\"}|timeStamp is '5'",
        "{\"body\":\"\",\"timeStamp\":1.5}|timeStamp is 1.5",
        "{\"body\":\"\",\"timeStamp\":-1}|timeStamp is -1",
        "{\"body\":\"\",\"isCompressed\":1}|isCompressed is 1; it must be true or false"
      })
  void blob_badField_isNamed(String json, String message) {
    var answer = put("/api/v1/Blob", json);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains(message);
  }

  @Test
  void blob_absent_is404() {
    assertThat(get("/api/v1/Blob/" + ABSENT).message()).isEqualTo("blob not found: " + ABSENT);
    assertThat(get("/api/v1/Blob/" + ABSENT + "/Raw").status()).isEqualTo(404);
    assertThat(delete("/api/v1/Blob/" + ABSENT).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "Raw",
        "00000000-0000-0000-0000-00000000009",
        "zzzzzzzz-0000-0000-0000-000000000099"
      })
  void blob_badId_is400(String id) {
    assertThat(get("/api/v1/Blob/" + id).status()).isEqualTo(400);
    assertThat(delete("/api/v1/Blob/" + id).message()).contains("id is '" + id + "'");
  }

  @Test
  void blob_referredTo_isConflict() {
    var id = putText("abc", "\"remark\":null");
    service.blobs().refer(UUID.fromString(id));

    assertThat(delete("/api/v1/Blob/" + id).status()).isEqualTo(409);
  }

  @Test
  void blob_deleted_isGone() {
    var id = putText("abc", "\"remark\":null");

    assertThat(delete("/api/v1/Blob/" + id).data().get("deleted").intValue()).isEqualTo(1);
    assertThat(get("/api/v1/Blob/" + id).status()).isEqualTo(404);
  }

  @Test
  void raw_putAndRead_isTheSame() {
    var put = putRaw("?Remark=r&TIMESTAMP=7", "0123456789");

    assertThat(put.data().get("size").intValue()).isEqualTo(10);
    var id = put.data().get("id").textValue();
    var raw = get("/api/v1/blob/" + id + "/raw");
    assertThat(raw.status()).isEqualTo(200);
    assertThat(raw.bytes()).asString().isEqualTo("0123456789");
    assertThat(raw.header("ETag")).isEqualTo("\"" + put.data().get("sha256").textValue() + "\"");
    assertThat(raw.header("Content-Type")).isEqualTo("application/octet-stream");
    var info = get("/api/v1/Blob/" + id).data();
    assertThat(info.get("remark").textValue()).isEqualTo("r");
    assertThat(info.get("timeStamp").intValue()).isEqualTo(7);
  }

  @Test
  void raw_overTheLimit_is413() {
    assertThat(putRaw("", "x".repeat((int) MAX_RAW_BYTES + 1)).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-3|206|0123|bytes 0-3/10",
        "bytes=4-|206|456789|bytes 4-9/10",
        "bytes=-3|206|789|bytes 7-9/10",
        "bytes=-99|206|0123456789|bytes 0-9/10",
        "bytes=8-99|206|89|bytes 8-9/10",
        "bytes=5-4|200|0123456789|",
        "bytes=0-1,3-4|200|0123456789|",
        "lines=1-2|200|0123456789|"
      })
  void raw_range_isHonoured(String range, int status, String content, String contentRange) {
    var id = putRaw("", "0123456789").data().get("id").textValue();

    var answer = send(request("/api/v1/Blob/" + id + "/Raw").header("Range", range).build());

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.bytes()).asString().isEqualTo(content);
    assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=-0"})
  void raw_rangeBeyondTheEnd_is416(String range) {
    var id = putRaw("", "0123456789").data().get("id").textValue();

    var answer = send(request("/api/v1/Blob/" + id + "/Raw").header("Range", range).build());

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
  }

  @Test
  void raw_knownTag_isNotSentAgain() {
    var put = putRaw("", "0123456789").data();

    var answer =
        send(
            request("/api/v1/Blob/" + put.get("id").textValue() + "/Raw")
                .header("If-None-Match", "\"x\", \"" + put.get("sha256").textValue() + "\"")
                .build());

    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.bytes()).isEmpty();
  }

  @Test
  void content_damaged_isNeverAShortAnswer() {
    var id = putRaw("", "0123456789").data().get("id").textValue();
    service.blobs().damage(UUID.fromString(id));

    assertThatThrownBy(() -> failUnlessOk(get("/api/v1/Blob/" + id + "/Raw")))
        .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
    assertThatThrownBy(() -> failUnlessOk(get("/api/v1/Blob/" + id)))
        .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
  }

  private static void failUnlessOk(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
  }

  private String putText(String content, String fields) {
    var body = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    var answer = put("/api/v1/Blob", "{\"body\":\"" + body + "\"," + fields + "}");
    assertThat(answer.status()).isEqualTo(200);
    return answer.data().get("id").textValue();
  }

  private Answer putRaw(String query, String content) {
    return send(request("/api/v1/Blob/Raw" + query).PUT(BodyPublishers.ofString(content)).build());
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
