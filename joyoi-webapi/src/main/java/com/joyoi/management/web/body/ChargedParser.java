package com.joyoi.management.web.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Charges what values take in memory beside their text: {@code {},{},{}} takes much more than its
 * bytes. Confined to its request.
 */
final class ChargedParser extends JsonParserDelegate {
  /** Of an object or an array half of what it takes, of a leaf all of it. */
  private static final int BYTES_PER_TOKEN = 64;

  /** Charged at once, since each time takes a lock. */
  private static final int STEP = 64;

  private final BodyBudget.Share share;
  private int uncharged;

  ChargedParser(JsonParser parser, BodyBudget.Share share) {
    super(parser);
    this.share = share;
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    var token = super.nextToken();
    if (token == JsonToken.FIELD_NAME) {
      // Kept, to find those that stand twice.
      uncharged += currentName().length() / BYTES_PER_TOKEN;
    }
    if (++uncharged >= STEP) {
      share.take((long) uncharged * BYTES_PER_TOKEN);
      uncharged = 0;
    }
    return token;
  }

  /** By the tokens above: the names within are kept, too. */
  @Override
  public JsonParser skipChildren() throws IOException {
    if (!currentToken().isStructStart()) {
      return this;
    }
    for (int depth = 1; depth > 0; ) {
      var token = nextToken();
      if (token == null) {
        return this;
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return this;
  }

  @Override
  public int releaseBuffered(OutputStream out) throws IOException {
    return delegate.releaseBuffered(out);
  }
}
