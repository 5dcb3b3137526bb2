package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.callback.DeliveryRepository;
import com.joyoi.management.callback.DeliveryRepository.Claim;
import com.joyoi.management.callback.DeliveryRepository.Due;
import com.joyoi.management.callback.InstanceEnd;
import com.joyoi.management.instance.InstanceRepository.EndCallback;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import com.joyoi.management.model.InstanceStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ends of instances that are to be told: when they come to be, who sends them, what is seen. */
@SuppressWarnings("NullAway") // fields are set before each test
public abstract class DeliveryContract extends PersistenceContract {
  private static final Duration LEASE = Duration.ofMinutes(3);
  private static final URI URL = URI.create("http://Judge.example:81/told?by=1");

  private DeliveryRepository deliveries;

  @BeforeEach
  void begin() throws Exception {
    deliveries = persistence.deliveries();
    execute("DELETE FROM joyoi_callback");
  }

  private UUID end(Execution execution, InstanceStatus status, @Nullable String exception) {
    var id = TestIds.next();
    instances.finish(execution.key(), status, exception, true, new EndCallback(id, URL));
    return id;
  }

  private UUID end(Execution execution) {
    return end(execution, InstanceStatus.SUCCEEDED, null);
  }

  private Execution restarted(Execution execution) {
    var id = execution.key().instanceId();
    return instances.restart(id, "Start", null, null, SERVICE).orElseThrow();
  }

  private List<UUID> due() {
    return deliveries.look(SERVICE, Set.of(), 100).due().stream().map(Due::id).toList();
  }

  private Claim claim(UUID id) {
    var claims = deliveries.claim(List.of(id), LEASE);
    assertThat(claims).hasSize(1);
    return claims.getFirst();
  }

