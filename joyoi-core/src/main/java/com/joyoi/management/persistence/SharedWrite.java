package com.joyoi.management.persistence;

import com.joyoi.management.instance.ExecutionKey;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A write of one instance that may share its transaction with others.
 *
 * @param what it does, for an error message
 * @param owner the update of the instance's row that comes first, null for a new instance
 * @param done what it gave when it has taken place already; asked when it was tried before
 * @param work says what is to be done behind the update of the row
 */
record SharedWrite<T>(
    String what,
    UUID instanceId,
    @Nullable OwnerUpdate owner,
    Function<Handle, Optional<T>> done,
    Function<WriteTransaction, T> work) {

  /**
   * The update that checks the execution key and counts the events.
   *
   * @param event named when the key is stale
   * @param changes what else is set, each with a comma before it
   * @param values of {@code changes}
   * @param events how many events this write appends
   */
  record OwnerUpdate(
      ExecutionKey key, String event, String changes, Map<String, ?> values, int events) {}
}
