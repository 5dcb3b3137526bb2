package com.joyoi.management.instance;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

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
   * A key in its scope.
   *
   * @param caller at most 200 characters
   * @param route at most 100 characters
   * @param key at most 255 characters
   * @param bodySha256 of the canonical request, 64 lower-case hex digits
   */
  record Key(String caller, String route, String key, String bodySha256) {}

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
