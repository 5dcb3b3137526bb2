package com.joyoi.management.web.body;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.json.WireJson;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;

/** Reads bodies of JSON, within what all of them may take together. Thread-safe. */
public final class JsonBodies {
  private final BodyBudget budget;
  private final JsonLimits limits;

  /**
   * @param maxBytes of one body that is held in memory
   * @param bytesAtOnce of all of them, beside one that may go on while the others wait
   * @param patience of a body that finds too little left
   * @param maxTime that a client may take to send a body that is held in memory
   */
  public JsonBodies(long maxBytes, long bytesAtOnce, Duration patience, Duration maxTime) {
    this.limits = new JsonLimits(Math.min(maxBytes, bytesAtOnce), maxTime);
    this.budget = new BodyBudget(bytesAtOnce, patience);
  }

  /** Bytes of one body that is held in memory. */
  public long maxBytes() {
    return limits.maxBytes();
  }

  /** Opens one body; it counts for the others until it is closed. */
  public JsonBody open(RequestBody body) {
    return new JsonBody(body);
  }

  /** What takes the content of a blob. */
  @FunctionalInterface
  public interface Content {
    /**
     * Reads a content to its end.
     *
     * @param content decoded; what the client does wrong comes out of it unchecked
     * @param before the properties that stood before it
     */
    void accept(InputStream content, ObjectNode before);
  }

  /** The body of one request. Confined to it. */
  public final class JsonBody implements AutoCloseable {
    private final RequestBody body;
    private final BodyBudget.Share share = budget.open();

    private JsonBody(RequestBody body) {
      this.body = body;
    }

    /**
     * Reads all of it into memory.
     *
     * @throws com.joyoi.management.error.JoyoiException INVALID for malformed JSON, BUSY when there
     *     was no room for it for too long; 413 and 408 as {@link BodyRefusedException}
     */
    public ObjectNode object() {
      var source = new JsonSource(body, share, limits);
      return WireJson.readRequest(source, parser -> new ChargedParser(parser, share));
    }

    /**
     * Reads the JSON of a blob, whose content is never whole in memory.
     *
     * @param names of the properties beside {@code body} that are kept; of others only the names
     * @return the properties; for a content that was taken, an empty text
     * @throws com.joyoi.management.error.JoyoiException as {@link #object()}
     */
    public ObjectNode blob(Set<String> names, Content content) {
      return BlobJson.read(new JsonSource(body, share, limits), share, names, content);
    }

    /** Gives back what it took, and reads what the client still sends. */
    public void refuse() {
      share.close();
      body.drain();
    }

    @Override
    public void close() {
      share.close();
    }
  }
}
