package com.joyoi.management.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.callback.CallbackAnswer;
import com.joyoi.management.callback.CallbackClient;
import com.joyoi.management.callback.CallbackClient.AnswerTooLongException;
import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.callback.CallbackRequest;
import com.joyoi.management.callback.DeliveryRepository;
import com.joyoi.management.callback.DeliveryRepository.Claim;
import com.joyoi.management.callback.Pauses;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.json.WireJson;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import com.joyoi.management.settings.CallbackOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the ends of instances to their {@code CallbackUrl}, until each is answered with 2xx or its
 * time is over. It looks into the database when something has been stored, when something comes
 * due, and once a minute for what other services did; a delivery that waits has no thread.
 * Thread-safe.
 */
public final class CallbackSender implements CallbackDeliveries, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CallbackSender.class);

  /**
   * A receiver that restarts is back within seconds; one that is down for hours is not pestered.
   */
  static final Pauses PAUSES = new Pauses(Duration.ofSeconds(2), Duration.ofMinutes(15));

  /** An attempt and its record end before: see {@link CallbackClient#EXCHANGE_TIMEOUT}. */
  static final Duration LEASE = Duration.ofMinutes(2);

  /** The name of the timed task. */
  static final String NEXT_LOOK = "next look for callbacks";

  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(5);

  /** What one look finds at most. */
  private static final int BATCH = 50;

  /** For what is under way when the service stops, and once more for writing how it went. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final String service;
  private final CallbackOptions options;
  private final CallbackPolicy policy;
  private final DeliveryRepository repository;
  private final Timers timers;
  private final Clock clock;
  private final Executor threads = task -> Thread.ofVirtual().name("callback").start(task);
  private final CallbackClient client;
  private final @Nullable CallbackSignature signature;
  private final Cancellation cancellation = new Cancellation();
  private final InFlight inFlight = new InFlight();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private boolean looking;

  @GuardedBy("lock")
  private boolean lookAgain;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private Timers.Task next = () -> {};

  /**
   * @param service whose instances' ends are sent
   */
  public CallbackSender(
      String service,
      CallbackOptions options,
      CallbackPolicy policy,
      DeliveryRepository repository,
      Timers timers,
      Clock clock) {
    this.service = service;
    this.options = options;
    this.policy = policy;
    this.repository = repository;
    this.timers = timers;
    this.clock = clock;
    var key = options.key();
    signature = key == null ? null : new CallbackSignature(key);
    client = new CallbackClient(policy, threads, timers);
  }

  @Override
  public Listing<CallbackDelivery> listing(CallbackFilter filter) {
    return repository.listing(filter);
  }

  @Override
  public boolean retry(UUID id) {
    var found = repository.retry(id, service);
    look();
    return found;
  }

  /** Looks for what is due, on a thread of its own: at the start, and when something was stored. */
  public void look() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      lookAgain = looking;
      if (looking) {
        return;
      }
      looking = true;
    }
    threads.execute(this::lookNow);
  }

  private void lookNow() {
    Duration pause;
    try {
      pause = sendDue();
    } catch (NothingDoneException e) {
      log.debug("The database is away: callbacks wait", e);
      pause = PAUSE_AFTER_FAULT;
    } catch (RuntimeException | Error e) {
      log.warn(
          "Looking for callbacks failed; it is done again in {} s",
          PAUSE_AFTER_FAULT.toSeconds(),
          e);
      pause = PAUSE_AFTER_FAULT;
    }
    boolean atOnce;
    synchronized (lock) {
      looking = false;
      atOnce = lookAgain || pause.isZero();
      if (!atOnce && !closed) {
        next.cancel();
        next = timers.after(pause, NEXT_LOOK, this::look);
      }
    }
    if (atOnce) {
      look();
    }
  }

  /** How long there is nothing to do, as far as is known. */
  private Duration sendDue() {
    if (inFlight.isFull()) {
      return LONGEST_SLEEP;
    }
    var found = repository.look(service, inFlight.busy(), BATCH);
    var begun = inFlight.begin(found.due());
    if (!begun.isEmpty()) {
      var left = new HashSet<UUID>();
      begun.forEach(due -> left.add(due.id()));
      try {
        for (var claim : repository.claim(List.copyOf(left), LEASE)) {
          left.remove(claim.id());
          send(claim);
        }
      } finally {
        left.forEach(inFlight::end);
      }
    }
    if (found.due().size() == BATCH && !begun.isEmpty()) {
      return Duration.ZERO;
    }
    var pause = found.next();
    return pause == null || pause.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : pause;
  }

  private void send(Claim claim) {
    CompletableFuture<CallbackAnswer> answer;
    try {
      answer =
          client
              .send(request(claim), cancellation)
              .exceptionally(
                  error -> {
                    // What it says does not count, only that it came.
                    if (Futures.unwrap(error) instanceof AnswerTooLongException tooLong) {
                      return tooLong.answer();
                    }
                    throw new CompletionException(error);
                  });
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused =
        answer.whenCompleteAsync(
            (told, error) -> {
              try {
                settle(claim, told, error == null ? null : Futures.unwrap(error));
              } catch (RuntimeException e) {
                log.warn("Callback {} was sent, and is sent again", claim.id(), e);
              } finally {
                inFlight.end(claim.id());
                // The next one of its instance, or of its receiver, may be due.
                look();
              }
            },
            threads);
  }

  private CallbackRequest request(Claim claim) {
    var target = target(claim.url());
    var headers = new HashMap<String, String>();
    headers.put(CallbackRequest.IDEMPOTENCY_KEY, claim.id().toString());
    String body;
    try {
      body = WireJson.responses().writeValueAsString(claim.end());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    if (signature != null) {
      headers.put(CallbackSignature.HEADER, signature.of(body, clock.instant()));
    }
    return new CallbackRequest("POST", target, body, headers);
  }

  /** Such an address may be a password: an error that is stored and logged does not show it. */
  private URI target(String url) {
    try {
      return policy.checkUrl(url);
    } catch (JoyoiException e) {
      throw new JoyoiException(
          e.kind(), "parameters.CallbackUrl may not be called any more (Callback.Hosts)");
    }
  }

  private void settle(Claim claim, @Nullable CallbackAnswer answer, @Nullable Throwable error) {
    if (error instanceof CancellationException) {
      // The service stops: that says nothing of the receiver.
      repository.giveBack(claim);
      return;
    }
    if (answer != null && answer.isSuccess()) {
      repository.settle(claim, DeliveryStatus.DELIVERED, null, Duration.ZERO);
      return;
    }
    var outcome =
        answer != null
            ? "answered " + answer.status()
            : "failed: " + (error == null ? "" : CallbackClient.reason(error));
    var left = options.deliverFor().minus(claim.age());
    if (left.isPositive()) {
      var asked = answer == null ? Duration.ZERO : answer.pause(clock.instant());
      var pause = PAUSES.next(claim.attempts() + 1, asked);
      repository.settle(
          claim, DeliveryStatus.WAITING, outcome, pause.compareTo(left) < 0 ? pause : left);
      log.debug("Callback {} {}", claim.id(), outcome);
      return;
    }
    repository.settle(claim, DeliveryStatus.GIVEN_UP, outcome, Duration.ZERO);
    // The host alone: the path of such an address is often its password.
    log.warn(
        "The end of instance {} could not be told to {}: given up after {} attempts, the last {}",
        claim.end().id(),
        claim.receiver(),
        claim.attempts() + 1,
        outcome);
  }

  /** Lets what is under way end for a short time; the rest is sent by the next start. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      next.cancel();
    }
    inFlight.awaitNone(STOP_GRACE);
    cancellation.cancel("the service is stopping");
    client.close();
    inFlight.awaitNone(STOP_GRACE);
  }
}
