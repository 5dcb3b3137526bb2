package com.joyoi.management.engine;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.IdempotencyKeys.KeyUsedException;
import com.joyoi.management.instance.IdempotencyKeys.Used;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.model.Instance;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Makes one instance for each key. Within this service a duplicate waits for the first call;
 * between services the database's unique key makes it wait. Failures are not remembered: whoever
 * waited for one tries itself. Thread-safe.
 */
final class IdempotentCreation {
  private final IdempotencyKeys keys;
  private final InstanceRepository instances;
  private final ConcurrentMap<Scope, CompletableFuture<Boolean>> underWay =
      new ConcurrentHashMap<>();

  private record Scope(String caller, String route, String key) {}

  IdempotentCreation(IdempotencyKeys keys, InstanceRepository instances) {
    this.keys = keys;
    this.instances = instances;
  }

  /**
   * The instance of a key.
   *
   * @param creation stores and starts a new instance under the key
   */
  Instance create(Key key, Supplier<Instance> creation) {
    var scope = new Scope(key.caller(), key.route(), key.key());
    var mine = new CompletableFuture<Boolean>();
    for (var first = underWay.putIfAbsent(scope, mine);
        first != null;
        first = underWay.putIfAbsent(scope, mine)) {
      first.join();
    }
    try {
      var used = keys.find(key);
      return used.isPresent() ? made(key, used.get()) : creation.get();
    } catch (KeyUsedException e) {
      return made(key, e.used());
    } finally {
      underWay.remove(scope);
      mine.complete(true);
    }
  }

  private Instance made(Key key, Used used) {
    if (!used.bodySha256().equals(key.bodySha256())) {
      throw refused(key, used.instanceId(), "with another request body; use a new key");
    }
    return instances
        .find(used.instanceId())
        .orElseThrow(() -> refused(key, used.instanceId(), "which was deleted since"));
  }

  private static JoyoiException refused(Key key, UUID instance, String why) {
    return JoyoiException.conflict(
        "Idempotency-Key '" + key.key() + "' was used for instance " + instance + ", " + why);
  }
}
