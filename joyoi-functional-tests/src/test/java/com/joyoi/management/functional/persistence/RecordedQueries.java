package com.joyoi.management.functional.persistence;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.Query;
import com.mysql.cj.interceptors.QueryInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The driver's hook that notes all that is sent to the server; it makes one for each connection.
 */
public final class RecordedQueries implements QueryInterceptor {
  private static final List<String> SENT = new CopyOnWriteArrayList<>();

  /** What was sent while {@code work} ran, with its values. */
  static List<String> of(Runnable work) {
    SENT.clear();
    work.run();
    return List.copyOf(SENT);
  }

  @Override
  public QueryInterceptor init(MysqlConnection connection, Properties properties, Log log) {
    return this;
  }

  @Override
  public <T extends Resultset> @Nullable T preProcess(Supplier<String> sql, Query query) {
    var text = sql.get();
    if (text != null) {
      SENT.add(text.strip());
    }
    return null;
  }

  @Override
  public boolean executeTopLevelOnly() {
    return false;
  }

  @Override
  public void destroy() {}

  @Override
  public <T extends Resultset> @Nullable T postProcess(
      Supplier<String> sql, Query query, T original, ServerSession session) {
    return null;
  }
}
