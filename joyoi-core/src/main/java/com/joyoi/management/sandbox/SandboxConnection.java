package com.joyoi.management.sandbox;

import com.joyoi.management.docker.Attachment;
import com.joyoi.management.docker.DockerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with the process 1 of a sandbox, as {@code node-image/agent/PROTOCOL.md} has it.
 * One request at a time, but for those that {@link #settle} waits for; not thread-safe, but for
 * {@link #close}. Every method blocks and may throw
 *
 * <ul>
 *   <li>{@link SandboxErrorException}: the request was not done, the conversation goes on;
 *   <li>{@link SandboxBrokenException}: it is over;
 *   <li>{@link DockerException}: the node or the connection failed, or nobody answered.
 * </ul>
 *
 * <p>An actor that is root may speak in the place of a sandbox without agent. So nothing is
 * believed beyond its form: lengths, numbers and words are checked.
 */
public final class SandboxConnection implements AutoCloseable {
  private static final int VERSION = 1;

  /** How long an answer may take to come; disks of busy nodes stall for seconds. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How long the last words of a sandbox that takes nothing more may take to come. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** What comes with the first answer: most files are smaller. */
  private static final long FIRST_PART_BYTES = 256 << 10;

  private static final int WRITE_BYTES = 64 << 10;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");

  private final Attachment attachment;
  private final ProtocolReader reader;
  private Set<String> features = Set.of();
  private @Nullable FetchStream open;

  /** What is to be sent with what follows it: each write costs the connection a record. */
  private final byte[] holding = new byte[WRITE_BYTES];

  private int held;

  /** What each answer that is still to come is about: the path of a place, else nothing. */
  private final Queue<String> unsettled = new ArrayDeque<>();

  /** Takes the attachment over. */
  public SandboxConnection(Attachment attachment) {
    this.attachment = attachment;
    this.reader = new ProtocolReader(attachment);
  }

  /**
   * Waits for the sandbox to be ready, and agrees on the version.
   *
   * @param cacheBytes how much it may keep of what it is told to store
   * @param idle after how long without a word it ends
   */
  public void greet(long cacheBytes, Duration idle) {
    var words = List.of(answer().split(" "));
    if (words.size() < 4 || !words.get(0).equals("joyoi-sandbox")) {
      throw new SandboxBrokenException("the sandbox did not greet");
    }
    if (number(words.get(1), 1000) > VERSION || number(words.get(2), 1000) < VERSION) {
      throw new SandboxBrokenException(
          "the sandbox speaks versions "
              + words.get(1)
              + " to "
              + words.get(2)
              + " of the protocol, this service "
              + VERSION);
    }
    write("hello " + VERSION + " cacheBytes=" + cacheBytes + " idleMs=" + idle.toMillis() + "\n");
    expectOk();
    features = Set.copyOf(words.subList(4, words.size()));
  }

  /** Whether it can be reset. */
  public boolean canReset() {
    return features.contains("reset");
  }

  /** Whether it keeps contents. */
  public boolean hasCache() {
    return features.contains("cache");
  }

  /** Whether it has ended, as far as is known without asking. */
  public boolean hasEnded() {
    return attachment.hasEnded();
  }

  /**
   * Takes away what a run has left.
   *
   * @return why it must not serve another run; empty when nothing is left
   */
  public Optional<String> reset() {
    closeOpen();
    write("reset\n");
    var answer = answer();
    if (answer.equals("clean")) {
      return Optional.empty();
    }
    if (answer.startsWith("condemned ")) {
      return Optional.of(answer.substring("condemned ".length()));
    }
    throw unexpected(answer);
  }

  /**
   * Asks it to unpack a tar below the working directory; what comes of it {@link #settle} says.
   *
   * @param sizeBytes its exact length
   * @throws IOException when reading it fails, and the conversation is over then
   */
  public void put(InputStream tar, long sizeBytes) throws IOException {
    sendWith("put " + sizeBytes + "\n", tar, sizeBytes);
    unsettled.add("");
  }

  /**
   * Asks it to keep a content, for as long as there is room; what comes of it {@link #settle} says.
   *
   * @param sizeBytes its exact length
   * @throws IOException when reading it fails, and the conversation is over then
   */
  public void store(String sha256, InputStream content, long sizeBytes) throws IOException {
    sendWith("store " + sha256 + " " + sizeBytes + "\n", content, sizeBytes);
    unsettled.add("");
  }

  /**
   * Asks it to put a content that it keeps below the working directory, in a folder that is there;
   * what comes of it {@link #settle} says.
   *
   * @param mode octal permissions
   */
  public void place(String sha256, String mode, String path) {
    write("place " + sha256 + " " + mode + " " + plain(path) + "\n");
    unsettled.add(path);
  }

  /**
   * Waits until all is done that it was asked to put, store and place. Of the errors it throws the
   * first; the others are done, or have errors of their own.
   *
   * @return the paths whose content it does not keep
   */
  public Set<String> settle() {
    var missing = new LinkedHashSet<String>();
    SandboxErrorException first = null;
    while (!unsettled.isEmpty()) {
      var path = unsettled.remove();
      try {
        var answer = answer();
        if (answer.equals("missing") && !path.isEmpty()) {
          missing.add(path);
        } else if (!answer.equals("ok")) {
          throw unexpected(answer);
        }
      } catch (SandboxErrorException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return missing;
  }

  private void sendWith(String request, InputStream data, long sizeBytes) throws IOException {
    write(request);
    for (long left = sizeBytes; left > 0; ) {
      if (held == holding.length) {
        flush();
      }
      var most = (int) Math.min(left, holding.length - held);
      var count = data.readNBytes(holding, held, most);
      if (count == 0) {
        throw new IOException("the content ended " + left + " bytes early");
      }
      held += count;
      left -= count;
    }
  }

  /**
   * Starts a command; {@link #awaitEnd} must come next.
   *
   * @param variables added to the container's own environment
   * @param timeout when the sandbox kills it
   */
  public void run(String command, Map<String, String> variables, Duration timeout) {
    var bytes = command.getBytes(StandardCharsets.UTF_8);
    var request = new StringBuilder();
    request.append("run ").append(timeout.toMillis()).append(' ').append(variables.size());
    request.append(' ').append(bytes.length).append('\n');
    variables.forEach((name, value) -> request.append(plain(name + "=" + value)).append('\n'));
    write(request + command);
    flush();
  }

  /**
   * @param silence how long to wait at most
   * @return null when it has not ended in time; may be called again
   */
  public @Nullable RunReport awaitEnd(Duration silence) {
    if (!reader.await(silence)) {
      return null;
    }
    var answer = answer();
    if (!answer.startsWith("ran ")) {
      throw unexpected(answer);
    }
    var values = new HashMap<String, String>();
    for (var pair : answer.substring(4).split(" ")) {
      var parts = pair.split("=", 2);
      values.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    return new RunReport(
        (int) number(values.get("exitCode"), 255),
        Duration.of(
            number(values.get("wallUs"), Long.MAX_VALUE), java.time.temporal.ChronoUnit.MICROS),
        number(values.get("oomKills"), Long.MAX_VALUE),
        (int) number(values.get("survivors"), Integer.MAX_VALUE),
        "deadline".equals(values.get("end")));
  }

  /**
   * Looks for a file below the working directory.
   *
   * @param path relative, without {@code .} and {@code ..} and control characters
   */
  public FetchResult fetch(String path) {
    closeOpen();
    write("fetch 0 " + FIRST_PART_BYTES + " " + plain(path) + "\n");
    var answer = answer();
    if (answer.equals("none")) {
      return new FetchResult.Nothing();
    }
    if (answer.startsWith("refused ")) {
      var words = answer.split(" ", 3);
      return new FetchResult.Refused(kind(words[1]), words.length == 3 ? words[2] : path);
    }
    var numbers = fileNumbers(answer);
    var size = numbers[0];
    if (numbers[1] != Math.min(size, FIRST_PART_BYTES)) {
      throw unexpected(answer);
    }
    if (numbers[1] == 0) {
      expectOk();
    }
    open = new FetchStream(this, path, size, numbers[1]);
    return new FetchResult.Found(size, open);
  }

  /**
   * @return how many bytes of it come now; at least one
   */
  long fetchPart(String path, long offset, long maxBytes, long sizeBytes) {
    write("fetch " + offset + " " + maxBytes + " " + path + "\n");
    var answer = answer();
    var count = fileNumbers(answer)[1];
    // Nothing runs any more, so a file that changes its size is somebody's lie.
    if (count != Math.min(maxBytes, sizeBytes - offset)) {
      throw unexpected(answer);
    }
    return count;
  }

  int takeData(byte[] target, int offset, int length) {
    return reader.data(target, offset, length, SILENCE);
  }

  void endPart(String path) {
    try {
      expectOk();
    } catch (SandboxErrorException e) {
      throw new SandboxBrokenException(path + ": " + e.getMessage());
    }
  }

  private void closeOpen() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  private long[] fileNumbers(String answer) {
    var words = answer.split(" ");
    if (words.length != 3 || !words[0].equals("file")) {
      throw unexpected(answer);
    }
    return new long[] {number(words[1], Long.MAX_VALUE), number(words[2], Integer.MAX_VALUE)};
  }

  private static EntryKind kind(String word) {
    try {
      return EntryKind.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return EntryKind.OTHER;
    }
  }

  private void expectOk() {
    var answer = answer();
    if (!answer.equals("ok")) {
      throw unexpected(answer);
    }
  }

  /** The next line, unless it is an error. */
  private String answer() {
    flush();
    var answer = reader.line(SILENCE);
    if (answer.startsWith("error ")) {
      var words = answer.split(" ", 3);
      throw new SandboxErrorException(words[1].equals("space"), words[words.length - 1]);
    }
    if (answer.startsWith("fatal ")) {
      throw fatal(answer);
    }
    return answer;
  }

  private static SandboxBrokenException unexpected(String answer) {
    return new SandboxBrokenException(
        "an unexpected answer: " + answer.substring(0, Math.min(answer.length(), 100)));
  }

  private static long number(@Nullable String word, long maximum) {
    if (word == null || !NUMBER.matcher(word).matches() || Long.parseLong(word) > maximum) {
      throw new SandboxBrokenException("an answer has no proper number: " + word);
    }
    return Long.parseLong(word);
  }

  /** A line break would end the line, and what follows be a request. */
  private static String plain(String text) {
    if (text.chars().anyMatch(c -> c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a line break or NUL in '" + text + "'");
    }
    return text;
  }

  private void write(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int done = 0; done < bytes.length; ) {
      if (held == holding.length) {
        flush();
      }
      int count = Math.min(bytes.length - done, holding.length - held);
      System.arraycopy(bytes, done, holding, held, count);
      done += count;
      held += count;
    }
  }

  private void flush() {
    if (held > 0) {
      var count = held;
      held = 0;
      try {
        attachment.write(holding, 0, count);
      } catch (DockerException e) {
        throw explained(e);
      }
    }
  }

  /** A sandbox that ends says why, and takes nothing more: then a write is the first to fail. */
  private RuntimeException explained(DockerException failure) {
    var deadline = System.nanoTime() + LAST_WORDS.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        var line = reader.line(() -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (line.startsWith("fatal ")) {
          throw fatal(line);
        }
      }
      return failure;
    } catch (SandboxBrokenException e) {
      if (failure.isTimedOut() && !e.isSaid()) {
        return failure;
      }
      e.addSuppressed(failure);
      return e;
    } catch (DockerException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static SandboxBrokenException fatal(String line) {
    return new SandboxBrokenException(line.substring("fatal ".length()), true);
  }

  /**
   * Lets a sandbox that nothing runs in end by itself, and drops the connection. Blocks.
   *
   * @param patience how long to wait for its end at most
   */
  public void end(Duration patience) {
    attachment.end(patience);
  }

  /** Drops the connection: the sandbox ends everything in it, empties its disk, and ends. */
  @Override
  public void close() {
    attachment.close();
  }
}
