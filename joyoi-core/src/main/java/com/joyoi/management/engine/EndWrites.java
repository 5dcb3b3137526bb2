package com.joyoi.management.engine;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Records ends of instances, together with whom they are to be told to. Thread-safe; blocks. */
final class EndWrites {
  private final EngineParts parts;

  EndWrites(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * Records the end of an execution.
   *
   * @param exception null when it succeeded
   * @return its time
   */
  Instant finish(InstanceExecution execution, InstanceStatus status, @Nullable String exception) {
    return finish(
        execution.key(), execution.instance(), status, exception, execution.hasUsedActors());
  }

  /** Records that one has failed before it was started. */
  void fail(Execution execution, String exception) {
    var unused =
        finish(execution.key(), execution.instance(), InstanceStatus.FAILED, exception, true);
  }

  private Instant finish(
      ExecutionKey key,
      Instance instance,
      InstanceStatus status,
      @Nullable String exception,
      boolean usedActors) {
    var callback = RequestRules.endCallback(instance, parts.ids());
    var endTime = parts.instances().finish(key, status, exception, usedActors, callback);
    if (callback != null) {
      parts.callbacks().onStored().run();
    }
    return endTime;
  }
}
