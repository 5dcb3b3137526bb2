package com.joyoi.management.persistence;

import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.lifecycle.JdbcLifecycleEventListenerAdapter;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;

/**
 * A database that counts what it is asked: transactions, committed or not, and statements, of which
 * each is one however many rows it is given at once.
 */
public final class CountedDatabase implements AutoCloseable {
  private final AtomicInteger transactions = new AtomicInteger();
  private final Queue<String> statements = new ConcurrentLinkedQueue<>();
  private final Persistence persistence;

  public CountedDatabase(DatabaseSettings settings) {
    persistence = Persistence.open(settings, Clock.systemUTC(), this::watched);
  }

  private DataSource watched(DataSource dataSource) {
    return ProxyDataSourceBuilder.create(dataSource)
        .listener(
            new JdbcLifecycleEventListenerAdapter() {
              @Override
              public void afterCommit(MethodExecutionContext context) {
                transactions.incrementAndGet();
              }

              @Override
              public void afterRollback(MethodExecutionContext context) {
                transactions.incrementAndGet();
              }

              @Override
              public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
                statements.add(queries.getFirst().getQuery());
              }
            })
        .build();
  }

  public Persistence persistence() {
    return persistence;
  }

  /** Begins to count anew. */
  public void reset() {
    transactions.set(0);
    statements.clear();
  }

  public int transactions() {
    return transactions.get();
  }

  public List<String> statements() {
    return List.copyOf(statements);
  }

  @Override
  public void close() {
    persistence.close();
  }
}
