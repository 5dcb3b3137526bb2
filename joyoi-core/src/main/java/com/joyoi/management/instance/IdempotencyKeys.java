package com.joyoi.management.instance;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The port to the keys under which instances were asked for, so that a request that is sent twice
 * makes one instance. Every call blocks and is one short transaction.
 */
public interface IdempotencyKeys {
  /** What was made under a key; the body's hash is not compared. */
  Optional<Used> find(Key key);

  /**
   * Like {@link InstanceRepository#create}, and stores the key in the same transaction.
   *
   * @throws KeyUsedException when the key was used before; nothing is stored then
   */
  Execution create(NewInstance instance, Key key);

  /** Forgets keys that were stored before a time; returns how many. */
  int forgetOlderThan(Instant time);

  /**
   * A key in its scope; the constructor throws a JoyoiException INVALID.
   *
   * @param caller 1 to 200 characters
   * @param route 1 to 100 characters
   * @param key 1 to 255 characters
   * @param bodySha256 of the canonical request, 64 lower-case hex digits
   */
  record Key(String caller, String route, String key, String bodySha256) {
    private static final int MAX_CALLER = 200;
    private static final int MAX_ROUTE = 100;
    private static final int MAX_KEY = 255;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Key {
      requireLength("caller", caller, MAX_CALLER);
      requireLength("route", route, MAX_ROUTE);
      requireLength("Idempotency-Key", key, MAX_KEY);
      if (!SHA256.matcher(bodySha256).matches()) {
        throw JoyoiException.invalid("bodySha256", bodySha256, "64 lower-case hex digits");
      }
    }

    private static void requireLength(String field, String value, int max) {
      if (value.isEmpty() || value.length() > max) {
        throw JoyoiException.invalid(field, value, "1 to " + max + " characters");
      }
    }
  }

  /** What a key was used for. */
  record Used(UUID instanceId, String bodySha256, Instant created) {}

  /** The key is in use: by the same request, or by another one. */
  final class KeyUsedException extends JoyoiException {
    private static final long serialVersionUID = 1L;

    private final transient Used used;

    public KeyUsedException(Key key, Used used) {
      super(
          Kind.CONFLICT,
          "idempotency key '" + key.key() + "' was used for instance " + used.instanceId());
      this.used = used;
    }

    public Used used() {
      return used;
    }
  }
}
