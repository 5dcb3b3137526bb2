package com.joyoi.management.confinement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The profile that is sent; what the kernel makes of it is tried on a node. */
class SyscallFilterTest {
  private static List<String> allowed() throws Exception {
    var names = new ArrayList<String>();
    for (JsonNode rule : new ObjectMapper().readTree(SyscallFilter.profile()).get("syscalls")) {
      if (rule.get("action").asText().equals("SCMP_ACT_ALLOW") && rule.get("args").isEmpty()) {
        rule.get("names").forEach(name -> names.add(name.asText()));
      }
    }
    return names;
  }

  @Test
  void profile_read_refusesWhatItDoesNotName() throws Exception {
    var profile = new ObjectMapper().readTree(SyscallFilter.profile());

    assertThat(profile.get("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
    assertThat(allowed()).doesNotHaveDuplicates().contains("read", "execve", "futex");
  }

  @Test
  void calls_thatNeedALook_areAllowedOnlyWithOne() throws Exception {
    assertThat(allowed())
        .doesNotContain("socket", "socketpair", "clone", "clone3", "personality", "fallocate");
  }
}
