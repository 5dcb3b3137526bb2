package com.joyoi.management.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVersionTest {
  @ParameterizedTest
  @CsvSource({"1.12, 1.41, 1.41", "1.24, 1.44, 1.44", "1.44, 1.52, 1.44"})
  void agree_daemonsFrom20To29_isTheLowerOfTheNewest(String oldest, String newest, String agreed) {
    assertThat(ApiVersion.agree(ApiVersion.parse(oldest), ApiVersion.parse(newest)))
        .hasToString(agreed);
  }

  @Test
  void agree_daemonTooOld_saysWhatIsNeeded() {
    assertThatThrownBy(() -> ApiVersion.agree(new ApiVersion(1, 12), new ApiVersion(1, 40)))
        .hasMessageContaining("20.10 or newer");
  }

  @Test
  void agree_daemonTooNew_saysWhatWeSpeak() {
    assertThatThrownBy(() -> ApiVersion.agree(new ApiVersion(1, 45), new ApiVersion(1, 60)))
        .hasMessageContaining("up to 1.44");
  }

  @Test
  void compare_tenAndNine_isByNumber() {
    assertThat(ApiVersion.parse("1.100")).isGreaterThan(ApiVersion.parse("1.99"));
  }
}
