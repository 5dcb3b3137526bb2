package com.joyoi.management.functional.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the rights of an account are read. */
@LeftOut("it is about these tests themselves")
class GrantsTest {
  private static Set<String> missing(String... lines) {
    return new Grants(List.of(lines)).missing(Set.of("SELECT", "CREATE"), "joyoi_a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "`joyoi_a`", "`joyoi\\_a`", "`joyoi%`", "`j_yoi_a`"})
  void rights_onTheDatabaseOrAPatternOfIt_count(String database) {
    assertThat(missing("GRANT SELECT, CREATE ON " + database + ".* TO `u`@`%`")).isEmpty();
    assertThat(missing("GRANT ALL PRIVILEGES ON " + database + ".* TO `u`@`%`")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"`joyoi`", "`joyoi\\%`", "`joyoi_a_`", "`.*`"})
  void rights_onAnotherDatabase_doNotCount(String database) {
    assertThat(missing("GRANT ALL PRIVILEGES ON " + database + ".* TO `u`@`%`"))
        .containsExactly("CREATE", "SELECT");
  }

  @Test
  void rights_ofSeveralLines_addUp() {
    assertThat(
            missing(
                "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*0'",
                "GRANT SELECT ON `joyoi_a`.* TO `u`@`%`"))
        .containsExactly("CREATE");
  }

  @Test
  void roles_grantedWithoutADatabase_areSeen() {
    assertThat(new Grants(List.of("GRANT `role`@`%` TO `u`@`%`")).hasRoles()).isTrue();
    assertThat(new Grants(List.of("GRANT SELECT ON *.* TO `u`@`%`")).hasRoles()).isFalse();
  }
}
