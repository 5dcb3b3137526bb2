package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.InstanceEvents;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FollowedInstanceTest {
  private static final UUID ID = UUID.randomUUID();

  /** Five events are stored; a look may have found fewer, since they go on coming meanwhile. */
  private final InstanceEvents events =
      new InstanceEvents() {
        @Override
        public List<Event> eventsAfter(UUID instanceId, long number, int limit) {
          return LongStream.rangeClosed(number + 1, 5)
              .limit(limit)
              .mapToObj(n -> new Event(instanceId, n, STAGE, "{}", Instant.EPOCH))
              .toList();
        }

        @Override
        public Map<UUID, Long> lastEvents(Collection<UUID> instanceIds) {
          throw new UnsupportedOperationException();
        }
      };

  private final FollowedInstance instance = new FollowedInstance(ID, events);

  @Test
  void events_newerThanTheLook_waitForTheNextOne() {
    instance.found(2L);
    assertThat(numbersAfter(0)).containsExactly(1L, 2L);

    instance.found(3L);
    assertThat(numbersAfter(2)).containsExactly(3L);
    assertThat(numbersAfter(3)).isEmpty();

    instance.found(5L);
    assertThat(numbersAfter(3)).containsExactly(4L, 5L);
    assertThat(numbersAfter(0)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  private List<Long> numbersAfter(long number) {
    return instance.after(number).stream().map(InstanceEvents.Event::number).toList();
  }
}