  private CallbackDelivery find(UUID id) {
    return list(null, null).stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  private List<CallbackDelivery> list(@Nullable UUID instance, @Nullable DeliveryStatus status) {
    return deliveries.listing(new CallbackFilter(instance, status, null, 100)).toList();
  }

  /** Lets time pass for it, by the database's clock. */
  private void pass(UUID id, Duration time) throws Exception {
    for (var column : List.of("next_attempt", "due_from")) {
      execute(
          "UPDATE joyoi_callback SET %s = TIMESTAMPADD(SECOND, -%d, %s) WHERE id = '%s'"
              .formatted(column, time.toSeconds(), column, id));
    }
  }

  @Test
  void end_withCallback_isDueAtOnceAndTellsWhatTheInstanceShows() {
    var execution = create("Judge");
    var id = end(execution, InstanceStatus.FAILED, "because \uD83D\uDE00");

    assertThat(deliveries.look(SERVICE, Set.of(), 100).due())
        .containsExactly(new Due(id, "judge.example:81"));
    var claim = claim(id);
    var instance = instances.find(execution.key().instanceId()).orElseThrow();
    assertThat(claim.end())
        .isEqualTo(
            new InstanceEnd(
                instance.id(),
                "Judge",
                InstanceStatus.FAILED,
                "Start",
                "because \uD83D\uDE00",
                instance.endTime()));
    assertThat(claim.url()).isEqualTo(URL.toString());
    assertThat(claim.attempts()).isZero();
    assertThat(claim.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
  }

  @Test
  void claim_givenBack_isDueAtOnceAndWasNoAttempt() {
    var id = end(create());
    var first = claim(id);
    assertThat(due()).isEmpty();

    deliveries.giveBack(first);

    assertThat(due()).containsExactly(id);
    assertThat(find(id).attempts()).isZero();
    var second = claim(id);
    deliveries.giveBack(first);
    assertThat(deliveries.claim(List.of(id), LEASE)).isEmpty();
    deliveries.settle(second, DeliveryStatus.DELIVERED, null, Duration.ZERO);
    assertThat(find(id).attempts()).isEqualTo(1);
  }

  @Test
  void end_withoutCallback_leavesNothing() throws Exception {
    instances.finish(create().key(), InstanceStatus.SUCCEEDED, null);

    assertThat(count("joyoi_callback")).isZero();
    assertThat(deliveries.look(SERVICE, Set.of(), 100).next()).isNull();
  }

  @Test
  void end_thatIsRefused_leavesNothing() throws Exception {
    var stale = create();
    restarted(stale);

    assertThatThrownBy(() -> end(stale)).isInstanceOf(StaleExecutionException.class);
    assertThat(count("joyoi_callback")).isZero();
  }

  @Test
  void delivery_claimed_isNobodyElsesUntilItsLeaseIsOver() throws Exception {
    var id = end(create());
    var first = claim(id);

    assertThat(due()).isEmpty();
    assertThat(deliveries.claim(List.of(id), LEASE)).isEmpty();
    assertThat(deliveries.look(SERVICE, Set.of(), 100).next())
        .isBetween(LEASE.minusMinutes(1), LEASE);

    pass(id, LEASE);
    var second = claim(id);
    deliveries.settle(first, DeliveryStatus.GIVEN_UP, "late", Duration.ZERO);
    assertThat(find(id).status()).isEqualTo(DeliveryStatus.WAITING);
    deliveries.settle(second, DeliveryStatus.DELIVERED, null, Duration.ZERO);
    assertThat(find(id).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void delivery_thatWasAnsweredBehindItsLease_isDelivered() throws Exception {
    var id = end(create());
    var first = claim(id);
    pass(id, LEASE);
    var second = claim(id);

    deliveries.settle(first, DeliveryStatus.DELIVERED, null, Duration.ZERO);
    deliveries.settle(second, DeliveryStatus.WAITING, "answered 503", Duration.ZERO);

    assertThat(find(id).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(find(id).attempts()).isEqualTo(1);
    assertThat(due()).isEmpty();
  }

  @Test
  void delivery_claimedByManyAtOnce_isGivenOnce() throws Exception {
    var id = end(create());

    var claims = onThreads(16, () -> deliveries.claim(List.of(id), LEASE));

    assertThat(claims.stream().mapToInt(List::size).sum()).isEqualTo(1);
  }

  @Test
  void delivery_thatFailed_isDueAgainAfterItsPause() throws Exception {
    var id = end(create());
    deliveries.settle(claim(id), DeliveryStatus.WAITING, "x".repeat(5000), Duration.ofHours(1));

    assertThat(due()).isEmpty();
    assertThat(deliveries.look(SERVICE, Set.of(), 100).next())
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    var waiting = find(id);
    assertThat(waiting.attempts()).isEqualTo(1);
    assertThat(waiting.lastError()).hasSize(1000);
    assertThat(waiting.nextAttempt()).isNotNull();
    assertThat(waiting.endTime()).isNull();

    pass(id, Duration.ofHours(1));
    var again = claim(id);
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(again.age()).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
  }

  @Test
  void delivery_thatHasEnded_isDueNoMore() {
    var delivered = end(create());
    var givenUp = end(create());
    deliveries.settle(claim(delivered), DeliveryStatus.DELIVERED, null, Duration.ZERO);
    deliveries.settle(claim(givenUp), DeliveryStatus.GIVEN_UP, "answered 503", Duration.ZERO);

    assertThat(due()).isEmpty();
    assertThat(find(delivered).lastError()).isNull();
    assertThat(find(delivered).endTime()).isNotNull();
    assertThat(find(givenUp).lastError()).isEqualTo("answered 503");
    assertThat(find(givenUp).nextAttempt()).isNull();
  }

  @Test
  void deliveries_ofOneInstance_areDueOneAfterTheOther() {
    var execution = create();
    var first = end(execution);
    var second = end(restarted(execution));
    var other = end(create());

    assertThat(due()).containsExactlyInAnyOrder(first, other);
    var claim = claim(first);
    assertThat(due()).containsExactly(other);
    deliveries.settle(claim, DeliveryStatus.WAITING, "answered 503", Duration.ofHours(1));
    assertThat(due()).containsExactly(other);

    deliveries.retry(first, SERVICE);
    deliveries.settle(claim(first), DeliveryStatus.DELIVERED, null, Duration.ZERO);
    assertThat(due()).containsExactlyInAnyOrder(second, other);
  }

  @Test
  void look_passesOverBusyReceiversAndOtherServices() {
    var id = end(create());

    assertThat(deliveries.look("elsewhere", Set.of(), 100).due()).isEmpty();
    assertThat(deliveries.look(SERVICE, Set.of("judge.example:81"), 100).due()).isEmpty();
    assertThat(deliveries.look(SERVICE, Set.of("other"), 1).due())
        .extracting(Due::id)
        .containsExactly(id);
  }

  @Test
  void retry_makesItDueAsIfItWereNew() throws Exception {
    var id = end(create());
    pass(id, Duration.ofDays(1));
    deliveries.settle(claim(id), DeliveryStatus.GIVEN_UP, "answered 503", Duration.ZERO);

    assertThat(deliveries.retry(id, "elsewhere")).isTrue();

    assertThat(find(id).endTime()).isNull();
    assertThat(deliveries.look("elsewhere", Set.of(), 100).due()).hasSize(1);
    var claim = claim(id);
    assertThat(claim.attempts()).isZero();
    assertThat(claim.age()).isLessThan(Duration.ofMinutes(1));
    assertThat(deliveries.retry(UUID.randomUUID(), SERVICE)).isFalse();
  }

  @Test
  void retry_ofOneThatIsBeingSent_isLeftToThat() {
    var id = end(create());
    var claim = claim(id);

    assertThat(deliveries.retry(id, SERVICE)).isTrue();

    assertThat(due()).isEmpty();
    deliveries.settle(claim, DeliveryStatus.DELIVERED, null, Duration.ZERO);
    assertThat(find(id).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void deliveries_thatWait_areTakenOver_andNoOthers() {
    var waiting = end(create());
    var sent = end(create());
    var claim = claim(sent);
    var delivered = end(create());
    deliveries.settle(claim(delivered), DeliveryStatus.DELIVERED, null, Duration.ZERO);

    deliveries.takeOver("nobody", "elsewhere");
    assertThat(deliveries.look("elsewhere", Set.of(), 100).due()).isEmpty();
    deliveries.takeOver(SERVICE, "elsewhere");

    assertThat(due()).isEmpty();
    // Whoever had claimed one is silent; what it says of it afterwards counts only when it is good.
    deliveries.settle(claim, DeliveryStatus.WAITING, "answered 503", Duration.ofDays(1));
    assertThat(deliveries.look("elsewhere", Set.of(), 100).due())
        .extracting(Due::id)
        .containsExactlyInAnyOrder(waiting, sent);
    deliveries.settle(claim, DeliveryStatus.DELIVERED, null, Duration.ZERO);
    assertThat(find(sent).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(find(delivered).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void deliveries_ofAServiceThatIsStartedAnew_areDueAtOnce() {
    var later = end(create());
    deliveries.settle(claim(later), DeliveryStatus.WAITING, "answered 503", Duration.ofDays(1));
    var sent = end(create());
    claim(sent);
    assertThat(due()).isEmpty();

    deliveries.takeOver(SERVICE, SERVICE);

    assertThat(due()).containsExactly(sent);
  }

  @Test
  void deliveries_areListedByInstanceAndStatus() {
    var execution = create();
    var first = end(execution);
    var second = end(restarted(execution));
    var other = end(create());
    deliveries.settle(claim(first), DeliveryStatus.DELIVERED, null, Duration.ZERO);

    assertThat(list(null, null))
        .extracting(CallbackDelivery::id)
        .containsExactly(first, second, other);
    assertThat(list(execution.key().instanceId(), null))
        .extracting(CallbackDelivery::id)
        .containsExactly(first, second);
    assertThat(list(execution.key().instanceId(), DeliveryStatus.WAITING))
        .extracting(CallbackDelivery::id)
        .containsExactly(second);
    var page = deliveries.listing(new CallbackFilter(null, null, first, 1));
    assertThat(page.toList()).extracting(CallbackDelivery::id).containsExactly(second);
    assertThat(page.next()).isEqualTo(second.toString());
  }

  @Test
  void instance_removedByHand_takesItsDeliveriesAlong() throws Exception {
    var execution = create();
    end(execution);

    assertThat(instances.delete(execution.key().instanceId())).isTrue();

    assertThat(count("joyoi_callback")).isZero();
  }

  @Test
  void retention_sparesWhatIsStillToBeTold() {
    var execution = create();
    var id = end(execution);
    clock.move(Duration.ofDays(1));

    instances.dropEnded(clock.instant(), 100);
    assertThat(instances.find(execution.key().instanceId())).isPresent();

    deliveries.settle(claim(id), DeliveryStatus.DELIVERED, null, Duration.ZERO);
    instances.dropEnded(clock.instant(), 100);
    assertThat(instances.find(execution.key().instanceId())).isEmpty();
  }
}
