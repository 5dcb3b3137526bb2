package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.model.InstanceRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A connection that is lost in the middle, of which drivers tell in their own words. */
class LostConnectionTest {
  private final AtomicInteger losses = new AtomicInteger();

  @Test
  void transactions_onLostConnections_areRepeated() {
    try (var persistence =
        Persistence.open(DatabaseSettings.inMemory(), Clock.systemUTC(), this::losing)) {
      var instances = persistence.instances();
      var instance =
          new NewInstance(TestIds.next(), new InstanceRequest("M", List.of()), null, "here");

      losses.set(2);
      var key = instances.create(instance).key();
      losses.set(2);
      assertThat(instances.enterStage(key, "Stage")).isEqualTo(1);
      losses.set(2);
      assertThat(instances.find(instance.id()).orElseThrow().stage()).isEqualTo("Stage");
    }
  }

  private DataSource losing(DataSource real) {
    return proxy(
        DataSource.class,
        real,
        (method, result) -> result instanceof Connection connection ? losing(connection) : result);
  }

  private Connection losing(Connection real) {
    if (losses.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      return real;
    }
    return proxy(
        Connection.class,
        real,
        (method, result) -> {
          switch (method) {
            case "prepareStatement" ->
                throw new SQLException("No operations allowed after statement closed.", "S1009");
            case "rollback" -> throw new SQLException("Connection is closed");
            default -> {
              return result;
            }
          }
        });
  }

  private interface Change {
    Object apply(String method, Object result) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T real, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return change.apply(method.getName(), method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
